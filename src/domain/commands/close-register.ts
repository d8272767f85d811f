// 关闭登记：当日应到名单定格，未登记的记为缺席，待定的留待支部书记决定
import * as v from 'valibot'
import { amendmentChange, lineChanges, lineKey, readStudy } from '../attendance'
import { branchCommand } from '../command'
import { addDays, dayOf, instantOf, type Week, weekSchema } from '../day'
import { accept, refuse } from '../decision'
import type { BranchId, PersonId } from '../ids'
import { isExpectedOn } from '../membership'
import type { Change, Read, Records } from '../records'
import { type RegisterLine, reasonSchema } from '../register'
import { branchScope, leaveScope, reviewScope } from '../scopes'
import { type Counted, tallyOf } from '../tally'
import { type HeldStudy, isHeld } from '../weekly-study'

/** Who is expected, in the order of their keys: the names kept at closing, else the memberships. */
export function expectedAt(branchId: BranchId, study: HeldStudy, records: Records): PersonId[] {
  const register = records.get(reviewScope(branchId), 'register', study.week)
  if (register?.state === 'closed') return register.expected
  return records
    .list(reviewScope(branchId), 'membership', '')
    .filter((membership) => isExpectedOn(membership, study.heldOn))
    .map((membership) => membership.personId)
}

const readRegister = (branchId: BranchId, week: Week): Read[] => [
  readStudy(branchId, week),
  { scope: reviewScope(branchId), type: 'register', key: week },
  { scope: reviewScope(branchId), type: 'membership', prefix: '' },
  { scope: reviewScope(branchId), type: 'register-line', prefix: `${week}/` },
  { scope: leaveScope(branchId), type: 'leave', prefix: `${week}/` },
]

export const closeRegister = branchCommand({
  version: 1,
  args: v.object({
    week: weekSchema,
    /** Of the study, as the secretary saw it. */
    version: v.number(),
  }),
  roles: ['secretary'],
  guard: reviewScope,
  reads: (branchId, { week }) => readRegister(branchId, week),
  decide(branchId, { week, version }, records, { actor, evidence, commandKey }) {
    const review = reviewScope(branchId)
    const study = records.get(branchScope(branchId), 'weekly-study', week)
    if (study === undefined) return refuse({ code: 'no-such-study' })
    if (!isHeld(study)) return refuse({ code: 'not-held' })
    if (study.state === 'closed') return refuse({ code: 'already-closed' })
    if (study.version !== version) return refuse({ code: 'changed-meanwhile' })
    if (evidence.receivedAt < study.startsAt) return refuse({ code: 'not-started', startsAt: study.startsAt })

    // Closing by itself happened when it was due, even if the server slept.
    const closedAt = actor === undefined ? study.registerClosesAt : evidence.receivedAt
    const expected = expectedAt(branchId, study, records)
    const final: Counted[] = []
    const changes: Change[] = []
    for (const memberId of expected) {
      const line = records.get(review, 'register-line', lineKey(week, memberId))
      if (line !== undefined && line.standing !== 'unrecorded') {
        final.push(line)
        continue
      }
      const isLeaveOpen =
        records.get(leaveScope(branchId), 'leave', lineKey(week, memberId))?.state === 'asked'
      const closing: RegisterLine = {
        week,
        branchId,
        memberId,
        standing: isLeaveOpen ? 'held' : 'absent',
        via: 'closing',
        source: 'on-site',
        receivedAt: closedAt,
        isLateSync: false,
        isBackfilled: false,
        isAmended: false,
        heldBecause: isLeaveOpen ? 'leave-undecided' : undefined,
        version: (line?.version ?? 0) + 1,
      }
      final.push({ ...closing, madeUp: line?.madeUp })
      changes.push(...lineChanges(study, line, closing))
    }
    const { registerClosesAt: _, isReopened: __, ...kept } = study
    const register = records.get(review, 'register', week)
    changes.push(
      {
        scope: branchScope(branchId),
        type: 'weekly-study',
        key: week,
        value: { ...kept, state: 'closed', closedAt, tally: tallyOf(final), version: study.version + 1 },
      },
      {
        scope: review,
        type: 'register',
        key: week,
        value: {
          week,
          state: 'closed',
          expected,
          closedAt,
          closedBy: actor?.personId,
          version: (register?.version ?? 0) + 1,
        },
      },
      amendmentChange(branchId, commandKey, {
        week,
        at: closedAt,
        by: actor?.personId,
        what: 'close',
        isAfterClosing: false,
      }),
    )
    return accept(changes)
  },
})

export const reopenRegister = branchCommand({
  version: 1,
  args: v.object({ week: weekSchema, reason: reasonSchema, version: v.number() }),
  roles: ['secretary'],
  guard: reviewScope,
  reads: (branchId, { week }) => readRegister(branchId, week),
  decide(branchId, { week, reason, version }, records, { actor, evidence, commandKey }) {
    const review = reviewScope(branchId)
    const study = records.get(branchScope(branchId), 'weekly-study', week)
    if (study === undefined) return refuse({ code: 'no-such-study' })
    if (study.state !== 'closed') return refuse({ code: 'not-closed' })
    if (study.version !== version) return refuse({ code: 'changed-meanwhile' })

    const { closedAt, tally: _, ...kept } = study
    const changes: Change[] = [
      {
        scope: branchScope(branchId),
        type: 'weekly-study',
        key: week,
        value: {
          ...kept,
          state: 'open',
          isReopened: true,
          // For the rest of this day; members' own check-in stays as long as it was.
          registerClosesAt: Math.max(
            study.closesAt,
            instantOf(addDays(dayOf(evidence.receivedAt), 1), '00:00'),
          ),
          version: study.version + 1,
        },
      },
      amendmentChange(branchId, commandKey, {
        week,
        at: evidence.receivedAt,
        by: actor?.personId,
        what: 'reopen',
        reason,
        isAfterClosing: closedAt <= evidence.receivedAt,
      }),
    ]
    const register = records.get(review, 'register', week)
    if (register !== undefined) {
      const { closedAt: __, closedBy: ___, ...rest } = register
      changes.push({
        scope: review,
        type: 'register',
        key: week,
        value: { ...rest, state: 'open', version: register.version + 1 },
      })
    }
    const opened = { ...kept, state: 'open' as const, isReopened: true, registerClosesAt: study.closesAt }
    for (const line of records.list(review, 'register-line', `${week}/`)) {
      if (line.via !== 'closing') continue
      const { heldBecause: ____, ...plain } = line
      const undone: RegisterLine = { ...plain, standing: 'unrecorded', version: line.version + 1 }
      changes.push(...lineChanges(opened, line, undone))
    }
    return accept(changes)
  },
})
