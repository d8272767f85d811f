import { clockOf, formatDay, weekNumber } from '#domain/day'
import { isMeeting } from '#domain/gathering'
import type { PersonId } from '#domain/ids'
import { type Problem, problemText } from '#domain/refusal'
import type { Review, ReviewedMember } from '#domain/review'
import { ratesOf, type Standing, standings, type Tally } from '#domain/tally'
import { heldBecauseWords, madeUpWords, meetingKindWords, standingTone, standingWords } from '#domain/words'
import { Actions } from '#ui/Actions'
import { Button } from '#ui/Button'
import { Card } from '#ui/Card'
import { Choice } from '#ui/Choice'
import { Columns } from '#ui/Columns'
import { Empty } from '#ui/Empty'
import { Figures } from '#ui/Figures'
import { Loading } from '#ui/Loading'
import { Notice } from '#ui/Notice'
import { Rates } from '#ui/Rates'
import { Row } from '#ui/Row'
import { Segments } from '#ui/Segments'
import { ReasonSheet, type ReasonSheetProps } from './ReasonSheet'
import { type Recordable, recordable } from './recordable'

export type RegisterFilter = 'unrecorded' | 'open' | 'excused' | 'all'

export type RegisterScreen =
  | { readonly state: 'loading' }
  | { readonly state: 'none' }
  | {
      readonly state: 'ready'
      readonly review: Review
      readonly filter: RegisterFilter
      readonly isSecretary: boolean
      readonly hasStarted: boolean
      readonly problem: Problem | undefined
      readonly sheet: ReasonSheetProps | undefined
      readonly onFilter: (filter: RegisterFilter) => void
      readonly onRecord: (member: ReviewedMember, standing: Recordable) => void
      readonly onOpen: (memberId: PersonId) => void
      readonly onRest: () => void
      readonly onClose: () => void
      readonly onReopen: () => void
      /** These only of a weekly study. */
      readonly onPlan: (() => void) | undefined
      readonly onChain: (() => void) | undefined
      readonly onCode: (() => void) | undefined
      readonly onMinutes: (() => void) | undefined
    }

export function RegisterView({ screen }: { screen: RegisterScreen }) {
  switch (screen.state) {
    case 'loading':
      return <Loading label="正在取登记簿…" />
    case 'none':
      return <Empty title="没有这本登记簿" detail="本周停学，学习还没有安排，或会议已经取消" />
    case 'ready':
      return <ReadyRegister {...screen} />
  }
}

/** The worksheet: the sum line always adds up, what is open comes first. */
function ReadyRegister(screen: Extract<RegisterScreen, { state: 'ready' }>) {
  const { review, filter, problem } = screen
  const { members, tally, study } = review
  const waiting = members.filter(isOpen)
  const shown = members.filter((member) => isShown(member, filter))
  const lists = (
    <>
      <Segments
        label="登记情况"
        value={filter}
        onChange={screen.onFilter}
        options={optionsFor(review, waiting.length)}
      />
      <Card>
        {shown.length === 0 && <Empty title={emptyWords[filter]} />}
        {shown.map((member) => (
          <MemberRow key={member.memberId} member={member} screen={screen} />
        ))}
      </Card>
    </>
  )
  return (
    <>
      {study.state === 'closed' && (
        <Notice tone="neutral" text={`登记已于 ${clockOf(study.closedAt)} 关闭，之后的更改会注明`} />
      )}
      {study.state === 'open' && study.isReopened && (
        <Notice tone="wait" text="登记已重新打开，改好后请再次关闭" />
      )}
      {problem !== undefined && <Notice tone="red" text={problemText(problem)} />}
      <Columns first={<TallyCard tally={tally} />} second={lists} />
      {study.state === 'open' && (
        <>
          {screen.onCode !== undefined && <Button label="出示现场码" kind="quiet" onPress={screen.onCode} />}
          {screen.onChain !== undefined && (
            <Button label="用群接龙登记" kind="quiet" onPress={screen.onChain} />
          )}
          {screen.onPlan !== undefined && (
            <Button label="安排主题、领学人和地点" kind="quiet" onPress={screen.onPlan} />
          )}
        </>
      )}
      {screen.onMinutes !== undefined && (
        <Button label="写学习记录" kind="quiet" onPress={screen.onMinutes} />
      )}
      {screen.sheet !== undefined && <ReasonSheet {...screen.sheet} />}
    </>
  )
}

