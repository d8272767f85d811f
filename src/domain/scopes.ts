import * as v from 'valibot'
import {
  type BranchId,
  branchIdSchema,
  type OrganizationId,
  organizationIdSchema,
  type PersonId,
  personIdSchema,
} from './ids'

/** A scope is a set of records that one and the same circle of people may read, with a sequence of
 *  its own. Whoever may read a scope may read all of it.
 *
 *  - `member`: one's own standing, leave and membership
 *  - `branch`: names, weekly studies and their totals; no person's standing
 *  - `review`: the register and who changed it; secretary and committee
 *  - `leave`: kinds and reasons of leave; the secretary alone
 *  - `secretary`: what members ask of the secretary, such as a correction, and the secretary's own notes; the
 *    secretary alone
 *  - `organization`: what every branch shares: topics, holiday notices
 *  - `totals`: one row for each branch and week; admin and inspector
 *  - `desk`: complaints and suggestions; the admin alone
 *  - `reader`: no records and no readers; the lock that puts in order what one person's devices say of their reading */
export const scopeKinds = [
  'member',
  'branch',
  'review',
  'leave',
  'secretary',
  'organization',
  'totals',
  'desk',
  'reader',
] as const
export type ScopeKind = (typeof scopeKinds)[number]
export type Scope = `${ScopeKind}:${string}`

export const scopeSchema = v.custom<Scope>(
  (input) =>
    typeof input === 'string' &&
    /^(member|branch|review|leave|secretary|organization|totals|desk|reader):[a-z0-9-]{1,40}$/.test(input),
  'not a scope',
)

export const memberScope = (id: PersonId) => `member:${id}` as const
export const branchScope = (id: BranchId) => `branch:${id}` as const
export const reviewScope = (id: BranchId) => `review:${id}` as const
export const leaveScope = (id: BranchId) => `leave:${id}` as const
export const secretaryScope = (id: BranchId) => `secretary:${id}` as const
export const organizationScope = (id: OrganizationId) => `organization:${id}` as const
export const totalsScope = (id: OrganizationId) => `totals:${id}` as const
export const readerScope = (id: PersonId) => `reader:${id}` as const
export const deskScope = (id: OrganizationId) => `desk:${id}` as const

/** Where a command happens: what its author names, and the server checks against their roles. */
export type Place =
  | { readonly kind: 'branch'; readonly branchId: BranchId }
  | { readonly kind: 'organization'; readonly organizationId: OrganizationId }

/** The place a scope stands for, or undefined where no command can happen. */
export function placeOf(scope: Scope): Place | undefined {
  const [kind, id] = scope.split(':')
  if (kind === 'branch') return { kind, branchId: v.parse(branchIdSchema, id) }
  if (kind === 'organization') return { kind, organizationId: v.parse(organizationIdSchema, id) }
  return undefined
}

export const personOf = (scope: Scope): PersonId | undefined =>
  scope.startsWith('member:') ? v.parse(personIdSchema, scope.slice('member:'.length)) : undefined
