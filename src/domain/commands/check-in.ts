// 签到：本人自愿登记到会；先到的为准，重复签到不改变结果
import * as v from 'valibot'
import { leaveChanges, lineChanges } from '../attendance'
import { type CheckInWindow, checkInWindow } from '../check-in-window'
import { branchCommand } from '../command'
import { accept, hold, refuse } from '../decision'
import { believable, type TimeEvidence } from '../evidence'
import { gatheringKeySchema } from '../gathering-key'
import { ownPart, readOwnPart } from '../own-part'
import type { HeldBecause, RegisterLine } from '../register'
import { reviewScope } from '../scopes'
import { codeSchema, type Shown } from '../study-code'

/** What the time alone says of a check-in, and the study's code where one was typed.
 *
 *  Received inside the window it is taken: one that was made before the study opened and comes in then
 *  counts from then. When it overlaps the window and came later, the phone's word decides within the
 *  grace, and is marked; after the grace the code still bears it out, or else the secretary decides. */
export function arrivalOf(
  window: CheckInWindow,
  evidence: TimeEvidence,
  shown?: Shown,
):
  | { readonly is: 'too-early' }
  | { readonly is: 'too-late'; readonly closedAt: number }
  | { readonly is: 'unsure' }
  | { readonly is: 'on-time' | 'late'; readonly isLateSync: boolean } {
  const { endsAt, onTimeUntil, graceEndsAt } = window
  if (evidence.receivedAt < window.opensAt) return { is: 'too-early' }
  if (evidence.earliest > endsAt) return { is: 'too-late', closedAt: endsAt }
  const isPastGrace = evidence.receivedAt > endsAt && evidence.receivedAt > graceEndsAt
  if (isPastGrace && shown === undefined) return { is: 'unsure' }

  // Nobody knows a code before it is shown.
  const earliest = Math.min(Math.max(evidence.earliest, shown?.from ?? 0), evidence.receivedAt)
  const is = Math.min(believable({ ...evidence, earliest }), endsAt) <= onTimeUntil ? 'on-time' : 'late'
  // What only the phone's word supports is said to be so.
  const provenBy = is === 'on-time' ? Math.min(onTimeUntil, endsAt) : endsAt
  return { is, isLateSync: evidence.receivedAt > provenBy }
}

export const checkIn = branchCommand({
  version: 1,
  args: v.object({
    week: gatheringKeySchema,
    /** As the study showed it to those who were there. */
    code: v.optional(codeSchema),
  }),
  roles: ['member'],
  guard: reviewScope,
  reads: (branchId, { week, code }, actor) => [
    ...readOwnPart(branchId, week, actor),
    ...(code === undefined ? [] : [{ scope: reviewScope(branchId), type: 'study-code' as const, key: week }]),
  ],
  decide(branchId, { week, code }, records, { actor, evidence, readCode }) {
    const own = ownPart(branchId, week, records, actor)
    if ('code' in own) return refuse(own)
    const { study, line: before, leave, memberId } = own
    if (before?.standing === 'on-time' || before?.standing === 'late') return accept([])
    if (before?.standing === 'held' && before.via === 'own') return hold([])

    const secret = records.get(reviewScope(branchId), 'study-code', week)?.secret
    const window = checkInWindow(study)
    const within = { from: window.opensAt, until: window.endsAt }
    const shown = code && secret && readCode ? readCode(secret, code, within) : undefined
    const arrival = arrivalOf(window, evidence, shown)
    if (arrival.is === 'too-early') return refuse({ code: 'not-open-yet', opensAt: window.opensAt })
    if (arrival.is === 'too-late') return refuse({ code: 'register-closed', closedAt: arrival.closedAt })

    const heldBecause: HeldBecause | undefined =
      before?.via === 'keeper' && before.standing !== 'unrecorded'
        ? 'recorded-otherwise'
        : arrival.is === 'unsure'
          ? 'arrived-late'
          : undefined
    const isLateSync = arrival.is === 'unsure' || arrival.isLateSync
    const line: RegisterLine = {
      week,
      branchId,
      memberId,
      standing: heldBecause !== undefined || arrival.is === 'unsure' ? 'held' : arrival.is,
      via: 'own',
      source: isLateSync ? 'synced-late' : 'on-site',
      earliest: evidence.earliest,
      claimedAt: evidence.claimedAt,
      receivedAt: evidence.receivedAt,
      codeShownAt: shown?.from,
      isLateSync,
      isBackfilled: false, // a late sync was made in time, however late it comes
      isAmended: study.state === 'closed',
      heldBecause,
      version: (before?.version ?? 0) + 1,
    }
    const isMoot = leave?.state === 'asked' || leave?.state === 'accepted'
    const changes = [
      ...lineChanges(study, before, line),
      ...(leave !== undefined && isMoot && heldBecause === undefined
        ? leaveChanges({ ...leave, state: 'moot', version: leave.version + 1 })
        : []),
    ]
    return heldBecause === undefined ? accept(changes) : hold(changes)
  },
})
