import { clockOf, formatDay, weekNumber } from '#domain/day'
import type { Stage } from '#domain/filing'
import { isOn, type Meeting, type MeetingKind } from '#domain/meeting'
import { type LedgerPeriod, periodName } from '#domain/period'
import type { QuotaCell } from '#domain/quota'
import { type Problem, problemText } from '#domain/refusal'
import type { HeldStudy } from '#domain/weekly-study'
import { meetingKindWords, notApplicableWords, quotaWords, stageWords } from '#domain/words'
import { Actions } from '#ui/Actions'
import { Button } from '#ui/Button'
import { Card } from '#ui/Card'
import type { ChipProps } from '#ui/Chip'
import { Empty } from '#ui/Empty'
import { Meta } from '#ui/Meta'
import { Notice } from '#ui/Notice'
import { Row } from '#ui/Row'
import { Segments } from '#ui/Segments'

/** A line of the calendar. */
export interface Entry {
  readonly gathering: HeldStudy | Meeting
  /** Of a meeting. */
  readonly stage: Stage | undefined
  readonly onOpen: (() => void) | undefined
}

/** 联合会议 in which the branch was asked to take part, and does not yet. */
export interface JointAsked {
  readonly id: string
  readonly words: string
  readonly onJoin: () => void
}

export type CalendarScreen = {
  readonly state: 'month' | 'year'
  readonly period: LedgerPeriod
  readonly entries: readonly Entry[]
  /** The year's by kind; only its keepers answer for them. */
  readonly quotas: readonly { readonly kind: MeetingKind; readonly cells: readonly QuotaCell[] }[]
  /** The kind whose meetings are shown. */
  readonly opened: MeetingKind | undefined
  readonly joint: readonly JointAsked[]
  readonly problem: Problem | undefined
  readonly onSpan: ((span: 'month' | 'year') => void) | undefined
  readonly onEarlier: () => void
  readonly onLater: () => void
  readonly onKind: (kind: MeetingKind) => void
  readonly onMeeting: (id: string) => void
  /** Only the keepers'. */
  readonly onPlan: (() => void) | undefined
}

/** 支部日程: what the branch holds, by month; and for its keepers what a year asks of it. */
export function CalendarView({ screen }: { screen: CalendarScreen }) {
  return (
    <>
      {screen.problem !== undefined && <Notice tone="red" text={problemText(screen.problem)} />}
      {screen.joint.map(({ id, words, onJoin }) => (
        <Notice key={id} tone="wait" text={words} action={{ label: '参加', onPress: onJoin }} />
      ))}
      {screen.onSpan !== undefined && (
        <Segments
          label="支部日程"
          options={[
            { value: 'month', label: '按月' },
            { value: 'year', label: '全年应开次数' },
          ]}
          value={screen.state}
          onChange={screen.onSpan}
        />
      )}
      {screen.state === 'month' ? <Month {...screen} /> : <Year {...screen} />}
      <Actions>
        <Button
          label={screen.state === 'month' ? '上个月' : '上一年'}
          kind="quiet"
          onPress={screen.onEarlier}
        />
        <Button
          label={screen.state === 'month' ? '下个月' : '下一年'}
          kind="quiet"
          onPress={screen.onLater}
        />
      </Actions>
      {screen.onPlan !== undefined && <Button label="安排会议" kind="main" onPress={screen.onPlan} />}
    </>
  )
}

type Ready = Exclude<CalendarScreen, { state: 'loading' }>

const Month = ({ period, entries }: Ready) => (
  <Card eyebrow={periodName(period)}>
    {entries.length === 0 && <Empty title="这个月还没有安排" />}
    {entries.map(({ gathering, stage, onOpen }) => {
      const title = `${formatDay(gathering.heldOn)} ${nameOf(gathering)}`
      const detail = [clockOf(gathering.startsAt), gathering.topic, gathering.place]
        .filter(Boolean)
        .join(' · ')
      const chip = stage === undefined ? undefined : chipOf(stage)
      return (
        <Row
          key={'week' in gathering ? gathering.week : gathering.id}
          title={title}
          detail={detail}
          {...(chip === undefined ? {} : { chip })}
          {...(onOpen === undefined ? {} : { onPress: onOpen })}
        />
      )
    })}
  </Card>
)

