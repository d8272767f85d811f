import { lineKey, readStudy } from './attendance'
import type { Authority } from './authority'
import type { Week } from './day'
import type { BranchId, PersonId } from './ids'
import { isExpectedOn } from './membership'
import type { Read, Records } from './records'
import type { Refusal } from './refusal'
import type { Leave, RegisterLine } from './register'
import { branchScope, memberScope } from './scopes'
import { type HeldStudy, isHeld } from './weekly-study'

/** What a member's own command looks at: all of it is on their phone. */
export const readOwnPart = (branchId: BranchId, week: Week, actor: PersonId | undefined): Read[] =>
  actor === undefined
    ? []
    : [
        readStudy(branchId, week),
        { scope: memberScope(actor), type: 'membership', key: branchId },
        { scope: memberScope(actor), type: 'register-line', key: lineKey(week, branchId) },
        { scope: memberScope(actor), type: 'leave', key: lineKey(week, branchId) },
      ]

export interface OwnPart {
  readonly memberId: PersonId
  readonly study: HeldStudy
  readonly line: RegisterLine | undefined
  readonly leave: Leave | undefined
}

/** One's own part in a held study to which the branch expects one, or why there is none. */
export function ownPart(
  branchId: BranchId,
  week: Week,
  records: Records,
  actor: Authority | undefined,
): OwnPart | Refusal {
  if (actor === undefined) return { code: 'not-allowed' }
  const own = memberScope(actor.personId)
  const study = records.get(branchScope(branchId), 'weekly-study', week)
  if (study === undefined) return { code: 'no-such-study' }
  if (!isHeld(study)) return { code: 'not-held' }
  const membership = records.get(own, 'membership', branchId)
  if (membership === undefined || !isExpectedOn(membership, study.heldOn)) return { code: 'not-on-roster' }
  return {
    memberId: actor.personId,
    study,
    line: records.get(own, 'register-line', lineKey(week, branchId)),
    leave: records.get(own, 'leave', lineKey(week, branchId)),
  }
}
