// 登记情况：每位应到党员的状态，相加等于应到人数
import { countedOf, lineKey, standingOf } from './attendance'
import { expectedAt } from './commands/close-register'
import type { Week } from './day'
import type { BranchId, PersonId } from './ids'
import type { Records } from './records'
import type { Amendment, Leave, RegisterLine } from './register'
import { branchScope, leaveScope, reviewScope } from './scopes'
import { type Standing, type Tally, tallyOf } from './tally'
import { type HeldStudy, isHeld } from './weekly-study'

export interface ReviewedMember {
  readonly memberId: PersonId
  readonly name: string
  readonly standing: Standing
  readonly line: RegisterLine | undefined
  /** Only the secretary has it. */
  readonly leave: Leave | undefined
}

export interface Review {
  readonly study: HeldStudy
  readonly members: readonly ReviewedMember[]
  readonly tally: Tally
}

/** The register of a week as its keepers see it, or undefined when the week has none. */
export function reviewOf(records: Records, branchId: BranchId, week: Week): Review | undefined {
  const study = records.get(branchScope(branchId), 'weekly-study', week)
  if (study === undefined || !isHeld(study)) return undefined
  const review = reviewScope(branchId)
  const members = expectedAt(branchId, study, records).map((memberId): ReviewedMember => {
    const line = records.get(review, 'register-line', lineKey(week, memberId))
    return {
      memberId,
      name: records.get(review, 'membership', memberId)?.name ?? memberId,
      standing: standingOf(line, study),
      line,
      leave: records.get(leaveScope(branchId), 'leave', lineKey(week, memberId)),
    }
  })
  return { study, members, tally: tallyOf(members.map(({ line }) => countedOf(line, study))) }
}

/** What its keepers changed, in the order it happened. */
export const amendmentsOf = (records: Records, branchId: BranchId, week: Week): Amendment[] =>
  records.list(reviewScope(branchId), 'amendment', `${week}/`).sort((a, b) => a.at - b.at)
