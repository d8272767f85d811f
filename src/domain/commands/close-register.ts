// 关闭登记：当日应到名单定格，未登记的记为缺席，待定的留待支部书记决定
import * as v from 'valibot'
import { amendmentChange, lineChanges, lineKey } from '../attendance'
import { branchCommand } from '../command'
import { addDays, dayOf, instantOf } from '../day'
import { accept, refuse } from '../decision'
import { expectedAt } from '../expected'
import { type Gathering, gatheringChange, gatheringOf, isMeeting, readGathering } from '../gathering'
import { type GatheringKey, gatheringKeySchema } from '../gathering-key'
import type { BranchId } from '../ids'
import type { Change, Read } from '../records'
import { type RegisterLine, reasonSchema } from '../register'
import { leaveScope, reviewScope } from '../scopes'
import { type Counted, tallyOf } from '../tally'

const readRegister = (branchId: BranchId, week: GatheringKey): Read[] => [
  readGathering(branchId, week),
  { scope: reviewScope(branchId), type: 'register', key: week },
  { scope: reviewScope(branchId), type: 'membership', prefix: '' },
  { scope: reviewScope(branchId), type: 'register-line', prefix: `${week}/` },
  { scope: leaveScope(branchId), type: 'leave', prefix: `${week}/` },
]

type Opened = Extract<Gathering, { state: 'open' }>
type Closed = Extract<Gathering, { state: 'closed' }>

function closedAs(
  opened: Opened,
  closing: Pick<Closed, 'state' | 'closedAt' | 'tally' | 'version'>,
): Gathering {
  if (isMeeting(opened)) {
    const { isReopened: _, ...kept } = opened
    return { ...kept, ...closing }
  }
  const { registerClosesAt: _, isReopened: __, ...kept } = opened
  return { ...kept, ...closing }
}

/** A study's for the rest of this day; members' own check-in stays as long as it was. A meeting's until
 *  somebody closes it. */
function reopenedFrom(closed: Closed, at: number): Opened {
  const opening = { state: 'open', isReopened: true, version: closed.version + 1 } as const
  if (isMeeting(closed)) {
    const { closedAt: _, tally: __, ...kept } = closed
    return { ...kept, ...opening }
  }
  const { closedAt: _, tally: __, ...kept } = closed
  const endOfDay = instantOf(addDays(dayOf(at), 1), '00:00')
  return { ...kept, ...opening, registerClosesAt: Math.max(closed.closesAt, endOfDay) }
}

export const closeRegister = branchCommand({
  version: 1,
  args: v.object({
    week: gatheringKeySchema,
    /** Of the study, as the secretary saw it. */
    version: v.number(),
  }),
  roles: ['secretary'],
  guard: reviewScope,
  reads: (branchId, { week }) => readRegister(branchId, week),
  decide(branchId, { week, version }, records, { actor, evidence, commandKey }) {
    const review = reviewScope(branchId)
    const found = gatheringOf(records, branchId, week)
    if ('refusal' in found) return refuse(found.refusal)
    const study = found.gathering
    if (study.state === 'closed') return refuse({ code: 'already-closed' })
    if (study.version !== version) return refuse({ code: 'changed-meanwhile' })
    if (evidence.receivedAt < study.startsAt) return refuse({ code: 'not-started', startsAt: study.startsAt })

    // Closing by itself happened when it was due, even if the server slept.
    const closedAt = actor === undefined && !isMeeting(study) ? study.registerClosesAt : evidence.receivedAt
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
    const register = records.get(review, 'register', week)
    const closed = { state: 'closed', closedAt, tally: tallyOf(final), version: study.version + 1 } as const
    changes.push(
      gatheringChange(branchId, closedAs(study, closed)),
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
  args: v.object({ week: gatheringKeySchema, reason: reasonSchema, version: v.number() }),
  roles: ['secretary'],
  guard: reviewScope,
  reads: (branchId, { week }) => readRegister(branchId, week),
  decide(branchId, { week, reason, version }, records, { actor, evidence, commandKey }) {
    const review = reviewScope(branchId)
    const found = gatheringOf(records, branchId, week)
    if ('refusal' in found) return refuse(found.refusal)
    const study = found.gathering
    if (isMeeting(study) && study.filedAt !== undefined) return refuse({ code: 'already-filed' })
    if (study.state !== 'closed') return refuse({ code: 'not-closed' })
    if (study.version !== version) return refuse({ code: 'changed-meanwhile' })

    const { closedAt } = study
    const opened = reopenedFrom(study, evidence.receivedAt)
    const changes: Change[] = [
      gatheringChange(branchId, opened),
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
    for (const line of records.list(review, 'register-line', `${week}/`)) {
      if (line.via !== 'closing') continue
      const { heldBecause: ____, ...plain } = line
      const undone: RegisterLine = { ...plain, standing: 'unrecorded', version: line.version + 1 }
      changes.push(...lineChanges(opened, line, undone))
    }
    return accept(changes)
  },
})
