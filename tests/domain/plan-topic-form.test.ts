import { emptyTopicForm, type PlanTopicForm, topicFormFrom, topicFrom } from '#domain/plan-topic-form'
import { topic } from '../support/study-plan'

const form: PlanTopicForm = {
  title: ' 科学家精神 ',
  from: '3月10日',
  until: '2025-03-23',
  material: ' 第一章 ',
  prompts: '我的体会\n\n 我的打算 ',
}

test('what somebody typed becomes a topic, and the topic the same words again', () => {
  const made = topicFrom(form, 't1', 2025)
  const is = topic('t1', '2025-03-10', 14, {
    title: '科学家精神',
    material: '第一章',
    prompts: ['我的体会', '我的打算'],
  })
  expect(made).toEqual({ topic: is })
  expect(topicFrom(topicFormFrom(is), 't1', 2025)).toEqual({ topic: is })
})

test.each<{ change: Partial<PlanTopicForm>; wrong: keyof PlanTopicForm }>([
  { change: { title: ' ' }, wrong: 'title' },
  { change: { from: '三月' }, wrong: 'from' },
  { change: { until: '' }, wrong: 'until' },
  { change: { until: '3月9日' }, wrong: 'until' },
  { change: { until: '2026-01-02' }, wrong: 'until' },
  { change: { prompts: '一\n二\n三\n四\n五\n六' }, wrong: 'prompts' },
  { change: { prompts: '长'.repeat(121) }, wrong: 'prompts' },
])('$change: the words say what is wrong with $wrong', ({ change, wrong }) => {
  const made = topicFrom({ ...form, ...change }, 't1', 2025)
  expect('problems' in made && Object.keys(made.problems)).toEqual([wrong])
})

test('an empty form tells all that is missing, and a topic without material has none', () => {
  const made = topicFrom(emptyTopicForm, 't1', 2025)
  expect('problems' in made && Object.keys(made.problems)).toEqual(['title', 'from', 'until'])
  expect(topicFrom({ ...form, material: '' }, 't1', 2025)).not.toHaveProperty('topic.material')
})
