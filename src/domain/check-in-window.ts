// 签到时段：本人在什么时候可以签到，到什么时候算准时
import { addDays, instantOf } from './day'
import { type Gathering, isMeeting } from './gathering'

/** When members record themselves. All are instants (ms, UTC). */
export interface CheckInWindow {
  readonly opensAt: number
  /** The last instant that is not late. */
  readonly onTimeUntil: number
  /** The window's end, or earlier where the register was closed before. */
  readonly endsAt: number
  /** Until then a check-in made without signal is still taken. */
  readonly graceEndsAt: number
}

/** A meeting has no settings of its own: a quarter of an hour before it begins, ten minutes' patience, as the
 *  weekly study has by default, and the day for what is under way. */
const before = 15 * 60_000
const patience = 10 * 60_000

export function checkInWindow(gathering: Gathering): CheckInWindow {
  const { opensAt, onTimeUntil, endsAt, graceEndsAt } = isMeeting(gathering)
    ? {
        opensAt: gathering.startsAt - before,
        onTimeUntil: Math.min(gathering.startsAt + patience, gathering.endsAt),
        endsAt: gathering.endsAt,
        graceEndsAt: instantOf(addDays(gathering.heldOn, 1), '00:00'),
      }
    : { ...gathering, endsAt: gathering.closesAt }
  return {
    opensAt,
    onTimeUntil,
    endsAt: gathering.state === 'closed' ? Math.min(endsAt, gathering.closedAt) : endsAt,
    graceEndsAt,
  }
}

/** Where it stands at an instant, for words on a screen. */
export function phaseOf(gathering: Gathering, now: number): 'upcoming' | 'checking-in' | 'ended' {
  const { opensAt, endsAt } = checkInWindow(gathering)
  if (now < opensAt) return 'upcoming'
  return now <= endsAt ? 'checking-in' : 'ended'
}
