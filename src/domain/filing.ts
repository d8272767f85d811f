// 归档：缺什么说什么，补全后归档
import * as v from 'valibot'
import type { HeldMeeting, Meeting } from './meeting'
import type { Minutes } from './minutes'
import { addsUp, type Quorum } from './quorum'
import type { Review } from './review'

/** What a record of a meeting must have before it can be filed. */
export const missingSchema = v.picklist([
  'topic',
  'place',
  'host',
  'recorder',
  'agenda',
  'register',
  'content',
  'absence-reasons',
  'votes',
])
export type Missing = v.InferOutput<typeof missingSchema>

export function missingOf(meeting: HeldMeeting, minutes: Minutes, review: Review, quorum: Quorum): Missing[] {
  const explained = new Set(minutes.absences.map(({ memberId }) => memberId))
  const isUnexplained = review.members.some(
    ({ standing, memberId }) => standing === 'absent' && !explained.has(memberId),
  )
  // A vote stands on the register and the roster: whoever comes or goes afterwards may turn it.
  const isDoubtful = minutes.votes.some(
    (vote) => quorum.missing > 0 || !addsUp(vote, quorum.present) || vote.entitled !== quorum.entitled,
  )
  const missing: Record<Missing, boolean> = {
    topic: meeting.topic === '',
    place: meeting.place === '',
    host: meeting.host === '',
    recorder: meeting.recorder === '',
    agenda: meeting.agenda.length === 0,
    register: meeting.state !== 'closed',
    content: minutes.content === '',
    'absence-reasons': isUnexplained,
    votes: isDoubtful,
  }
  return missingSchema.options.filter((each) => missing[each])
}

/** 计划 → 已通知 → 已召开（待补全 / 待归档）→ 已归档；或取消 */
export type Stage = 'planned' | 'notified' | 'incomplete' | 'held' | 'filed' | 'cancelled'

export function stageOf(meeting: Meeting, missing: readonly Missing[], now: number): Stage {
  if (meeting.state === 'cancelled') return 'cancelled'
  if (meeting.filedAt !== undefined) return 'filed'
  if (meeting.state === 'closed' || now >= meeting.endsAt) return missing.length > 0 ? 'incomplete' : 'held'
  return meeting.notifiedAt === undefined ? 'planned' : 'notified'
}
