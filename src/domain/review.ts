// 登记情况：每位应到党员的状态，相加等于应到人数
import { countedOf, lineKey, standingOf } from './attendance'
import type { Week } from './day'
import { expectedAt } from './expected'
import { type Gathering, gatheringOf, keyOf } from './gathering'
import type { GatheringKey } from './gathering-key'
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

/** A register as its keepers see it. */
export interface Review<Of extends Gathering = Gathering> {
  readonly study: Of
  readonly members: readonly ReviewedMember[]
  readonly tally: Tally
}

/** The register of a week as its keepers see it, or undefined when the week has none. */
export function reviewOf(records: Records, branchId: BranchId, week: Week): Review<HeldStudy> | undefined {
  const study = records.get(branchScope(branchId), 'weekly-study', week)
  return study !== undefined && isHeld(study) ? reviewOn(records, branchId, study) : undefined
}

/** The same of a week or a meeting. */
export function reviewAt(records: Records, branchId: BranchId, key: GatheringKey): Review | undefined {
  const found = gatheringOf(records, branchId, key)
  return 'refusal' in found ? undefined : reviewOn(records, branchId, found.gathering)
}

export function reviewOn<Of extends Gathering>(records: Records, branchId: BranchId, study: Of): Review<Of> {
  const key = keyOf(study)
  const members = expectedAt(branchId, study, records).map((memberId): ReviewedMember => {
    const line = records.get(reviewScope(branchId), 'register-line', lineKey(key, memberId))
    return {
      memberId,
      name: records.get(reviewScope(branchId), 'membership', memberId)?.name ?? memberId,
      standing: standingOf(line, study),
      line,
      leave: records.get(leaveScope(branchId), 'leave', lineKey(key, memberId)),
    }
  })
  return { study, members, tally: tallyOf(members.map(({ line }) => countedOf(line, study))) }
}

/** What its keepers changed, in the order it happened. */
export const amendmentsOf = (records: Records, branchId: BranchId, week: GatheringKey): Amendment[] =>
  records.list(reviewScope(branchId), 'amendment', `${week}/`).sort((a, b) => a.at - b.at)
