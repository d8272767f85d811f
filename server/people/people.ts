import * as v from 'valibot'
import { type Profile, profileSchema } from '#domain/authority'
import { dayOf } from '#domain/day'
import { type BranchId, branchIdSchema, type OrganizationId } from '#domain/ids'
import { belongsOn, type Membership } from '#domain/membership'
import { branchScope, memberScope, reviewScope } from '#domain/scopes'
import type { BranchPerson, Keepers } from '#protocol/people'
import type { Database } from '../storage/database'
import { readRecords } from '../storage/rows'
import { joiningOf } from './joining'

const roleIn = (profile: Profile | undefined, branchId: BranchId): BranchPerson['role'] => {
  const roles = (profile?.appointments ?? []).flatMap((each) =>
    'branchId' in each && each.branchId === branchId ? [each.role] : [],
  )
  return roles.includes('secretary') ? 'secretary' : roles[0]
}

/** The people who belong to a branch today, by name. */
export async function peopleOf(database: Database, branchId: BranchId, now: number): Promise<BranchPerson[]> {
  const review = reviewScope(branchId)
  const records = await readRecords(database.pool, [{ scope: review, type: 'membership', prefix: '' }])
  const members = records.list(review, 'membership', '').filter((each) => belongsOn(each, dayOf(now)))
  return described(database, branchId, members, now)
}

async function described(
  database: Database,
  branchId: BranchId,
  members: readonly Pick<Membership, 'personId' | 'name' | 'number' | 'membership'>[],
  now: number,
): Promise<BranchPerson[]> {
  const ids = members.map((each) => each.personId)
  const joining = await joiningOf(database, ids, now)
  const profiles = await readRecords(
    database.pool,
    ids.map((id) => ({ scope: memberScope(id), type: 'profile', key: 'profile' })),
  )
  return members
    .map(({ personId: id, name, number, membership }): BranchPerson => {
      const role = roleIn(profiles.get(memberScope(id), 'profile', 'profile'), branchId)
      return {
        personId: id,
        name,
        ...(number === undefined ? {} : { number }),
        membership,
        ...(role === undefined ? {} : { role }),
        joining: joining.get(id) ?? { is: 'nothing' },
      }
    })
    .sort((a, b) => a.name.localeCompare(b.name, 'zh-CN') || (a.number ?? '').localeCompare(b.number ?? ''))
}

export async function isBranchOf(
  database: Database,
  branchId: BranchId,
  organizationId: OrganizationId,
): Promise<boolean> {
  const scope = branchScope(branchId)
  const records = await readRecords(database.pool, [{ scope, type: 'branch', key: 'branch' }])
  return records.get(scope, 'branch', 'branch')?.organizationId === organizationId
}

/** Every branch with its secretary and committee, whether they belong to it or only keep it. */
export async function keepersOf(
  database: Database,
  organizationId: OrganizationId,
  now: number,
): Promise<Keepers['branches']> {
  const branches = await database.pool.query<{ id: string; name: string; family: string }>(
    `SELECT value->>'id' AS id, value->>'name' AS name, value->>'family' AS family FROM rows
      WHERE scope >= 'branch:' AND scope < 'branch;' AND type = 'branch' AND key = 'branch'
        AND value->>'organizationId' = $1`,
    [organizationId],
  )
  const { rows } = await database.pool.query<{ value: unknown }>(
    `SELECT value FROM rows WHERE type = 'profile' AND value->>'organizationId' = $1
      AND value->'appointments' @? '$[*] ? (@.role == "secretary" || @.role == "committee-member")'`,
    [organizationId],
  )
  const profiles = rows.map(({ value }) => v.parse(profileSchema, value))
  const joining = await joiningOf(
    database,
    profiles.map((each) => each.personId),
    now,
  )
  const byName = branches.rows.sort((a, b) => a.name.localeCompare(b.name, 'zh-CN'))
  return byName.map(({ id, name, family }) => {
    const branchId = v.parse(branchIdSchema, id)
    return {
      branchId,
      name,
      family,
      keepers: profiles.flatMap((profile): Keepers['branches'][number]['keepers'] => {
        const role = roleIn(profile, branchId)
        if (role === undefined) return []
        const { number } = profile
        return [
          {
            personId: profile.personId,
            name: profile.name,
            ...(number === undefined ? {} : { number }),
            role,
            joining: joining.get(profile.personId) ?? { is: 'nothing' },
          },
        ]
      }),
    }
  })
}
