import { dayOf, weekOf } from '#domain/day'
import type { BranchId } from '#domain/ids'
import { branchScope } from '#domain/scopes'
import { isHeld } from '#domain/weekly-study'
import type { SignedIn } from '#workspace'
import type { CheckInScreen } from './CheckInCard'
import { useOwnPart } from './useOwnPart'

/** What this week's card shows of one branch. */
export function useCheckIn(
  signedIn: SignedIn,
  branchId: BranchId,
  openLeave: (week: string) => void,
): CheckInScreen {
  const { replica } = signedIn
  const ownPart = useOwnPart(signedIn, branchId, openLeave)
  const study = replica.get(branchScope(branchId), 'weekly-study', weekOf(dayOf(replica.now())))
  if (study === undefined) return { state: replica.isFilled ? 'no-study' : 'loading' }
  if (!isHeld(study)) return { state: 'not-held', study }
  return { state: 'held', study, own: ownPart(study) }
}
