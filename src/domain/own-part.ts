import { lineKey } from './attendance'
import type { Authority } from './authority'
import { isOnRegister } from './expected'
import { type Gathering, gatheringOf, readGathering } from './gathering'
import type { GatheringKey } from './gathering-key'
import type { BranchId, PersonId } from './ids'
import type { Read, Records } from './records'
import type { Refusal } from './refusal'
import type { Leave, RegisterLine } from './register'
import { memberScope, reviewScope } from './scopes'

/** What a member's own command looks at. All of it is on their phone, but for the names of a register,
 *  which the server alone knows. */
export const readOwnPart = (branchId: BranchId, week: GatheringKey, actor: PersonId | undefined): Read[] =>
  actor === undefined
    ? []
    : [
        readGathering(branchId, week),
        { scope: reviewScope(branchId), type: 'register', key: week },
        { scope: memberScope(actor), type: 'membership', key: branchId },
        { scope: memberScope(actor), type: 'register-line', key: lineKey(week, branchId) },
        { scope: memberScope(actor), type: 'leave', key: lineKey(week, branchId) },
      ]

export interface OwnPart {
  readonly memberId: PersonId
  readonly study: Gathering
  readonly line: RegisterLine | undefined
  readonly leave: Leave | undefined
}

/** One's own part in a study or meeting to which the branch expects one, or why there is none. */
export function ownPart(
  branchId: BranchId,
  week: GatheringKey,
  records: Records,
  actor: Authority | undefined,
): OwnPart | Refusal {
  if (actor === undefined) return { code: 'not-allowed' }
  const own = memberScope(actor.personId)
  const found = gatheringOf(records, branchId, week)
  if ('refusal' in found) return found.refusal
  const study = found.gathering
  const membership = records.get(own, 'membership', branchId)
  const memberId = actor.personId
  if (!isOnRegister(branchId, study, { memberId, membership }, records)) return { code: 'not-on-roster' }
  return {
    memberId,
    study,
    line: records.get(own, 'register-line', lineKey(week, branchId)),
    leave: records.get(own, 'leave', lineKey(week, branchId)),
  }
}
