import { formatDay, weekNumber } from '#domain/day'
import type { Gathering } from '#domain/gathering'
import type { TopicState } from '#domain/plan-progress'
import type { PlanTopicForm, PlanTopicProblems } from '#domain/plan-topic-form'
import { type Problem, problemText } from '#domain/refusal'
import type { BranchTopic, PlanTopic } from '#domain/study-plan'
import { meetingKindWords, originWords } from '#domain/words'
import { Actions } from '#ui/Actions'
import { Button } from '#ui/Button'
import { Card } from '#ui/Card'
import { Chip } from '#ui/Chip'
import { Empty } from '#ui/Empty'
import { Meta } from '#ui/Meta'
import { Notice } from '#ui/Notice'
import { Row } from '#ui/Row'
import { chipOf, spanText } from './plan-words'
import { TopicFields } from './TopicFields'

export type TopicScreen =
  | { readonly state: 'none' }
  | {
      readonly state: 'form'
      readonly isNew: boolean
      readonly phaseName: string
      readonly form: PlanTopicForm
      readonly problems: PlanTopicProblems
      readonly problem: Problem | undefined
      readonly onChange: (changed: Partial<PlanTopicForm>) => void
      readonly onSave: () => void
      readonly onBack: () => void
    }
  | {
      readonly state: 'ready'
      readonly phaseName: string
      readonly topic: BranchTopic
      /** Undefined where no branch is asked for. */
      readonly progress: TopicState | undefined
      readonly gatherings: readonly Gathering[]
      readonly problem: Problem | undefined
      /** The keepers'. */
      readonly onAdapt: (() => void) | undefined
      /** What the branch added or adapted is taken back. */
      readonly onWithdraw: (() => void) | undefined
    }

/** 专题: what it is about, what was held about it, and how the branch goes its own way with it. */
export function TopicView({ screen }: { screen: TopicScreen }) {
  switch (screen.state) {
    case 'none':
      return <Empty title="没有这个专题" detail="可能已经被取消，请返回学习计划查看" />
    case 'form':
      return <Form {...screen} />
    case 'ready':
      return <Ready {...screen} />
  }
}

function Form(screen: Extract<TopicScreen, { state: 'form' }>) {
  return (
    <Card eyebrow={screen.phaseName} title={screen.isNew ? '增加专题' : '调整专题'}>
      <TopicFields form={screen.form} problems={screen.problems} onChange={screen.onChange} />
      {screen.problem !== undefined && <Notice tone="red" text={problemText(screen.problem)} />}
      <Actions>
        <Button label="返回" onPress={screen.onBack} />
        <Button label="保存" kind="main" onPress={screen.onSave} />
      </Actions>
    </Card>
  )
}

function Ready(screen: Extract<TopicScreen, { state: 'ready' }>) {
  const { topic, gatherings, progress } = screen
  return (
    <>
      {screen.problem !== undefined && <Notice tone="red" text={problemText(screen.problem)} />}
      <Card
        eyebrow={`${screen.phaseName} · ${spanText(topic)}`}
        title={topic.title}
        {...(progress === undefined ? {} : { aside: <Chip {...chipOf(progress)} /> })}
      >
        <Meta text={originWords[topic.origin]} />
        {topic.above !== undefined && <Meta text={`上级下发的是：${differenceOf(topic.above, topic)}`} />}
      </Card>
      {topic.material !== undefined && topic.material !== '' && (
        <Card eyebrow="学习材料">
          <Meta text={topic.material} />
        </Card>
      )}
      {topic.prompts.length > 0 && (
        <Card eyebrow="交流题目">
          {topic.prompts.map((prompt) => (
            <Row key={prompt} title={prompt} />
          ))}
        </Card>
      )}
      {progress !== undefined && (
        <Card eyebrow="学习和会议">
          {gatherings.length === 0 && (
            <Empty
              title="还没有安排"
              detail="到了日期，周汇朝学自动学这个专题；集中学习、党课、主题党日安排时可以选它"
            />
          )}
          {gatherings.map((gathering) => (
            <Row
              key={'week' in gathering ? gathering.week : gathering.id}
              title={`${formatDay(gathering.heldOn)} ${nameOf(gathering)}`}
              chip={chipOf(gathering.state === 'closed' ? 'held' : 'planned')}
            />
          ))}
        </Card>
      )}
      {screen.onAdapt !== undefined && <Button label="调整" onPress={screen.onAdapt} />}
      {screen.onWithdraw !== undefined && (
        <Button
          label={topic.origin === 'own' ? '取消这个专题' : '恢复上级下发的'}
          kind="quiet"
          onPress={screen.onWithdraw}
        />
      )}
    </>
  )
}

const nameOf = (gathering: Gathering) =>
  'week' in gathering ? `第 ${weekNumber(gathering.week)} 周学习` : meetingKindWords[gathering.kind]

/** What of the topic above is not as the branch has it. */
function differenceOf(above: PlanTopic, now: PlanTopic): string {
  const lines = [
    above.title !== now.title && above.title,
    spanText(above) !== spanText(now) && spanText(above),
    (above.material ?? '') !== (now.material ?? '') && `材料 ${above.material ?? '无'}`,
    above.prompts.join() !== now.prompts.join() && `题目 ${above.prompts.join('；') || '无'}`,
  ].filter((line) => line !== false)
  return lines.length === 0 ? '现在与支部的一样' : lines.join(' · ')
}
