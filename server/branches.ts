import * as v from 'valibot'
import { type BranchId, branchIdSchema, type OrganizationId } from '#domain/ids'
import type { Database } from './storage/database'

export interface ListedBranch {
  readonly id: BranchId
  /** Of its own record: name, settings. */
  readonly version: number
  /** The versions of its own plans, by year: what its weeks are about depends on them. */
  readonly plans: string
}

/** Every branch of the organisation, in a fixed order. */
export async function branchesOf(
  database: Database,
  organizationId: OrganizationId,
): Promise<ListedBranch[]> {
  const { rows } = await database.pool.query<{ scope: string; version: number; plans: string }>(
    `SELECT scope, (value->>'version')::int AS version, coalesce((SELECT string_agg(own.key || '.' || (own.value->>'version'), ' ' ORDER BY own.key)
        FROM rows own WHERE own.scope = rows.scope AND own.type = 'branch-plan'), '') AS plans
      FROM rows WHERE scope >= 'branch:' AND scope < 'branch;' AND type = 'branch' AND key = 'branch'
      AND value->>'organizationId' = $1 ORDER BY scope`,
    [organizationId],
  )
  return rows.map(({ scope, version, plans }) => ({
    id: v.parse(branchIdSchema, scope.slice('branch:'.length)),
    version,
    plans,
  }))
}
