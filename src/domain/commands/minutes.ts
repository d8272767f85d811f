// 会议记录：写记录、记表决、归档；归档以后再改要写原因
import * as v from 'valibot'
import { amendmentChange, isBackfill } from '../attendance'
import { branchCommand, type Occasion } from '../command'
import { accept, refuse } from '../decision'
import { believable } from '../evidence'
import { missingOf } from '../filing'
import { type Gathering, gatheringOf, isMeeting, readGathering } from '../gathering'
import { type GatheringKey, gatheringKeySchema, meetingIdSchema } from '../gathering-key'
import type { BranchId } from '../ids'
import { votes } from '../meeting'
import { countSchema, type Minutes, noMinutes, type Vote, writtenSchema } from '../minutes'
import { addsUp, isPassed, quorumOf } from '../quorum'
import type { Change, Read, Records } from '../records'
import { reasonSchema } from '../register'
import { reviewOn } from '../review'
import { branchScope, reviewScope } from '../scopes'

const readMinutes = (branchId: BranchId, key: GatheringKey): Read[] => [
  readGathering(branchId, key),
  { scope: reviewScope(branchId), type: 'minutes', key },
]

/** The register too, on which votes and absences rest. */
const readWhole = (branchId: BranchId, key: GatheringKey): Read[] => [
  ...readMinutes(branchId, key),
  { scope: reviewScope(branchId), type: 'register', key },
  { scope: reviewScope(branchId), type: 'membership', prefix: '' },
  { scope: reviewScope(branchId), type: 'register-line', prefix: `${key}/` },
]

const minutesOf = (records: Records, branchId: BranchId, key: GatheringKey): Minutes =>
  records.get(reviewScope(branchId), 'minutes', key) ?? noMinutes(key)

const isFiled = (gathering: Gathering) => isMeeting(gathering) && gathering.filedAt !== undefined

/** The minutes as they will be, and a trace of it where somebody had to say why. */
function written(
  branchId: BranchId,
  minutes: Minutes,
  at: { readonly gathering: Gathering; readonly reason: string | undefined; readonly occasion: Occasion },
): Change[] {
  const { gathering, reason, occasion } = at
  const change: Change = { scope: reviewScope(branchId), type: 'minutes', key: minutes.of, value: minutes }
  if (reason === undefined) return [change]
  const amendment = amendmentChange(branchId, occasion.commandKey, {
    week: minutes.of,
    at: occasion.evidence.receivedAt,
    by: occasion.actor?.personId,
    what: 'minutes',
    reason,
    isAfterClosing: gathering.state === 'closed',
  })
  return [change, amendment]
}

const keepers = ['secretary', 'committee-member'] as const

export const keepMinutes = branchCommand({
  version: 1,
  args: v.object({
    of: gatheringKeySchema,
    ...writtenSchema.entries,
    reason: v.optional(reasonSchema),
    /** Of the minutes, as their keeper saw them; 0 = there were none. */
    version: v.number(),
  }),
  roles: keepers,
  guard: reviewScope,
  reads: (branchId, { of }) => readMinutes(branchId, of),
  decide(branchId, { of, reason, version, ...said }, records, occasion) {
    const found = gatheringOf(records, branchId, of)
    if ('refusal' in found) return refuse(found.refusal)
    const { gathering } = found
    const before = minutesOf(records, branchId, of)
    if (before.version !== version) return refuse({ code: 'changed-meanwhile' })
    if (isFiled(gathering) && reason === undefined) return refuse({ code: 'reason-needed' })
    const minutes = { ...before, ...said, version: version + 1 }
    return accept(written(branchId, minutes, { gathering, reason, occasion }))
  },
})

export const recordVote = branchCommand({
  version: 1,
  args: v.object({
    of: meetingIdSchema,
    matter: v.pipe(v.string(), v.trim(), v.minLength(1), v.maxLength(120)),
    ...countSchema.entries,
    /** Takes the place of one that was written down wrong. */
    replaces: v.optional(v.string()),
    reason: v.optional(reasonSchema),
    version: v.number(),
  }),
  roles: keepers,
  guard: reviewScope,
  reads: (branchId, { of }) => readWhole(branchId, of),
  decide(branchId, { of, matter, replaces, reason, version, ...count }, records, occasion) {
    const found = gatheringOf(records, branchId, of)
    if ('refusal' in found) return refuse(found.refusal)
    const { gathering } = found
    if (!isMeeting(gathering) || !votes(gathering.kind)) return refuse({ code: 'no-votes-here' })
    if (occasion.evidence.receivedAt < gathering.startsAt) {
      return refuse({ code: 'not-started', startsAt: gathering.startsAt })
    }
    const before = minutesOf(records, branchId, of)
    if (before.version !== version) return refuse({ code: 'changed-meanwhile' })
    const replaced = before.votes.find(({ id }) => id === replaces)
    if (replaces !== undefined && replaced === undefined) return refuse({ code: 'not-found' })
    if ((isFiled(gathering) || replaced !== undefined) && reason === undefined) {
      return refuse({ code: 'reason-needed' })
    }
    const { entitled, present, missing } = quorumOf(records, branchId, reviewOn(records, branchId, gathering))
    if (missing > 0) return refuse({ code: 'no-quorum', missing })
    if (!addsUp(count, present)) return refuse({ code: 'votes-do-not-add-up', present })
    const vote: Vote = {
      id: replaced?.id ?? occasion.commandKey,
      matter,
      ...count,
      entitled,
      present,
      isPassed: isPassed(count, entitled),
      heldAt: replaced?.heldAt ?? believable(occasion.evidence),
    }
    const held = replaced
      ? before.votes.map((each) => (each === replaced ? vote : each))
      : [...before.votes, vote]
    if (held.length > 50) return refuse({ code: 'malformed' })
    const minutes = { ...before, votes: held, version: version + 1 }
    return accept(written(branchId, minutes, { gathering, reason, occasion }))
  },
})

/** 归档: once nothing is missing. More than three days after the meeting it is 补录. */
export const fileMeeting = branchCommand({
  version: 1,
  args: v.object({ id: meetingIdSchema, version: v.number() }),
  roles: ['secretary'],
  guard: reviewScope,
  reads: (branchId, { id }) => readWhole(branchId, id),
  decide(branchId, { id, version }, records, { evidence }) {
    const found = gatheringOf(records, branchId, id)
    if ('refusal' in found) return refuse(found.refusal)
    const { gathering: meeting } = found
    if (!isMeeting(meeting)) return refuse({ code: 'no-such-meeting' })
    if (meeting.version !== version) return refuse({ code: 'changed-meanwhile' })
    if (meeting.filedAt !== undefined) return refuse({ code: 'already-decided' })
    const review = reviewOn(records, branchId, meeting)
    const missing = missingOf(
      meeting,
      minutesOf(records, branchId, id),
      review,
      quorumOf(records, branchId, review),
    )
    if (missing.length > 0) return refuse({ code: 'incomplete' })
    const filedAt = believable(evidence)
    const value = { ...meeting, filedAt, isBackfilled: isBackfill(meeting, filedAt), version: version + 1 }
    return accept([{ scope: branchScope(branchId), type: 'meeting', key: id, value }])
  },
})
