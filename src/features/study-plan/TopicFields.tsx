import type { PlanTopicForm, PlanTopicProblems } from '#domain/plan-topic-form'
import { Field, noSecrets } from '#ui/Field'

/** What a topic is made of, for whoever plans it above or in a branch. */
export function TopicFields({
  form,
  problems,
  onChange,
}: {
  form: PlanTopicForm
  problems: PlanTopicProblems
  onChange: (changed: Partial<PlanTopicForm>) => void
}) {
  const field = (name: keyof PlanTopicForm) => ({
    value: form[name],
    onInput: (value: string) => onChange({ [name]: value }),
    ...(problems[name] === undefined ? {} : { error: problems[name] }),
  })
  return (
    <>
      <Field label="专题名称" maxLength={80} hint={noSecrets} {...field('title')} />
      <Field label="从哪一天起" maxLength={20} {...field('from')} />
      <Field label="到哪一天止" maxLength={20} {...field('until')} />
      <Field
        label="学习材料（可不填）"
        multiline
        maxLength={300}
        hint={`读什么、在哪里找，例如书名和页码。${noSecrets}`}
        {...field('material')}
      />
      <Field
        label="交流题目（可不填）"
        multiline
        maxLength={600}
        hint={`一行一题，最多 5 题。${noSecrets}`}
        {...field('prompts')}
      />
    </>
  )
}
