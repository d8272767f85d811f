// 有登记簿的活动：周汇朝学和会议，用同一本登记簿、同一套规则
import { type GatheringKey, isMeetingId } from './gathering-key'
import type { BranchId, PersonId } from './ids'
import { type HeldMeeting, isOn, type Meeting } from './meeting'
import type { Change, Read, Records } from './records'
import type { Refusal } from './refusal'
import { branchScope } from './scopes'
import { type HeldStudy, isHeld } from './weekly-study'

/** What has a register: each rule of attendance holds for both. */
export type Gathering = HeldStudy | HeldMeeting

export const isMeeting = (gathering: Gathering): gathering is HeldMeeting => 'kind' in gathering

export const keyOf = (gathering: Gathering): GatheringKey =>
  isMeeting(gathering) ? gathering.id : gathering.week

/** Whether this is for somebody of the branch: a committee or group meeting is not for everybody. */
export const isFor = (gathering: Gathering | Meeting, person: PersonId): boolean =>
  'week' in gathering || gathering.attends === undefined || gathering.attends.includes(person)

export const readGathering = (branchId: BranchId, key: GatheringKey): Read => ({
  scope: branchScope(branchId),
  type: isMeetingId(key) ? 'meeting' : 'weekly-study',
  key,
})

/** The gathering with a register, or why there is none. */
export function gatheringOf(
  records: Records,
  branchId: BranchId,
  key: GatheringKey,
): { readonly gathering: Gathering } | { readonly refusal: Refusal } {
  const scope = branchScope(branchId)
  if (isMeetingId(key)) {
    const meeting = records.get(scope, 'meeting', key)
    if (meeting === undefined) return { refusal: { code: 'no-such-meeting' } }
    return isOn(meeting) ? { gathering: meeting } : { refusal: { code: 'meeting-cancelled' } }
  }
  const study = records.get(scope, 'weekly-study', key)
  if (study === undefined) return { refusal: { code: 'no-such-study' } }
  return isHeld(study) ? { gathering: study } : { refusal: { code: 'not-held' } }
}

export const gatheringChange = (branchId: BranchId, gathering: Gathering): Change => {
  const scope = branchScope(branchId)
  return isMeeting(gathering)
    ? { scope, type: 'meeting', key: gathering.id, value: gathering }
    : { scope, type: 'weekly-study', key: gathering.week, value: gathering }
}
