// 补学：本人补上并写一句心得，支部书记认可或退回
import * as v from 'valibot'
import { amendmentChange, lineChanges, lineKey } from '../attendance'
import { branchCommand } from '../command'
import { accept, refuse } from '../decision'
import { believable } from '../evidence'
import { isOnRegister } from '../expected'
import { gatheringOf, readGathering } from '../gathering'
import { gatheringKeySchema } from '../gathering-key'
import { personIdSchema } from '../ids'
import { reflectionSchema } from '../make-up'
import { isWithinYear, makeUpChanges, missedOf } from '../missed'
import { ownPart, readOwnPart } from '../own-part'
import { reasonSchema } from '../register'
import { memberScope, reviewScope, secretaryScope } from '../scopes'

export const recordMakeUp = branchCommand({
  version: 1,
  args: v.object({ week: gatheringKeySchema, reflection: reflectionSchema }),
  roles: ['member'],
  guard: reviewScope,
  reads: (branchId, { week }, actor) =>
    actor === undefined
      ? []
      : [
          ...readOwnPart(branchId, week, actor),
          { scope: memberScope(actor), type: 'make-up', key: lineKey(week, branchId) },
        ],
  decide(branchId, { week, reflection }, records, { actor, evidence }) {
    const own = ownPart(branchId, week, records, actor)
    if ('code' in own) return refuse(own)
    const { memberId, study, line } = own
    const before = records.get(memberScope(memberId), 'make-up', lineKey(week, branchId))
    if (missedOf(study, line, before) === undefined || !isWithinYear(study, evidence.receivedAt))
      return refuse({ code: 'nothing-to-make-up' })
    if (before?.state === 'accepted') return refuse({ code: 'already-decided' })
    const doneAt = believable(evidence)
    return accept(
      makeUpChanges({
        week,
        branchId,
        memberId,
        reflection,
        state: 'done',
        firstDoneAt: before?.firstDoneAt ?? doneAt,
        doneAt,
        receivedAt: evidence.receivedAt,
        version: (before?.version ?? 0) + 1,
      }),
    )
  },
})

export const decideMakeUp = branchCommand({
  version: 1,
  args: v.pipe(
    v.object({
      week: gatheringKeySchema,
      memberId: personIdSchema,
      isAccepted: v.boolean(),
      /** Why it is returned. */
      reason: v.optional(reasonSchema),
      /** Of the make-up, as the secretary saw it. */
      version: v.number(),
    }),
    v.check(({ isAccepted, reason }) => isAccepted || reason !== undefined),
  ),
  roles: ['secretary'],
  guard: reviewScope,
  reads: (branchId, { week, memberId }) => [
    readGathering(branchId, week),
    { scope: reviewScope(branchId), type: 'register', key: week },
    { scope: reviewScope(branchId), type: 'membership', key: memberId },
    { scope: reviewScope(branchId), type: 'register-line', key: lineKey(week, memberId) },
    { scope: secretaryScope(branchId), type: 'make-up', key: lineKey(week, memberId) },
  ],
  decide(branchId, { week, memberId, isAccepted, reason, version }, records, occasion) {
    const { actor, evidence, commandKey } = occasion
    const found = gatheringOf(records, branchId, week)
    const study = 'refusal' in found ? undefined : found.gathering
    const line = records.get(reviewScope(branchId), 'register-line', lineKey(week, memberId))
    const makeUp = records.get(secretaryScope(branchId), 'make-up', lineKey(week, memberId))
    if (makeUp === undefined) return refuse({ code: 'not-found' })
    if (makeUp.version !== version) return refuse({ code: 'changed-meanwhile' })
    const missed = missedOf(study, line, makeUp)
    const membership = records.get(reviewScope(branchId), 'membership', memberId)
    if (missed === undefined || !isOnRegister(branchId, missed.study, { memberId, membership }, records))
      return refuse({ code: 'nothing-to-make-up' })
    if (makeUp.state === (isAccepted ? 'accepted' : 'returned')) return refuse({ code: 'already-decided' })

    const isInTime = makeUp.firstDoneAt < missed.endsAt
    const madeUp = isAccepted ? (isInTime ? ('in-time' as const) : ('late' as const)) : undefined
    const { reason: _, ...kept } = makeUp
    return accept([
      ...makeUpChanges({
        ...kept,
        state: isAccepted ? 'accepted' : 'returned',
        decidedAt: evidence.receivedAt,
        ...(isAccepted ? {} : { reason }),
        version: version + 1,
      }),
      ...(madeUp === missed.line.madeUp
        ? []
        : lineChanges(missed.study, missed.line, {
            ...missed.line,
            madeUp,
            version: missed.line.version + 1,
          })),
      amendmentChange(branchId, commandKey, {
        week,
        at: evidence.receivedAt,
        by: actor?.personId,
        what: 'make-up',
        memberId,
        // Why one was returned is for the two concerned: the register's history has no such words.
        isAfterClosing: true,
      }),
    ])
  },
})
