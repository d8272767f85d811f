// 表决：有表决权的到会人数超过半数才能表决，赞成超过应到有表决权人数的半数为通过

import type { Gathering } from './gathering'
import type { BranchId, PersonId } from './ids'
import { kindOn } from './membership'
import type { Records } from './records'
import type { Review } from './review'
import { reviewScope } from './scopes'

export interface Quorum {
  /** 应到会有表决权的: full members who are expected; probationary ones are present and do not vote. */
  readonly entitled: number
  readonly present: number
  /** How many must be present: more than half. */
  readonly needed: number
  /** 「还差 n 人可表决」; 0 = a vote can be held. */
  readonly missing: number
}

/** More than half of a number of people: 2 of 2, 2 of 3, 3 of 4. */
export const moreThanHalfOf = (people: number): number => Math.floor(people / 2) + 1

export const quorum = (entitled: number, present: number): Quorum => {
  const needed = moreThanHalfOf(entitled)
  return { entitled, present, needed, missing: Math.max(0, needed - present) }
}

/** As the register stands; nobody can vote where nobody is entitled. */
export function quorumOf(records: Records, branchId: BranchId, { study, members }: Review): Quorum {
  const entitled = members.filter(({ memberId }) => hasVote(records, branchId, study, memberId))
  const present = entitled.filter(({ standing }) => standing === 'on-time' || standing === 'late')
  return quorum(entitled.length, present.length)
}

function hasVote(records: Records, branchId: BranchId, at: Gathering, memberId: PersonId): boolean {
  const membership = records.get(reviewScope(branchId), 'membership', memberId)
  return membership !== undefined && kindOn(membership, at.heldOn) === 'full'
}

export interface Count {
  readonly inFavour: number
  readonly against: number
  readonly abstained: number
}

/** More than half of those entitled, not only of those present. */
export const isPassed = ({ inFavour }: Count, entitled: number): boolean =>
  inFavour >= moreThanHalfOf(entitled)

/** Who is present and does not vote has abstained or not voted; nobody votes twice. */
export const addsUp = ({ inFavour, against, abstained }: Count, present: number): boolean =>
  inFavour + against + abstained <= present
