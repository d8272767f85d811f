// 权限：一个人能看到什么，由其党籍所在支部和职务决定
import * as v from 'valibot'
import type { Day } from './day'
import {
  type BranchId,
  branchIdSchema,
  type OrganizationId,
  organizationIdSchema,
  type PersonId,
  personIdSchema,
} from './ids'
import { belongsOn, type Membership } from './membership'
import {
  branchScope,
  deskScope,
  leaveScope,
  memberScope,
  organizationScope,
  type Place,
  reviewScope,
  type Scope,
  secretaryScope,
  totalsScope,
} from './scopes'

/** 支部书记、支部委员；机关党委管理员、督导 */
export const appointmentSchema = v.variant('role', [
  v.object({ role: v.literal('secretary'), branchId: branchIdSchema }),
  v.object({ role: v.literal('committee-member'), branchId: branchIdSchema }),
  v.object({ role: v.literal('admin'), organizationId: organizationIdSchema }),
  v.object({ role: v.literal('inspector'), organizationId: organizationIdSchema }),
])
export type Appointment = v.InferOutput<typeof appointmentSchema>

/** Readable by the person alone. */
export const profileSchema = v.object({
  personId: personIdSchema,
  name: v.string(),
  /** 编号: what a roster file knows them by. No identity or telephone number. */
  number: v.optional(v.string()),
  organizationId: organizationIdSchema,
  appointments: v.array(appointmentSchema),
})
export type Profile = v.InferOutput<typeof profileSchema>

/** `member`: whoever ever belonged to the branch. `anyone`: whoever is known in the organisation. */
export type Role = 'member' | 'anyone' | Appointment['role']

/** What the server knows of somebody's rights at this moment. Never taken from a request. */
export interface Authority {
  readonly personId: PersonId
  readonly organizationId: OrganizationId
  readonly appointments: readonly Appointment[]
  /** Branches they belong to today. */
  readonly branches: readonly BranchId[]
  /** Branches they ever belonged to: a record of an earlier study may still arrive. */
  readonly everIn: readonly BranchId[]
}

export function authorityOf(profile: Profile, memberships: readonly Membership[], today: Day): Authority {
  return {
    personId: profile.personId,
    organizationId: profile.organizationId,
    appointments: profile.appointments,
    branches: memberships.filter((each) => belongsOn(each, today)).map((each) => each.branchId),
    everIn: memberships.map((each) => each.branchId),
  }
}

/** Whether the person has one of these roles at this place. */
export function hasRole(authority: Authority, roles: readonly Role[], place: Place): boolean {
  if (place.kind === 'organization') {
    if (roles.includes('anyone') && authority.organizationId === place.organizationId) return true
    return authority.appointments.some(
      (each) =>
        roles.includes(each.role) && 'organizationId' in each && each.organizationId === place.organizationId,
    )
  }
  if (roles.includes('member') && authority.everIn.includes(place.branchId)) return true
  return authority.appointments.some(
    (each) => roles.includes(each.role) && 'branchId' in each && each.branchId === place.branchId,
  )
}

/** Every scope the person may read now, in the order a phone wants them. */
export function readableScopes(authority: Authority): Scope[] {
  const scopes = new Set<Scope>([memberScope(authority.personId)])
  for (const branch of authority.branches) scopes.add(branchScope(branch))
  scopes.add(organizationScope(authority.organizationId))
  for (const each of authority.appointments) {
    if (each.role === 'secretary' || each.role === 'committee-member') {
      scopes.add(branchScope(each.branchId))
      scopes.add(reviewScope(each.branchId))
      if (each.role !== 'secretary') continue
      scopes.add(leaveScope(each.branchId))
      scopes.add(secretaryScope(each.branchId))
    } else {
      scopes.add(totalsScope(each.organizationId))
      if (each.role === 'admin') scopes.add(deskScope(each.organizationId))
    }
  }
  return [...scopes]
}

/** Whether somebody may invite a person and end their access. A secretary does so for the branch's
 *  people, but never for whoever holds an office beyond it: an invitation lets its holder act as them. */
export function looksAfter(keeper: Authority, person: Authority): boolean {
  if (keeper.organizationId !== person.organizationId) return false
  if (hasRole(keeper, ['admin'], { kind: 'organization', organizationId: person.organizationId })) return true
  const isSecretaryOf = (branchId: BranchId) => hasRole(keeper, ['secretary'], { kind: 'branch', branchId })
  const officesAreWithin = person.appointments.every(
    (each) => 'branchId' in each && isSecretaryOf(each.branchId),
  )
  return officesAreWithin && person.branches.some(isSecretaryOf)
}
