// 代为登记：没有带手机的、需要更正的，由支部书记或委员登记，每次更改留痕
import * as v from 'valibot'
import {
  amendmentChange,
  isBackfill,
  leaveChanges,
  lineChanges,
  lineKey,
  sourceOfEntry,
  standingOf,
} from '../attendance'
import { branchCommand, type Occasion } from '../command'
import { accept, refuse } from '../decision'
import { believable } from '../evidence'
import { expectedAt, isOnRegister } from '../expected'
import { type Gathering, gatheringOf, keyOf, readGathering } from '../gathering'
import { gatheringKeySchema } from '../gathering-key'
import { type BranchId, type PersonId, personIdSchema } from '../ids'
import type { Change } from '../records'
import { leaveKindSchema, type RegisterLine, reasonSchema } from '../register'
import { leaveScope, reviewScope } from '../scopes'
import type { Standing } from '../tally'

interface Entry {
  readonly study: Gathering
  readonly memberId: PersonId
  readonly standing: Standing
  readonly reason?: string
}

function entered(
  branchId: BranchId,
  { study, memberId, standing, reason }: Entry,
  before: RegisterLine | undefined,
  { actor, evidence, commandKey }: Occasion,
): Change[] {
  const line: RegisterLine = {
    week: keyOf(study),
    branchId,
    memberId,
    standing,
    via: 'keeper',
    source: sourceOfEntry(study, believable(evidence)),
    earliest: before?.earliest,
    claimedAt: before?.claimedAt,
    receivedAt: evidence.receivedAt,
    isLateSync: false,
    isBackfilled: isBackfill(study, believable(evidence)),
    isAmended: study.state === 'closed',
    version: (before?.version ?? 0) + 1,
  }
  return [
    ...lineChanges(study, before, line),
    amendmentChange(branchId, commandKey, {
      week: keyOf(study),
      at: evidence.receivedAt,
      by: actor?.personId,
      what: 'line',
      memberId,
      before: standingOf(before, study),
      after: standing,
      reason,
      isAfterClosing: study.state === 'closed',
    }),
  ]
}

export const recordAttendance = branchCommand({
  version: 1,
  args: v.object({
    week: gatheringKeySchema,
    memberId: personIdSchema,
    standing: v.picklist(['on-time', 'late', 'excused', 'absent', 'unrecorded']),
    /** With `excused`: told to the secretary by word of mouth. */
    leaveKind: v.optional(leaveKindSchema),
    reason: v.optional(reasonSchema),
    /** Of the line, as its keeper saw it; 0 = there was none. */
    version: v.number(),
  }),
  roles: ['secretary', 'committee-member'],
  guard: reviewScope,
  reads: (branchId, { week, memberId }) => [
    readGathering(branchId, week),
    { scope: reviewScope(branchId), type: 'register', key: week },
    { scope: reviewScope(branchId), type: 'membership', key: memberId },
    { scope: reviewScope(branchId), type: 'register-line', key: lineKey(week, memberId) },
    { scope: leaveScope(branchId), type: 'leave', key: lineKey(week, memberId) },
  ],
  decide(branchId, { week, memberId, standing, leaveKind, reason, version }, records, occasion) {
    const { actor, evidence } = occasion
    const found = gatheringOf(records, branchId, week)
    if ('refusal' in found) return refuse(found.refusal)
    const study = found.gathering
    const membership = records.get(reviewScope(branchId), 'membership', memberId)
    if (!isOnRegister(branchId, study, { memberId, membership }, records))
      return refuse({ code: 'not-on-roster' })
    if (evidence.receivedAt < study.opensAt) return refuse({ code: 'not-open-yet', opensAt: study.opensAt })

    const before = records.get(reviewScope(branchId), 'register-line', lineKey(week, memberId))
    if ((before?.version ?? 0) !== version) return refuse({ code: 'changed-meanwhile' })
    const isSecretary =
      actor?.appointments.some((each) => each.role === 'secretary' && each.branchId === branchId) ?? false
    if (before?.standing === 'held' && !isSecretary) return refuse({ code: 'secretary-decides' })
    if (study.state === 'closed' && standing === 'unrecorded') return refuse({ code: 'already-closed' })
    if (reason === undefined && needsReason(study, before, standing)) return refuse({ code: 'reason-needed' })

    const changes = entered(branchId, { study, memberId, standing, reason }, before, occasion)
    const leave = records.get(leaveScope(branchId), 'leave', lineKey(week, memberId))
    if (standing === 'excused' && leaveKind !== undefined) {
      const told = { week, branchId, memberId, kind: leaveKind, note: '', state: 'accepted' as const }
      const askedAt = believable(evidence)
      const version = (leave?.version ?? 0) + 1
      changes.push(...leaveChanges({ ...told, askedAt, receivedAt: evidence.receivedAt, version }))
    } else if (
      leave !== undefined &&
      (leave.state === 'asked' || leave.state === 'accepted') &&
      standing !== 'excused'
    ) {
      changes.push(...leaveChanges({ ...leave, state: 'moot', version: leave.version + 1 }))
    }
    return accept(changes)
  },
})

/** Filling an empty line, or mending one's own tap while the register is open, needs no words.
 *  Changing what a member said, turning down a claim, or touching a closed register does. */
function needsReason(study: Gathering, before: RegisterLine | undefined, standing: Standing): boolean {
  if (study.state === 'closed') return before?.standing !== 'held' || standing === 'absent'
  if (before === undefined || before.standing === 'unrecorded' || before.via === 'keeper') return false
  return !(before.standing === 'held' && (standing === 'on-time' || standing === 'late'))
}

/** 其余全部到会: those whom the keeper saw unrecorded. Whoever was recorded meanwhile stays so. */
export const recordRest = branchCommand({
  version: 1,
  args: v.object({
    week: gatheringKeySchema,
    memberIds: v.pipe(v.array(personIdSchema), v.minLength(1), v.maxLength(500)),
  }),
  roles: ['secretary', 'committee-member'],
  guard: reviewScope,
  reads: (branchId, { week }) => [
    readGathering(branchId, week),
    { scope: reviewScope(branchId), type: 'register', key: week },
    { scope: reviewScope(branchId), type: 'membership', prefix: '' },
    { scope: reviewScope(branchId), type: 'register-line', prefix: `${week}/` },
    { scope: leaveScope(branchId), type: 'leave', prefix: `${week}/` },
  ],
  decide(branchId, { week, memberIds }, records, occasion) {
    const found = gatheringOf(records, branchId, week)
    if ('refusal' in found) return refuse(found.refusal)
    const study = found.gathering
    if (study.state === 'closed') return refuse({ code: 'already-closed' })
    if (occasion.evidence.receivedAt < study.startsAt) {
      return refuse({ code: 'not-started', startsAt: study.startsAt })
    }
    const expected = new Set(expectedAt(branchId, study, records))
    return accept(
      [...new Set(memberIds)]
        .filter((memberId) => expected.has(memberId))
        .flatMap((memberId) => {
          const before = records.get(reviewScope(branchId), 'register-line', lineKey(week, memberId))
          if (before !== undefined && before.standing !== 'unrecorded') return []
          // A leave that was asked is the secretary's to decide; a committee member's phone has none.
          const leave = records.get(leaveScope(branchId), 'leave', lineKey(week, memberId))
          if (leave?.state === 'asked') return []
          return entered(branchId, { study, memberId, standing: 'on-time' }, before, occasion)
        }),
    )
  },
})
