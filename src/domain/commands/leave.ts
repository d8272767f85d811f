// 请假：会前提出，写明类别，由支部书记决定
import * as v from 'valibot'
import { amendmentChange, leaveChanges, lineChanges, lineKey } from '../attendance'
import { branchCommand } from '../command'
import { accept, refuse } from '../decision'
import { believable } from '../evidence'
import { isOnRegister } from '../expected'
import { gatheringOf, readGathering } from '../gathering'
import { gatheringKeySchema } from '../gathering-key'
import { personIdSchema } from '../ids'
import { ownPart, readOwnPart } from '../own-part'
import { type Leave, leaveKindSchema, noteSchema, type RegisterLine, reasonSchema } from '../register'
import { branchScope, leaveScope, memberScope, reviewScope } from '../scopes'

export const askLeave = branchCommand({
  version: 1,
  args: v.object({ week: gatheringKeySchema, kind: leaveKindSchema, note: noteSchema }),
  roles: ['member'],
  guard: reviewScope,
  reads: (branchId, { week }, actor) => [
    ...readOwnPart(branchId, week, actor),
    { scope: branchScope(branchId), type: 'branch', key: 'branch' },
  ],
  decide(branchId, { week, kind, note }, records, { actor, evidence }) {
    const own = ownPart(branchId, week, records, actor)
    if ('code' in own) return refuse(own)
    const { study, line: before, leave: earlier, memberId } = own
    const branch = records.get(branchScope(branchId), 'branch', 'branch')
    if (branch === undefined) return refuse({ code: 'no-such-branch' })
    // Asked before the study, as far as anybody can know: without signal it may arrive later.
    if (believable(evidence) >= study.startsAt || evidence.earliest >= study.startsAt) {
      return refuse({ code: 'too-late-for-leave', startsAt: study.startsAt })
    }
    if (before !== undefined && !isOpenToLeave(before)) return refuse({ code: 'already-recorded' })

    if (earlier?.state === 'accepted') return refuse({ code: 'already-decided' })
    const isGranted =
      branch.settings.leaveIsAutoAccepted && study.state === 'open' && evidence.receivedAt < study.startsAt
    const leave: Leave = {
      week,
      branchId,
      memberId,
      kind,
      note,
      state: isGranted ? 'accepted' : 'asked',
      askedAt: believable(evidence),
      receivedAt: evidence.receivedAt,
      version: (earlier?.version ?? 0) + 1,
    }
    const changes = leaveChanges(leave)
    if (isGranted)
      changes.push(...lineChanges(study, before, excusedLine(leave, before, evidence.receivedAt)))
    // The register closed while it was under way: it waits for the secretary instead of an absence.
    else if (study.state === 'closed') {
      const line = excusedLine(leave, before, evidence.receivedAt)
      const held: RegisterLine = {
        ...line,
        standing: 'held',
        heldBecause: 'leave-undecided',
        isAmended: true,
      }
      changes.push(...lineChanges(study, before, held))
    }
    return accept(changes)
  },
})

const isOpenToLeave = (line: RegisterLine) =>
  line.standing === 'unrecorded' ||
  line.standing === 'excused' ||
  (line.standing === 'absent' && line.via === 'closing')

export const excusedLine = (
  leave: Leave,
  before: RegisterLine | undefined,
  receivedAt: number,
): RegisterLine => ({
  week: leave.week,
  branchId: leave.branchId,
  memberId: leave.memberId,
  standing: 'excused',
  via: 'leave',
  source: 'on-site',
  receivedAt,
  isLateSync: false,
  isBackfilled: false,
  isAmended: false,
  version: (before?.version ?? 0) + 1,
})

