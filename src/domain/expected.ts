// 应到名单：登记未关闭时按党籍推算，关闭时定格，以后不变
import { type Gathering, isFor, keyOf } from './gathering'
import type { BranchId, PersonId } from './ids'
import { isExpectedOn, type Membership } from './membership'
import type { Records } from './records'
import { reviewScope } from './scopes'

const namesKept = (branchId: BranchId, study: Gathering, records: Records): PersonId[] | undefined => {
  const register = records.get(reviewScope(branchId), 'register', keyOf(study))
  return register?.state === 'closed' ? register.expected : undefined
}

const expects = (study: Gathering, membership: Membership) =>
  isExpectedOn(membership, study.heldOn) && isFor(study, membership.personId)

/** Who is expected, in the order of their keys: the names kept at closing, else the memberships. */
export const expectedAt = (branchId: BranchId, study: Gathering, records: Records): PersonId[] =>
  namesKept(branchId, study, records) ??
  records
    .list(reviewScope(branchId), 'membership', '')
    .filter((each) => expects(study, each))
    .map(({ personId }) => personId)

/** Whether somebody is counted in this register. Who was moved into the branch afterwards, as of a day
 *  before, is expected by the membership and is not among the names that a closed register keeps. */
export function isOnRegister(
  branchId: BranchId,
  study: Gathering,
  who: { readonly memberId: PersonId; readonly membership: Membership | undefined },
  records: Records,
): boolean {
  const names = namesKept(branchId, study, records)
  if (names !== undefined) return names.includes(who.memberId)
  return who.membership !== undefined && expects(study, who.membership)
}
