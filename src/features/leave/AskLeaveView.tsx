import { formatDay } from '#domain/day'
import type { Gathering } from '#domain/gathering'
import { type Problem, problemText } from '#domain/refusal'
import type { LeaveKind } from '#domain/register'
import { leaveKindWords } from '#domain/words'
import { Button } from '#ui/Button'
import { Card } from '#ui/Card'
import { Choice } from '#ui/Choice'
import { Empty } from '#ui/Empty'
import { Field, noSecrets } from '#ui/Field'
import { Meta } from '#ui/Meta'
import { Notice } from '#ui/Notice'
import { Recorded } from '#ui/Recorded'

const kinds = (Object.keys(leaveKindWords) as LeaveKind[]).map((value) => ({
  value,
  label: leaveKindWords[value],
})) // a record's own keys

export type AskLeaveScreen =
  | { readonly state: 'no-study' }
  | {
      readonly state: 'asking'
      readonly study: Gathering
      readonly kind: LeaveKind | undefined
      readonly note: string
      readonly problem: Problem | undefined
      readonly onKind: (kind: LeaveKind) => void
      readonly onNote: (note: string) => void
      readonly onAsk: () => void
    }
  | {
      readonly state: 'asked'
      readonly study: Gathering
      readonly kind: LeaveKind
      readonly decision: 'asked' | 'accepted' | 'declined'
      readonly decisionReason: string | undefined
      readonly isWaiting: boolean
      readonly onWithdraw: (() => void) | undefined
    }

export function AskLeaveView({ screen }: { screen: AskLeaveScreen }) {
  switch (screen.state) {
    case 'no-study':
      return <Empty title="没有找到这次活动" detail="请返回首页，联网刷新后再试" />
    case 'asking':
      return (
        <Card eyebrow={formatDay(screen.study.heldOn)} title={screen.study.topic}>
          <Meta text="请假类别" />
          <Choice label="请假类别" options={kinds} value={screen.kind} onChange={screen.onKind} />
          <Field
            label="说明（可不填）"
            value={screen.note}
            onInput={screen.onNote}
            multiline
            maxLength={200}
            hint={`只有您本人和支部书记能看到。${noSecrets}`}
          />
          {screen.problem !== undefined && <Notice tone="red" text={problemText(screen.problem)} />}
          <Button label="提出请假" kind="main" disabled={screen.kind === undefined} onPress={screen.onAsk} />
        </Card>
      )
    case 'asked':
      return (
        <Card eyebrow={formatDay(screen.study.heldOn)} title={screen.study.topic}>
          <Recorded
            tone={screen.decision === 'accepted' ? 'ok' : 'wait'}
            title={{ asked: '已提出请假', accepted: '已准假', declined: '请假未获批准' }[screen.decision]}
            detail={
              screen.isWaiting
                ? '已记录在本机，联网后自动送达'
                : (screen.decisionReason ?? (screen.decision === 'asked' ? '等待支部书记决定' : undefined))
            }
          />
          <Meta text={`类别：${leaveKindWords[screen.kind]}`} />
          {screen.onWithdraw !== undefined && (
            <Button label="撤回请假" kind="quiet" onPress={screen.onWithdraw} />
          )}
        </Card>
      )
  }
}
