import { checkInWindow } from '#domain/check-in-window'
import { clockOf } from '#domain/day'
import { type Gathering, isMeeting } from '#domain/gathering'
import { type Problem, problemText } from '#domain/refusal'
import type { RegisterLine } from '#domain/register'
import { standingWords } from '#domain/words'
import { Actions } from '#ui/Actions'
import { Button } from '#ui/Button'
import { Meta } from '#ui/Meta'
import { Notice } from '#ui/Notice'
import { Recorded } from '#ui/Recorded'
import { Slot } from '#ui/Slot'
import { CodeSheet, type CodeSheetProps } from './CodeSheet'

/** One's own part in a study or a meeting. */
export interface OwnPartScreen {
  readonly gathering: Gathering
  readonly phase: 'upcoming' | 'checking-in' | 'ended'
  readonly isExpected: boolean
  readonly line: RegisterLine | undefined
  readonly leave: 'asked' | 'accepted' | 'declined' | undefined
  /** Leave is asked before it begins. */
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

export const OwnPart = (screen: OwnPartScreen) => (
  <>
    <Slot>
      <Part {...screen} />
    </Slot>
    <Slot>{screen.problem !== undefined && <Notice tone="red" text={problemText(screen.problem)} />}</Slot>
    <Slot>{screen.sheet !== undefined && <CodeSheet {...screen.sheet} />}</Slot>
  </>
)

function Part(screen: OwnPartScreen) {
  const { gathering, phase, line, leave, isWaiting, waitingSince, isExpected } = screen
  if (isWaiting && (line === undefined || line.via === 'own')) {
    return (
      <Recorded
        tone="ok"
        title="已记录在本机"
        detail={`${clockOf(waitingSince ?? gathering.startsAt)} 签到 · 联网后自动送达`}
      />
    )
  }
  if (line !== undefined && line.standing !== 'unrecorded') return <Standing line={line} />
  if (!isExpected) return <Meta text="本次不在应到名单中，无需签到" />
  if (leave === 'accepted') return <Recorded tone="ok" title="已准假" />

  const { opensAt, onTimeUntil } = checkInWindow(gathering)
  return (
    <>
      {leave === 'asked' && <Recorded tone="wait" title="已提出请假" detail="等待支部书记决定" />}
      {leave === 'declined' && <Notice tone="wait" text="请假未获批准，理由见「记录」" />}
      {phase === 'checking-in' && (
        <>
          <Button label="签到" kind="main" onPress={screen.onCheckIn} />
          {!isMeeting(gathering) && <Button label="输入现场码" kind="plain" onPress={screen.onTypeCode} />}
        </>
      )}
      {phase === 'upcoming' && (
        <Meta text={`签到 ${clockOf(opensAt)} 开始，${clockOf(onTimeUntil)} 前为准时`} />
      )}
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
