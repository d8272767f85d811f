import { clockOf, formatDay, weekNumber } from '#domain/day'
import { type Problem, problemText } from '#domain/refusal'
import type { RegisterLine } from '#domain/register'
import type { HeldStudy, WeeklyStudy } from '#domain/weekly-study'
import { standingWords } from '#domain/words'
import { Actions } from '#ui/Actions'
import { Button } from '#ui/Button'
import { Card } from '#ui/Card'
import { Chip } from '#ui/Chip'
import { Loading } from '#ui/Loading'
import { Meta } from '#ui/Meta'
import { Notice } from '#ui/Notice'
import { Recorded } from '#ui/Recorded'
import { Slot } from '#ui/Slot'
import { CodeSheet, type CodeSheetProps } from './CodeSheet'

/** This week's study and one's own part in it. */
export type CheckInScreen =
  | { readonly state: 'loading' }
  | { readonly state: 'no-study' }
  | { readonly state: 'not-held'; readonly study: Exclude<WeeklyStudy, HeldStudy> }
  | {
      readonly state: 'held'
      readonly study: HeldStudy
      readonly phase: 'upcoming' | 'checking-in' | 'ended'
      readonly isExpected: boolean
      readonly line: RegisterLine | undefined
      readonly leave: 'asked' | 'accepted' | 'declined' | undefined
      /** Leave is asked before the study begins. */
      readonly canAskLeave: boolean
      /** Recorded here, not yet answered by the server. */
      readonly isWaiting: boolean
      readonly waitingSince: number | undefined
      readonly problem: Problem | undefined
      readonly sheet: CodeSheetProps | undefined
      readonly onCheckIn: () => void
      readonly onTypeCode: () => void
      readonly onAskLeave: () => void
      /** The phone's clock may be wrong: the server decides. */
      readonly onCheckInAnyway: () => void
    }

export function CheckInCard({ screen }: { screen: CheckInScreen }) {
  switch (screen.state) {
    case 'loading':
      return <Loading label="正在取本周的学习…" />
    case 'no-study':
      return <Card title="本周没有学习安排">{<Meta text="下一次学习排定后会显示在这里" />}</Card>
    case 'not-held':
      return (
        <Card eyebrow={`第 ${weekNumber(screen.study.week)} 周`} title="本周停学">
          <Meta
            text={
              screen.study.state === 'not-held'
                ? screen.study.reason
                : '放假安排还没有公布，等上级党组织确认后再定日期'
            }
          />
        </Card>
      )
    case 'held':
      return <HeldCard {...screen} />
  }
}

function HeldCard(screen: Extract<CheckInScreen, { state: 'held' }>) {
  const { study, problem } = screen
  const lead = study.studyLead ? `领学 ${study.studyLead.name} · ` : ''
  const place = study.place === '' ? '' : ` · ${study.place}`
  return (
    <Card
      eyebrow={`第 ${weekNumber(study.week)} 周 · ${formatDay(study.heldOn)}`}
      aside={study.moved === undefined ? undefined : <Chip tone="wait" label={study.moved} />}
      title={study.topic === '' ? '本周主题待定' : study.topic}
    >
      <Meta text={`${lead}${clockOf(study.startsAt)}–${clockOf(study.endsAt)}${place}`} />
      <Slot>
        <OwnPart {...screen} />
      </Slot>
      <Slot>{problem !== undefined && <Notice tone="red" text={problemText(problem)} />}</Slot>
      <Slot>{screen.sheet !== undefined && <CodeSheet {...screen.sheet} />}</Slot>
    </Card>
  )
}

function OwnPart(screen: Extract<CheckInScreen, { state: 'held' }>) {
  const { study, phase, line, leave, isWaiting, waitingSince, isExpected } = screen
  if (isWaiting && (line === undefined || line.via === 'own')) {
    return (
      <Recorded
        tone="ok"
        title="已记录在本机"
        detail={`${clockOf(waitingSince ?? study.startsAt)} 签到 · 联网后自动送达`}
      />
    )
  }
  if (line !== undefined && line.standing !== 'unrecorded') return <Standing line={line} />
  if (!isExpected) return <Meta text="本次不在应到名单中，无需签到" />
  if (leave === 'accepted') return <Recorded tone="ok" title="已准假" />

  const times = `签到 ${clockOf(study.opensAt)} 开始，${clockOf(study.onTimeUntil)} 前为准时`
  return (
    <>
      {leave === 'asked' && <Recorded tone="wait" title="已提出请假" detail="等待支部书记决定" />}
      {leave === 'declined' && <Notice tone="wait" text="请假未获批准，理由见「记录」" />}
      {phase === 'checking-in' && (
        <>
          <Button label="签到" kind="main" onPress={screen.onCheckIn} />
          <Button label="输入现场码" kind="plain" onPress={screen.onTypeCode} />
        </>
      )}
      {phase === 'upcoming' && <Meta text={times} />}
      {phase === 'ended' && <Meta text="本次签到已截止。如您到会了，请告诉支部书记补记" />}
      {screen.canAskLeave && leave === undefined && (
        <Actions>
          <Button label="请假" kind="quiet" onPress={screen.onAskLeave} />
        </Actions>
      )}
      {phase !== 'checking-in' && (
        <Button label="手机时间不准？仍然签到" kind="plain" onPress={screen.onCheckInAnyway} />
      )}
    </>
  )
}

function Standing({ line }: { line: RegisterLine }) {
  const at = line.claimedAt ?? line.receivedAt
  switch (line.standing) {
    case 'on-time':
    case 'late':
      return (
        <Recorded
          tone="ok"
          title={line.standing === 'on-time' ? '已到会' : '已到会（迟到）'}
          detail={
            line.via === 'own' ? `${clockOf(at)} 签到${line.isLateSync ? ' · 晚同步' : ''}` : '由支部登记'
          }
        />
      )
    case 'held':
      return <Recorded tone="wait" title="已送达，待支部书记决定" detail={`${clockOf(at)} 签到`} />
    case 'excused':
      return <Recorded tone="ok" title="已准假" />
    default:
      return (
        <Recorded tone="wait" title={standingWords[line.standing]} detail="如与实际不符，请告诉支部书记" />
      )
  }
}
