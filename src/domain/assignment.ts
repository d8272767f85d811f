// 转接和任职：由机关党委管理员办理，转到另一支部、任免支部职务
import type { Day } from './day'
import type { BranchId } from './ids'
import { belongsOn } from './membership'
import { type BranchRole, isClash, movedTo, type PersonRecords, withRole } from './person'

/** Why it cannot be. */
export type CannotAssign =
  | 'elsewhere-now'
  | 'not-of-branch'
  | 'later-than-today'
  | 'days-clash'
  | 'same-branch'

/** Where somebody goes, and from when on they are there. */
export interface Transfer {
  /** Where the admin saw them. */
  readonly from: BranchId
  readonly to: BranchId
  readonly on: Day
}

/** 组织关系转接: from a day, today's or a past one. Registers that are closed keep the names they have. */
export function transferred(
  person: PersonRecords,
  { from, to, on }: Transfer,
  today: Day,
): PersonRecords | CannotAssign {
  if (from === to) return 'same-branch'
  if (on > today) return 'later-than-today'
  const here = person.memberships.filter((each) => belongsOn(each, today))
  if (!here.some(({ branchId }) => branchId === from)) return 'elsewhere-now'
  if (here.some(({ branchId }) => branchId === to)) return 'same-branch'
  const after = movedTo(person, to, on, today)
  // As on a day before they came to the branch they leave.
  return isClash(person, after) ? 'days-clash' : after
}

/** 任免支部职务. Whoever is of the branch can hold an office in it; anybody can be relieved of one. */
export function appointed(
  person: PersonRecords,
  { branchId, role }: { readonly branchId: BranchId; readonly role: BranchRole },
  today: Day,
): PersonRecords | CannotAssign {
  const isOfIt = person.memberships.some((each) => each.branchId === branchId && belongsOn(each, today))
  if (role !== 'none' && !isOfIt) return 'not-of-branch'
  return { ...person, profile: withRole(person.profile, branchId, role) }
}
