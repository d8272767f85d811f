import type { ClientBase, Pool } from 'pg'
import * as v from 'valibot'
import { profileSchema } from '#domain/authority'
import type { OrganizationId, PersonId } from '#domain/ids'
import { membershipSchema } from '#domain/membership'
import type { ExistingRoster } from '#domain/roster'
import { branchSchema } from '#domain/weekly-study'

/** Everybody of the organisation with their branches. A few thousand records, read at once. */
export async function existingRoster(
  client: ClientBase | Pool,
  organizationId: OrganizationId,
): Promise<ExistingRoster> {
  const branches = await client.query<{ value: unknown }>(
    `SELECT value FROM rows WHERE scope >= 'branch:' AND scope < 'branch;' AND type = 'branch' AND key = 'branch'
      AND value->>'organizationId' = $1 ORDER BY scope`,
    [organizationId],
  )
  const { rows } = await client.query<{ scope: string; type: string; value: unknown }>(
    `SELECT scope, type, value FROM rows WHERE type IN ('profile', 'membership')
      AND scope >= 'member:' AND scope < 'member;' AND value IS NOT NULL ORDER BY scope, type, key`,
  )
  const memberships = new Map<PersonId, v.InferOutput<typeof membershipSchema>[]>()
  const profiles = []
  for (const { type, value } of rows) {
    if (type === 'profile') {
      profiles.push(v.parse(profileSchema, value))
      continue
    }
    const membership = v.parse(membershipSchema, value)
    const ofPerson = memberships.get(membership.personId)
    if (ofPerson === undefined) memberships.set(membership.personId, [membership])
    else ofPerson.push(membership)
  }
  return {
    organizationId,
    branches: branches.rows.map(({ value }) => v.parse(branchSchema, value)),
    people: profiles
      .filter((profile) => profile.organizationId === organizationId)
      .map((profile) => ({ profile, memberships: memberships.get(profile.personId) ?? [] })),
  }
}