export const withdrawLeave = branchCommand({
  version: 1,
  args: v.object({ week: gatheringKeySchema }),
  roles: ['member'],
  guard: reviewScope,
  reads: (branchId, { week }, actor) => readOwnPart(branchId, week, actor),
  decide(branchId, { week }, records, { actor, evidence }) {
    if (actor === undefined) return refuse({ code: 'not-allowed' })
    const own = memberScope(actor.personId)
    const found = gatheringOf(records, branchId, week)
    const leave = records.get(own, 'leave', lineKey(week, branchId))
    if ('refusal' in found || leave === undefined) return refuse({ code: 'no-leave' })
    const study = found.gathering
    if (leave.state === 'withdrawn') return accept([])
    if (leave.state !== 'asked' && leave.state !== 'accepted') return refuse({ code: 'already-decided' })
    if (study.state === 'closed') return refuse({ code: 'register-closed', closedAt: study.closedAt })

    const before = records.get(own, 'register-line', lineKey(week, branchId))
    if (before?.via === 'keeper' && before.standing !== 'unrecorded')
      return refuse({ code: 'already-decided' })
    const changes = leaveChanges({ ...leave, state: 'withdrawn', version: leave.version + 1 })
    if (before?.via === 'leave') {
      const line = excusedLine(leave, before, evidence.receivedAt)
      changes.push(...lineChanges(study, before, { ...line, standing: 'unrecorded' }))
    }
    return accept(changes)
  },
})

export const decideLeave = branchCommand({
  version: 1,
  args: v.object({
    week: gatheringKeySchema,
    memberId: personIdSchema,
    isAccepted: v.boolean(),
    reason: v.optional(reasonSchema),
    /** Of the leave, as the secretary saw it. */
    version: v.number(),
  }),
  roles: ['secretary'],
  guard: reviewScope,
  reads: (branchId, { week, memberId }) => [
    readGathering(branchId, week),
    { scope: leaveScope(branchId), type: 'leave', key: lineKey(week, memberId) },
    { scope: reviewScope(branchId), type: 'register', key: week },
    { scope: reviewScope(branchId), type: 'membership', key: memberId },
    { scope: reviewScope(branchId), type: 'register-line', key: lineKey(week, memberId) },
  ],
  decide(
    branchId,
    { week, memberId, isAccepted, reason, version },
    records,
    { actor, evidence, commandKey },
  ) {
    const found = gatheringOf(records, branchId, week)
    const leave = records.get(leaveScope(branchId), 'leave', lineKey(week, memberId))
    if ('refusal' in found || leave === undefined) return refuse({ code: 'no-leave' })
    const study = found.gathering
    if (leave.version !== version) return refuse({ code: 'changed-meanwhile' })
    if (leave.state !== 'asked') return refuse({ code: 'already-decided' })
    if (!isAccepted && reason === undefined) return refuse({ code: 'reason-needed' })

    const before = records.get(reviewScope(branchId), 'register-line', lineKey(week, memberId))
    const changes = leaveChanges({
      ...leave,
      state: isAccepted ? 'accepted' : 'declined',
      decisionReason: reason,
      version: leave.version + 1,
    })
    // Who has left the branch since is on the register no more, and still told what was decided.
    const membership = records.get(reviewScope(branchId), 'membership', memberId)
    const waits =
      isOnRegister(branchId, study, { memberId, membership }, records) &&
      (before === undefined || before.standing === 'unrecorded' || before.heldBecause === 'leave-undecided')
    const standing = isAccepted ? 'excused' : study.state === 'closed' ? 'absent' : 'unrecorded'
    if (waits && (isAccepted || before !== undefined)) {
      const line = excusedLine(leave, before, evidence.receivedAt)
      changes.push(...lineChanges(study, before, { ...line, standing, isAmended: study.state === 'closed' }))
    }
    changes.push(
      amendmentChange(branchId, commandKey, {
        week,
        at: evidence.receivedAt,
        by: actor?.personId,
        what: 'leave',
        memberId,
        before: before?.standing ?? 'unrecorded',
        after: waits ? standing : before?.standing,
        // Reasons of leave are for the secretary and the member: the register's history has none.
        isAfterClosing: study.state === 'closed',
      }),
    )
    return accept(changes)
  },
})
