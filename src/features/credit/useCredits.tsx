import { creditsOf } from '#domain/credit'
import { dayOf } from '#domain/day'
import type { SignedIn } from '#workspace'
import type { CreditsScreen } from './CreditsCard'

/** Undefined for somebody of no branch. */
export function useCredits({ replica }: SignedIn): CreditsScreen | undefined {
  const branchId = replica.authority()?.branches[0]
  if (branchId === undefined) return undefined
  const year = Number(dayOf(replica.now()).slice(0, 4))
  return { year, credits: creditsOf(replica, replica.personId, branchId, year) }
}
