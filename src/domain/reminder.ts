// 学习前提醒：只提醒本人；应到而还没有登记、没有准假的才提醒；不依赖它做任何事
import { type Gathering, isFor, isMeeting } from './gathering'
import type { Meeting } from './meeting'
import { isExpectedOn, type Membership } from './membership'
import type { Leave, RegisterLine } from './register'
import type { WeeklyStudy } from './weekly-study'
import { meetingKindWords } from './words'

/** So many agreements of one person are kept at most: almost a year of Mondays. */
export const mostReminders = 50

/** What a gathering is called where others may read along: its kind, and nothing that somebody typed. A
 *  topic can name a person. */
export const gatheringName = (gathering: WeeklyStudy | Meeting): string =>
  'kind' in gathering ? meetingKindWords[gathering.kind] : '周汇朝学'

/** Whether somebody may be reminded of a gathering: they are expected there, and nothing is recorded of them
 *  yet. Of a meeting the branch was told. */
export function isToRemind(
  gathering: Gathering,
  membership: Membership,
  { line, leave }: { readonly line: RegisterLine | undefined; readonly leave: Leave | undefined },
): boolean {
  if (gathering.state !== 'open') return false
  if (isMeeting(gathering) && gathering.notifiedAt === undefined) return false
  if (!isFor(gathering, membership.personId) || !isExpectedOn(membership, gathering.heldOn)) return false
  return (line === undefined || line.standing === 'unrecorded') && leave?.state !== 'accepted'
}
