import type { PoolClient } from 'pg'
import { type Database, inTransaction } from '../storage/database'

/** The one place where what people do becomes durable: nothing is answered before its commit.
 *
 *  Today each request is a transaction of its own. Requests that arrive together will share one
 *  here, without their callers noticing. */
export function commit<T>(database: Database, work: (client: PoolClient) => Promise<T>): Promise<T> {
  return inTransaction(database, work)
}
