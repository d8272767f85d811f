import type { PlanTopicForm, PlanTopicProblems } from '#domain/plan-topic-form'
import { type Problem, problemText } from '#domain/refusal'
import type { PlanPhase, PlanTopic } from '#domain/study-plan'
import { Actions } from '#ui/Actions'
import { Button } from '#ui/Button'
import { Card } from '#ui/Card'
import { Empty } from '#ui/Empty'
import { Field, noSecrets } from '#ui/Field'
import { Meta } from '#ui/Meta'
import { Notice } from '#ui/Notice'
import { Row } from '#ui/Row'
import { Sheet } from '#ui/Sheet'
import { spanText } from './plan-words'
import { TopicFields } from './TopicFields'

export type DraftScreen =
  | {
      readonly state: 'topic'
      readonly phaseName: string
      readonly isNew: boolean
      readonly form: PlanTopicForm
      readonly problems: PlanTopicProblems
      readonly problem: Problem | undefined
      readonly onChange: (changed: Partial<PlanTopicForm>) => void
      readonly onSave: () => void
      readonly onRemove: (() => void) | undefined
      readonly onBack: () => void
    }
  | {
      readonly state: 'ready'
      readonly year: number
      readonly title: string
      readonly phases: readonly PlanPhase[]
      readonly phaseName: string
      /** Nobody has it yet; every branch has it; every branch has an earlier one. */
      readonly standing: 'draft' | 'handed-down' | 'changed'
      readonly isDone: boolean
      readonly problem: Problem | undefined
      readonly confirming: { readonly onConfirm: () => void; readonly onCancel: () => void } | undefined
      readonly onTitle: (title: string) => void
      readonly onSaveTitle: (() => void) | undefined
      readonly onPhaseName: (name: string) => void
      readonly onAddPhase: (() => void) | undefined
      readonly onRemovePhase: (id: string) => void
      readonly onAddTopic: (phaseId: string) => void
      readonly onTopic: (phaseId: string, topic: PlanTopic) => void
      readonly onHandDown: (() => void) | undefined
      readonly onEarlier: () => void
      readonly onLater: () => void
    }

const standingText = {
  draft: '草稿，还没有下发，各支部看不到',
  'handed-down': '已下发，各支部按这一份学习',
  changed: '有改动还没有下发，各支部看到的是上一次下发的',
}

/** 编制学习计划: phases and topics of a year, kept as a draft until they are handed down. */
export const DraftView = ({ screen }: { screen: DraftScreen }) =>
  screen.state === 'topic' ? <Topic {...screen} /> : <Plan {...screen} />

function Topic(screen: Extract<DraftScreen, { state: 'topic' }>) {
  return (
    <Card eyebrow={screen.phaseName} title={screen.isNew ? '增加专题' : '修改专题'}>
      <TopicFields form={screen.form} problems={screen.problems} onChange={screen.onChange} />
      {screen.problem !== undefined && <Notice tone="red" text={problemText(screen.problem)} />}
      <Actions>
        <Button label="返回" onPress={screen.onBack} />
        <Button label="保存" kind="main" onPress={screen.onSave} />
      </Actions>
      {screen.onRemove !== undefined && (
        <Button label="删除这个专题" kind="quiet" onPress={screen.onRemove} />
      )}
    </Card>
  )
}

function Plan(screen: Extract<DraftScreen, { state: 'ready' }>) {
  const { year, phases } = screen
  return (
    <>
      {screen.problem !== undefined && <Notice tone="red" text={problemText(screen.problem)} />}
      {screen.isDone && <Notice tone="ok" text="已下发，各支部联网后约十秒收到" />}
      <Card eyebrow={`${year} 年学习计划`}>
        <Meta text={standingText[screen.standing]} />
        <Field
          label="计划名称"
          value={screen.title}
          onInput={screen.onTitle}
          maxLength={60}
          hint={noSecrets}
        />
        {screen.onSaveTitle !== undefined && <Button label="保存名称" onPress={screen.onSaveTitle} />}
      </Card>
      {phases.length === 0 && (
        <Empty title="还没有阶段" detail="先在下面增加阶段，例如「第一阶段」，再增加各阶段的专题" />
      )}
      {phases.map((phase) => (
        <Card key={phase.id} eyebrow={phase.name}>
          {phase.topics.map((topic) => (
            <Row
              key={topic.id}
              title={topic.title}
              detail={spanText(topic)}
              onPress={() => screen.onTopic(phase.id, topic)}
            />
          ))}
          <Button
            label={`在「${phase.name}」增加专题`}
            kind="quiet"
            onPress={() => screen.onAddTopic(phase.id)}
          />
          {phase.topics.length === 0 && (
            <Button
              label={`删除「${phase.name}」`}
              kind="quiet"
              onPress={() => screen.onRemovePhase(phase.id)}
            />
          )}
        </Card>
      ))}
      <Card eyebrow="增加阶段">
        <Field label="阶段名称" value={screen.phaseName} onInput={screen.onPhaseName} maxLength={30} />
        <Button
          label="增加阶段"
          disabled={screen.onAddPhase === undefined}
          onPress={screen.onAddPhase ?? ignore}
        />
      </Card>
      <Button
        label="下发到各支部"
        kind="main"
        disabled={screen.onHandDown === undefined}
        onPress={screen.onHandDown ?? ignore}
      />
      <Actions>
        <Button label="上一年" kind="quiet" onPress={screen.onEarlier} />
        <Button label="下一年" kind="quiet" onPress={screen.onLater} />
      </Actions>
      {screen.confirming !== undefined && (
        <Sheet
          title={`下发 ${year} 年学习计划？`}
          onCancel={screen.confirming.onCancel}
          actions={<Button label="下发" kind="main" onPress={screen.confirming.onConfirm} />}
        >
          <Meta text="各支部还没有开始的周汇朝学按计划的日期换成计划里的专题。支部自己定了主题的、您单独下发过主题的那几周不变；支部调整过和增加的专题都保留。" />
        </Sheet>
      )}
    </>
  )
}

const ignore = () => undefined
