import { type Authority, hasRole } from '#domain/authority'
import type { BranchId } from '#domain/ids'
import { placeOf, type Scope } from '#domain/scopes'

/** Whether somebody keeps the reading lists that lie there. */
export function isKeeperOf(authority: Authority | undefined, scope: Scope): boolean {
  const place = placeOf(scope)
  if (authority === undefined || place === undefined) return false
  return hasRole(authority, ['admin', 'secretary', 'committee-member'], place)
}

/** The branches whose lists somebody sees: those they belong to, and those they keep. */
export const branchesRead = (authority: Authority | undefined): BranchId[] => [
  ...new Set([
    ...(authority?.branches ?? []),
    ...(authority?.appointments.flatMap((each) => ('branchId' in each ? [each.branchId] : [])) ?? []),
  ]),
]
