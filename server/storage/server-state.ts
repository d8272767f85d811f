import { randomBytes } from 'node:crypto'
import type { Database } from './database'

const scope = 'server'

export async function stateOf(database: Database, key: string): Promise<string | undefined> {
  const row = await database.query
    .selectFrom('server_state')
    .select('value')
    .where('scope', '=', scope)
    .where('key', '=', key)
    .executeTakeFirst()
  return row?.value
}

/** Sets it unless another server was quicker; returns what holds. */
export async function stateOnce(database: Database, key: string, value: string): Promise<string> {
  await database.query
    .insertInto('server_state')
    .values({ scope, key, value })
    .onConflict((conflict) => conflict.columns(['scope', 'key']).doNothing())
    .execute()
  return (await stateOf(database, key)) ?? value
}

/** A secret shared by all servers on this database, made when first asked for. */
export const secretOf = (database: Database, key: string): Promise<string> =>
  stateOnce(database, key, randomBytes(32).toString('base64url'))
