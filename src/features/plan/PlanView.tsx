import { formatDay } from '#domain/day'
import { type Problem, problemText } from '#domain/refusal'
import type { PlanTopic } from '#domain/study-plan'
import type { OpenStudy } from '#domain/weekly-study'
import { Button } from '#ui/Button'
import { Card } from '#ui/Card'
import { Choice } from '#ui/Choice'
import { Empty } from '#ui/Empty'
import { Field, noSecrets } from '#ui/Field'
import { Meta } from '#ui/Meta'
import { Notice } from '#ui/Notice'
import { Row } from '#ui/Row'

export type PlanScreen =
  | { readonly state: 'none' }
  | {
      readonly state: 'ready'
      readonly study: OpenStudy
      /** Of the year's plan, due on its day. */
      readonly planTopics: readonly Pick<PlanTopic, 'id' | 'title'>[]
      readonly planTopicId: string | undefined
      readonly topic: string
      readonly material: string
      readonly place: string
      readonly leadName: string
      readonly leadError: string | undefined
      /** Several people of this name: one has to be chosen. */
      readonly candidates: readonly { readonly id: string; readonly name: string }[]
      readonly problem: Problem | undefined
      readonly isSaved: boolean
      readonly onPlanTopic: (id: string) => void
      readonly onTopic: (topic: string) => void
      readonly onMaterial: (material: string) => void
      readonly onPlace: (place: string) => void
      readonly onLeadName: (name: string) => void
      readonly onCandidate: (id: string) => void
      readonly onSave: () => void
    }

/** 安排学习: topic, lead and place of one week, until its register closes. */
export function PlanView({ screen }: { screen: PlanScreen }) {
  if (screen.state === 'none') return <Empty title="这一周不能再安排" detail="登记已经关闭，或这一周停学" />
  return (
    <Card eyebrow={formatDay(screen.study.heldOn)}>
      {screen.planTopics.length > 0 && (
        <>
          <Meta text="学习计划里现在的专题，点一下就填好主题" />
          <Choice
            wrap
            label="学习计划的专题"
            options={screen.planTopics.map(({ id, title }) => ({ value: id, label: title }))}
            {...(screen.planTopicId === undefined ? {} : { value: screen.planTopicId })}
            onChange={screen.onPlanTopic}
          />
        </>
      )}
      <Field label="学习主题" value={screen.topic} onInput={screen.onTopic} maxLength={80} hint={noSecrets} />
      <Field
        label="学习材料（可不填）"
        value={screen.material}
        onInput={screen.onMaterial}
        multiline
        maxLength={300}
        hint={`读什么、在哪里找，例如书名和页码；补学的同志也看这里。${noSecrets}`}
      />
      <Field
        label="领学人"
        value={screen.leadName}
        onInput={screen.onLeadName}
        maxLength={20}
        hint="填写本支部同志的姓名，可不填"
        {...(screen.leadError === undefined ? {} : { error: screen.leadError })}
      />
      {screen.candidates.map((person) => (
        <Row
          key={person.id}
          title={person.name}
          detail={`编号 ${person.id}`}
          onPress={() => screen.onCandidate(person.id)}
        />
      ))}
      <Field label="地点" value={screen.place} onInput={screen.onPlace} maxLength={60} hint={noSecrets} />
      {screen.problem !== undefined && <Notice tone="red" text={problemText(screen.problem)} />}
      {screen.isSaved && <Notice tone="ok" text="已保存，本支部同志联网后就能看到" />}
      <Button label="保存" kind="main" onPress={screen.onSave} />
    </Card>
  )
}
