// 专题的表单：标题、起止日期、学习材料和交流题目，怎么写都行，读不懂就说哪里
import type { PlanTopic } from './study-plan'
import { dayFrom, wantedDay } from './typed'

/** A topic as somebody types it. */
export interface PlanTopicForm {
  readonly title: string
  readonly from: string
  readonly until: string
  readonly material: string
  /** One a line. */
  readonly prompts: string
}
export type PlanTopicProblems = Readonly<Partial<Record<keyof PlanTopicForm, string>>>

export const emptyTopicForm: PlanTopicForm = { title: '', from: '', until: '', material: '', prompts: '' }

export const topicFormFrom = ({ title, from, until, material, prompts }: PlanTopic): PlanTopicForm => ({
  ...{ title, from, until },
  material: material ?? '',
  prompts: prompts.join('\n'),
})

/** The topic these words make, or what is wrong with which. */
export function topicFrom(
  form: PlanTopicForm,
  id: string,
  year: number,
): { readonly topic: PlanTopic } | { readonly problems: PlanTopicProblems } {
  const problems: Partial<Record<keyof PlanTopicForm, string>> = {}
  const title = form.title.trim()
  if (title === '') problems.title = '请填写专题名称'
  const day = (name: 'from' | 'until') => {
    const read = dayFrom(form[name], year)
    if (read === undefined) problems[name] = wantedDay
    else if (!read.startsWith(String(year))) problems[name] = `请填写 ${year} 年以内的日期`
    return read ?? ''
  }
  const from = day('from')
  const until = day('until')
  if (!problems.from && !problems.until && until < from) problems.until = '结束的日期早于开始的日期'
  const prompts = form.prompts
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '')
  if (prompts.length > 5) problems.prompts = '最多 5 题，请合并'
  else if (prompts.some((line) => line.length > 120)) problems.prompts = '每题最多 120 个字，请分成几行'
  if (Object.keys(problems).length > 0) return { problems }
  const material = form.material.trim()
  return { topic: { id, title, ...(material !== '' && { material }), prompts, from, until } }
}
