import { clockOf, formatDay } from '#domain/day'
import type { PastWeek } from '#domain/history'
import type { Meeting } from '#domain/meeting'
import type { Review } from '#domain/review'
import { meetingKindWords, standingTone, standingWords } from '#domain/words'
import type { Connection } from '#sync/sync-loop'
import { Button } from '#ui/Button'
import { Card } from '#ui/Card'
import { Figures } from '#ui/Figures'
import { Notice } from '#ui/Notice'
import { Row } from '#ui/Row'

/** How the phone stands with the server, in a line; nothing when all is well. */
export function ConnectionNotice({
  connection,
  isDemo,
  onSignIn,
}: {
  connection: Connection
  isDemo: boolean
  onSignIn: () => void
}) {
  return (
    <>
      {isDemo && <Notice tone="neutral" text="这是演示，人员和记录都是虚构的；本周的学习随时开放签到" />}
      {connection === 'offline' && <Notice tone="wait" text="当前没有网络，您可以照常使用" />}
      {connection === 'signed-out' && (
        <Notice
          tone="red"
          text="登录已失效，手机上的记录都在。请重新登录后送达"
          action={{ label: '重新登录', onPress: onSignIn }}
        />
      )}
      {connection === 'storage-trouble' && (
        <Notice tone="red" text="手机存储出错，新内容暂时收不到。请清理空间后再打开" />
      )}
    </>
  )
}

/** What waits or was refused, when there is any. */
export function TrayNotice({
  waiting,
  refused,
  onOpen,
}: {
  waiting: number
  refused: number
  onOpen: () => void
}) {
  if (refused === 0 && waiting === 0) return null
  const action = { label: '查看', onPress: onOpen }
  return refused > 0 ? (
    <Notice tone="red" text={`有 ${refused} 条记录没有被接受`} action={action} />
  ) : (
    <Notice tone="wait" text={`未送达 ${waiting} 条，联网后自动送达`} action={action} />
  )
}

/** For who needs large type and would not look among the settings for it. */
export function LargeTypeCard({ onPress }: { onPress: () => void }) {
  return (
    <Card>
      <Row title="大字模式" detail="文字和按钮放大，可在「我的」里关闭" onPress={onPress} />
    </Card>
  )
}

/** The text they agreed to has changed. */
export function ConsentNotice({ onOpen }: { onOpen: () => void }) {
  return (
    <Notice
      tone="wait"
      text="隐私保护说明有更新，请您看过后重新同意"
      action={{ label: '查看', onPress: onOpen }}
    />
  )
}

/** A study that they missed: an offer, and nothing they must do. */
export function MakeUpNotice({ count, onOpen }: { count: number; onOpen: () => void }) {
  if (count === 0) return null
  return (
    <Notice
      tone="neutral"
      text={`有 ${count} 次错过的学习可以补学`}
      action={{ label: '查看', onPress: onOpen }}
    />
  )
}

export function RecentWeeks({ weeks, onOpen }: { weeks: readonly PastWeek[]; onOpen: () => void }) {
  if (weeks.length === 0) return null
  return (
    <Card eyebrow="我的最近几周">
      {weeks.map(({ study, standing }) => (
        <Row
          key={study.week}
          title={formatDay(study.heldOn)}
          chip={{ tone: standingTone[standing], label: standingWords[standing] }}
          onPress={onOpen}
        />
      ))}
    </Card>
  )
}

/** What the branch was told of, and the way to all that it holds. */
export function MeetingsCard({
  meetings,
  onOpen,
  onCalendar,
}: {
  meetings: readonly Meeting[]
  onOpen: (id: string) => void
  onCalendar: () => void
}) {
  return (
    <Card {...(meetings.length === 0 ? {} : { eyebrow: '近期会议' })}>
      {meetings.map(({ id, kind, topic, heldOn, startsAt, place }) => (
        <Row
          key={id}
          title={`${formatDay(heldOn)} ${clockOf(startsAt)} ${meetingKindWords[kind]}`}
          detail={[topic, place].filter(Boolean).join(' · ')}
          onPress={() => onOpen(id)}
        />
      ))}
      <Row title="支部日程" onPress={onCalendar} />
    </Card>
  )
}

