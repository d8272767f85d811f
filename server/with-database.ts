import { withOpenedDatabase } from './operations/opened-database'
import type { Database } from './storage/database'
import { migrate } from './storage/migrations'

/** For commands beside the server: the database of the settings, brought up to date. A server at work
 *  on the same folder lends its own. */
export const withDatabase = <T>(work: (database: Database) => Promise<T>): Promise<T> =>
  withOpenedDatabase({ alone: false }, async (database) => {
    await migrate(database)
    return work(database)
  })
