import type { Scope } from '#domain/scopes'
import { type Database, inTransaction } from '../storage/database'
import { lockScopes } from '../storage/rows'

/** How long at least a deleted record is kept as a tombstone, so that phones delete it too. One that
 *  was away for longer fetches that scope anew. */
export const tombstonesMs = 30 * 86_400_000

/** Tombstones deleted in one pass: nobody waits for a scope's lock for long. */
const most = 300

/** Clears tombstones, in three steps that may be passes and weeks apart. A scope that has some notes its
 *  head; once that is long ago its floor is raised to it, so that no copy which may lack them is
 *  continued (`server/sync/pull.ts`); then they are deleted. Returns how many were. A scope without
 *  tombstones costs a look at an index, however much history it has. */
export async function clearTombstones(database: Database, now: number): Promise<number> {
  for (const scope of await scopesWhere(database, 'marked_at <= $1', now - tombstonesMs)) {
    await inTransaction(database, async (client) => {
      await lockScopes(client, [scope])
      await client.query(
        `UPDATE scopes SET floor = marked_head, marked_head = NULL, marked_at = NULL
          WHERE scope = $1 AND marked_at <= $2`,
        [scope, now - tombstonesMs],
      )
    })
  }
  const deleted = await deleteBelowFloor(database)
  const above = 'EXISTS (SELECT FROM rows WHERE rows.scope = scopes.scope AND value IS NULL AND seq > floor)'
  for (const scope of await scopesWhere(database, `marked_at IS NULL AND ${above}`)) {
    await database.pool.query(
      'UPDATE scopes SET marked_head = head, marked_at = $2 WHERE scope = $1 AND marked_at IS NULL',
      [scope, now],
    )
  }
  return deleted
}

async function scopesWhere(database: Database, condition: string, ...values: number[]): Promise<Scope[]> {
  const { rows } = await database.pool.query<{ scope: Scope }>(
    `SELECT scope FROM scopes WHERE ${condition} LIMIT ${most}`,
    values,
  )
  return rows.map(({ scope }) => scope)
}

async function deleteBelowFloor(database: Database): Promise<number> {
  let deleted = 0
  const below =
    'floor > 0 AND EXISTS (SELECT FROM rows WHERE rows.scope = scopes.scope AND value IS NULL AND seq <= floor)'
  for (const scope of await scopesWhere(database, below)) {
    deleted += await inTransaction(database, async (client) => {
      // A record written anew meanwhile is no tombstone any more.
      await lockScopes(client, [scope])
      const { rowCount } = await client.query(
        `DELETE FROM rows USING (
            SELECT scope, type, key FROM rows JOIN scopes USING (scope)
              WHERE scope = $1 AND rows.value IS NULL AND rows.seq <= scopes.floor
              ORDER BY seq LIMIT $2) AS cleared
          WHERE rows.scope = cleared.scope AND rows.type = cleared.type AND rows.key = cleared.key`,
        [scope, most - deleted],
      )
      return rowCount ?? 0
    })
    if (deleted >= most) break
  }
  return deleted
}
