// 时间冲突：同一批人不能同时参加两场
import { weekOf } from './day'
import { type Gathering, isMeeting, keyOf } from './gathering'
import { meetingsOf } from './gathering-key'
import type { BranchId, PersonId } from './ids'
import { isOn } from './meeting'
import type { Read, Records } from './records'
import { branchScope } from './scopes'
import { isHeld } from './weekly-study'

const yearOf = (day: string) => Number(day.slice(0, 4))

/** What {@link inTheWayOf} looks at. */
export const readDay = (branchId: BranchId, day: string): Read[] => [
  { scope: branchScope(branchId), type: 'weekly-study', key: weekOf(day) },
  { scope: branchScope(branchId), type: 'meeting', prefix: meetingsOf(yearOf(day)) },
]

/** What the same people have at the same time, if anything. Two groups may well meet at the same time. */
export function inTheWayOf(
  gathering: Gathering,
  branchId: BranchId,
  records: Records,
): Gathering | undefined {
  const scope = branchScope(branchId)
  const study = records.get(scope, 'weekly-study', weekOf(gathering.heldOn))
  const others: Gathering[] = [
    ...(study !== undefined && isHeld(study) ? [study] : []),
    ...records.list(scope, 'meeting', meetingsOf(yearOf(gathering.heldOn))).filter(isOn),
  ]
  return others.find(
    (other) =>
      keyOf(other) !== keyOf(gathering) &&
      other.startsAt < gathering.endsAt &&
      gathering.startsAt < other.endsAt &&
      haveInCommon(attendsOf(gathering), attendsOf(other)),
  )
}

const attendsOf = (gathering: Gathering) => (isMeeting(gathering) ? gathering.attends : undefined)

const haveInCommon = (some: readonly PersonId[] | undefined, others: readonly PersonId[] | undefined) =>
  some === undefined || others === undefined || some.some((each) => others.includes(each))