const nameOf = (gathering: HeldStudy | Meeting) =>
  'week' in gathering
    ? `第 ${weekNumber(gathering.week)} 周学习`
    : [meetingKindWords[gathering.kind], gathering.group].filter(Boolean).join(' · ')

export const chipOf = (stage: Stage): ChipProps => ({
  tone: stage === 'filed' ? 'ok' : stage === 'incomplete' || stage === 'held' ? 'wait' : 'neutral',
  label: stageWords[stage],
})

const Year = ({ period, quotas, opened, onKind, onMeeting }: Ready) => (
  <>
    <Card eyebrow={`${periodName(period)} · 应开次数`}>
      {quotas.map(({ kind, cells }) => (
        <Row
          key={kind}
          title={meetingKindWords[kind]}
          detail={quotaLine(cells)}
          onPress={() => onKind(kind)}
        />
      ))}
    </Card>
    {quotas
      .filter(({ kind }) => kind === opened)
      .map(({ kind, cells }) => (
        <Card key={kind} eyebrow={`${meetingKindWords[kind]} · 各期情况`}>
          {cells.map((cell) => (
            <Cell key={periodName(cell.period)} cell={cell} onMeeting={onMeeting} />
          ))}
        </Card>
      ))}
    <Meta text="登记簿关闭的才算召开。只给支部看，用来提醒安排，不作评比。" />
  </>
)

function Cell({ cell, onMeeting }: { cell: QuotaCell; onMeeting: (id: string) => void }) {
  return (
    <>
      <Row
        title={periodName(cell.period)}
        detail={
          cell.state.is === 'not-applicable'
            ? notApplicableWords[cell.state.why]
            : [
                `召开 ${cell.held.length} 次，应开 ${cell.times} 次`,
                cell.lacking.length > 0 && `还没有开：${cell.lacking.join('、')}`,
              ]
                .filter(Boolean)
                .join(' · ')
        }
        chip={{
          tone: cell.state.is === 'met' ? 'ok' : cell.state.is === 'missing' ? 'wait' : 'neutral',
          label: quotaWords[cell.state.is],
        }}
      />
      {cell.held.filter(isOn).map((meeting) => (
        <Row
          key={meeting.id}
          title={`${formatDay(meeting.heldOn)} ${meeting.topic}`}
          onPress={() => onMeeting(meeting.id)}
        />
      ))}
    </>
  )
}

/** 「已完成 9 · 缺 1（3月）· 未到期 2」; where it is never asked for, why. */
function quotaLine(cells: readonly QuotaCell[]): string {
  const now = cells[cells.length - 1]
  if (now === undefined) return ''
  const { state } = now
  if (state.is === 'not-applicable' && cells.every((each) => each.state.is === 'not-applicable')) {
    return `不适用：${notApplicableWords[state.why]}`
  }
  const missing = cells.filter((each) => each.state.is === 'missing')
  const count = (is: 'met' | 'not-yet-due') => cells.filter((each) => each.state.is === is).length
  return [
    `已完成 ${count('met')}`,
    missing.length > 0 &&
      `缺 ${missing.length}（${missing.map(({ period }) => shortName(period)).join('、')}）`,
    count('not-yet-due') > 0 && `未到期 ${count('not-yet-due')}`,
  ]
    .filter(Boolean)
    .join(' · ')
}

const shortName = ({ month, quarter }: LedgerPeriod) =>
  month !== undefined ? `${month}月` : quarter !== undefined ? `第${quarter}季度` : '全年'