/** The way to this week's register, for its keepers. */
export function KeeperCard({
  branchName,
  review,
  leavesAhead,
  correctionsAsked,
  makeUpsWaiting,
  onMakeUps,
  care,
  onOpen,
  onAhead,
  onCorrections,
  onWeeks,
  onSchedule,
  onCalendar,
  onPeople,
}: {
  branchName: string | undefined
  review: Review | undefined
  /** Asked for the study after this week's, still to be decided. */
  leavesAhead: number
  /** Still to be answered; only the secretary's phone has any. */
  correctionsAsked: number
  /** Done and to be decided. */
  makeUpsWaiting: number
  /** Only the secretary's. */
  onMakeUps: (() => void) | undefined
  /** Whom to ask after: only the secretary's, and only when there is somebody. */
  care: { readonly people: number; readonly onOpen: () => void } | undefined
  onAhead: () => void
  onCorrections: () => void
  onOpen: () => void
  onWeeks: () => void
  onSchedule: () => void
  /** Of a branch they keep and do not belong to. */
  onCalendar: (() => void) | undefined
  /** Only the secretary's. */
  onPeople: (() => void) | undefined
}) {
  const missing = review === undefined ? 0 : review.tally.unrecorded + review.tally.absent
  return (
    <Card eyebrow={branchName === undefined ? '登记簿' : `登记簿 · ${branchName}`}>
      {review !== undefined && (
        <>
          <Figures
            items={[
              { label: '应到', value: review.tally.expected },
              { label: '到会', value: review.tally['on-time'] + review.tally.late },
              { label: '请假', value: review.tally.excused },
              { label: review.study.state === 'closed' ? '缺席' : '未登记', value: missing },
              { label: '待定', value: review.tally.held },
            ]}
          />
          <Button label="打开本周登记簿" kind="quiet" onPress={onOpen} />
        </>
      )}
      {leavesAhead > 0 && <Row title={`下一次学习有 ${leavesAhead} 条请假待批`} onPress={onAhead} />}
      {correctionsAsked > 0 && (
        <Row title={`有 ${correctionsAsked} 条更正申请待处理`} onPress={onCorrections} />
      )}
      {onMakeUps !== undefined && (
        <Row
          title={makeUpsWaiting === 0 ? '补学' : `有 ${makeUpsWaiting} 次补学待认可`}
          onPress={onMakeUps}
        />
      )}
      {care !== undefined && <Row title={`${care.people} 位同志可能需要关心`} onPress={care.onOpen} />}
      <Row title="各周登记簿" onPress={onWeeks} />
      <Row title="学习日程" onPress={onSchedule} />
      {onCalendar !== undefined && <Row title="支部日程" onPress={onCalendar} />}
      {onPeople !== undefined && <Row title="成员与邀请" onPress={onPeople} />}
    </Card>
  )
}

export function OverviewCard({
  openTickets,
  onOpen,
  setUp,
}: {
  /** 投诉建议 not answered yet; only the admin's phone has any. */
  openTickets: number
  onOpen: () => void
  /** Only the admin's: an inspector looks and changes nothing. */
  setUp: { onKeepers: () => void; onRoster: () => void } | undefined
}) {
  return (
    <Card eyebrow="机关党委">
      <Row
        title="各支部情况"
        detail={openTickets === 0 ? '按支部和周次，只读' : `${openTickets} 件投诉建议待处理`}
        onPress={onOpen}
      />
      {setUp !== undefined && (
        <>
          <Row title="支部与书记" onPress={setUp.onKeepers} />
          <Row title="花名册导入" onPress={setUp.onRoster} />
        </>
      )}
    </Card>
  )
}