export function TallyCard({ tally }: { tally: Tally }) {
  const rates = ratesOf(tally)
  // Both are shown while they can be: an open register has unrecorded, a closed one absent.
  const shown = standings.filter(
    (standing) => standing !== 'absent' || tally.absent > 0 || tally.unrecorded === 0,
  )
  return (
    <Card>
      <Figures
        items={[
          { label: '应到', value: tally.expected },
          ...shown
            .filter((standing) => standing !== 'unrecorded' || tally.unrecorded > 0 || tally.absent === 0)
            .map((standing: Standing) => ({ label: standingWords[standing], value: tally[standing] })),
        ]}
      />
      <Rates
        items={[
          { label: '到会率', ...rates.attendanceRate },
          { label: '参学率', ...rates.participationRate },
          { label: '无故缺席', ...rates.unexplainedAbsenceRate },
        ]}
      />
    </Card>
  )
}

/** What the secretary has to decide. */
export const isOpen = (member: ReviewedMember) =>
  member.standing === 'held' || (member.leave?.state === 'asked' && member.standing === 'unrecorded')

function isShown(member: ReviewedMember, filter: RegisterFilter): boolean {
  if (filter === 'all') return true
  if (filter === 'open') return isOpen(member)
  if (filter === 'excused') return member.standing === 'excused'
  return member.standing === 'unrecorded' || member.standing === 'absent'
}

const emptyWords: Record<RegisterFilter, string> = {
  unrecorded: '都已登记',
  open: '没有待决定的',
  excused: '没有请假',
  all: '没有应到的同志',
}

function optionsFor({ tally }: Review, waiting: number) {
  const open = tally.unrecorded > 0 ? `未登记 ${tally.unrecorded}` : ''
  const away = tally.absent > 0 || open === '' ? `缺席 ${tally.absent}` : ''
  return [
    { value: 'unrecorded' as const, label: [open, away].filter(Boolean).join(' · ') },
    { value: 'open' as const, label: `待决定 ${waiting}` },
    { value: 'excused' as const, label: `请假 ${tally.excused}` },
    { value: 'all' as const, label: `全部 ${tally.expected}` },
  ]
}

function MemberRow({
  member,
  screen,
}: {
  member: ReviewedMember
  screen: Extract<RegisterScreen, { state: 'ready' }>
}) {
  const isEmpty = member.line === undefined || member.standing === 'unrecorded'
  if (isEmpty && screen.review.study.state === 'open' && !isOpen(member)) {
    return (
      <Row
        title={member.name}
        aside={
          <Choice
            label={member.name}
            options={recordable}
            onChange={(standing) => screen.onRecord(member, standing)}
          />
        }
      />
    )
  }
  const leaveAsked = member.leave?.state === 'asked' && member.standing === 'unrecorded'
  return (
    <Row
      title={member.name}
      detail={detailOf(member)}
      chip={
        leaveAsked
          ? { tone: 'wait', label: '请假待批' }
          : { tone: standingTone[member.standing], label: standingWords[member.standing] }
      }
      onPress={() => screen.onOpen(member.memberId)}
    />
  )
}

function detailOf({ line }: ReviewedMember): string | undefined {
  if (line === undefined) return undefined
  const parts: string[] = []
  if (line.heldBecause !== undefined) parts.push(heldBecauseWords[line.heldBecause])
  else if (line.via === 'own' && line.claimedAt !== undefined) parts.push(`${clockOf(line.claimedAt)} 签到`)
  if (line.madeUp !== undefined) parts.push(madeUpWords[line.madeUp])
  if (line.isLateSync && line.heldBecause === undefined) parts.push('晚同步')
  if (line.isBackfilled) parts.push('补录')
  if (line.isAmended) parts.push('关闭后更改')
  return parts.length === 0 ? undefined : parts.join(' · ')
}

/** Ends the job at the bottom of the screen. */
export function RegisterDock({ screen }: { screen: RegisterScreen }) {
  if (screen.state !== 'ready') return null
  const { study, tally } = screen.review
  if (study.state === 'closed') {
    return screen.isSecretary ? <Button label="重新打开登记" kind="quiet" onPress={screen.onReopen} /> : null
  }
  return (
    <Actions>
      {screen.isSecretary && (
        <Button label="关闭登记" kind="quiet" disabled={!screen.hasStarted} onPress={screen.onClose} />
      )}
      <Button
        label="其余全部到会"
        kind="main"
        disabled={tally.unrecorded === 0 || !screen.hasStarted}
        onPress={screen.onRest}
      />
    </Actions>
  )
}

export const registerNote = ({ study }: Review) => {
  const what = isMeeting(study) ? meetingKindWords[study.kind] : `第 ${weekNumber(study.week)} 周`
  const day = `${what} · ${formatDay(study.heldOn)}`
  if (study.state === 'closed') return `${day} · 已关闭`
  return isMeeting(study) ? day : `${day} · ${clockOf(study.registerClosesAt)} 自动关闭`
}
