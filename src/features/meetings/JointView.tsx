import { formatDay } from '#domain/day'
import type { BranchId } from '#domain/ids'
import { isForEverybody, type JointMeeting } from '#domain/meeting'
import type { MeetingForm, MeetingProblems } from '#domain/meeting-form'
import { type Problem, problemText } from '#domain/refusal'
import { meetingKindWords } from '#domain/words'
import { Button } from '#ui/Button'
import { Card } from '#ui/Card'
import { Choice } from '#ui/Choice'
import { Empty } from '#ui/Empty'
import { Meta } from '#ui/Meta'
import { Notice } from '#ui/Notice'
import { Row } from '#ui/Row'
import { Sheet } from '#ui/Sheet'
import { Switch } from '#ui/Switch'
import { kindOptions, toggled, WhenAndWhat } from './MeetingFormView'

export type JointScreen =
  | {
      readonly state: 'list'
      readonly meetings: readonly JointMeeting[]
      /** Asked once more: every branch is told. */
      readonly cancelling: JointMeeting | undefined
      readonly problem: Problem | undefined
      readonly onPlan: () => void
      readonly onCancel: (meeting: JointMeeting | undefined) => void
      readonly onConfirm: () => void
    }
  | {
      readonly state: 'form'
      readonly form: MeetingForm
      readonly problems: MeetingProblems
      readonly branches: readonly { readonly id: BranchId; readonly name: string }[]
      readonly chosen: readonly BranchId[]
      readonly branchesError: string | undefined
      readonly problem: Problem | undefined
      readonly onChange: (changed: Partial<MeetingForm>) => void
      readonly onChosen: (chosen: readonly BranchId[]) => void
      readonly onSave: () => void
      readonly onBack: () => void
    }

const kinds = kindOptions.filter(({ value }) => isForEverybody(value))

/** 联合会议: planned once for several branches; each keeps its own register. */
export function JointView({ screen }: { screen: JointScreen }) {
  switch (screen.state) {
    case 'list':
      return <JointList {...screen} />
    case 'form':
      return <JointForm {...screen} />
  }
}

function JointList(screen: Extract<JointScreen, { state: 'list' }>) {
  const { meetings, cancelling, problem, onCancel } = screen
  return (
    <>
      {problem !== undefined && <Notice tone="red" text={problemText(problem)} />}
      <Card eyebrow="联合会议">
        {meetings.length === 0 && <Empty title="还没有联合会议" />}
        {meetings.map((meeting) => (
          <Row
            key={meeting.id}
            title={nameOf(meeting)}
            detail={meeting.branches.map(({ name }) => name).join('、')}
            {...(meeting.isCancelled
              ? { chip: { tone: 'neutral' as const, label: '已取消' } }
              : { onPress: () => onCancel(meeting) })}
          />
        ))}
      </Card>
      <Meta text="各支部书记在支部日程里确认参加，各记各的登记簿；在机关党委只算一次，在各支部各算一次。" />
      <Button label="安排联合会议" kind="main" onPress={screen.onPlan} />
      {cancelling !== undefined && (
        <Sheet
          title="取消这次联合会议？"
          cancelLabel="不取消"
          onCancel={() => onCancel(undefined)}
          actions={<Button label="取消会议" kind="main" onPress={screen.onConfirm} />}
        >
          <Meta text={`${nameOf(cancelling)}。已经确认参加的支部，由支部书记在自己的日程里取消。`} />
        </Sheet>
      )}
    </>
  )
}

const nameOf = ({ heldOn, kind, topic }: JointMeeting) =>
  `${formatDay(heldOn)} ${meetingKindWords[kind]}：${topic}`

function JointForm(screen: Extract<JointScreen, { state: 'form' }>) {
  const { form, problems, chosen, branches, branchesError, problem } = screen
  return (
    <>
      <Card eyebrow="类别">
        <Choice
          wrap
          label="会议类别"
          options={kinds}
          value={form.kind}
          onChange={(kind) => screen.onChange({ kind })}
        />
      </Card>
      <WhenAndWhat form={form} problems={problems} onChange={screen.onChange} isJoint />
      <Card eyebrow={`参加的支部 · 已选 ${chosen.length} 个`}>
        {branchesError !== undefined && <Notice tone="red" text={branchesError} />}
        {branches.map(({ id, name }) => (
          <Switch
            key={id}
            label={name}
            checked={chosen.includes(id)}
            onChange={(isOn) => screen.onChosen(toggled(chosen, id, isOn))}
          />
        ))}
      </Card>
      {problem !== undefined && <Notice tone="red" text={problemText(problem)} />}
      <Button label="保存" kind="main" onPress={screen.onSave} />
      <Button label="不安排了" kind="quiet" onPress={screen.onBack} />
    </>
  )
}
