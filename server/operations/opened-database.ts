import { settingsFrom } from '../settings'
import { type Database, openDatabase } from '../storage/database'
import { runningEmbeddedPostgres, startEmbeddedPostgres } from '../storage/embedded-postgres'

/** The database of the settings, as it is: nothing is migrated. A server at work on the same folder
 *  lends its own PostgreSQL, unless the work needs it `alone`.
 *  @throws when it is needed alone and a server has it */
export async function withOpenedDatabase<T>(
  { alone }: { alone: boolean },
  work: (database: Database) => Promise<T>,
): Promise<T> {
  const { databaseUrl, dataDir } = settingsFrom(process.env)
  const runningUrl = databaseUrl ?? (alone ? undefined : await runningEmbeddedPostgres(dataDir))
  const embedded = runningUrl === undefined ? await startEmbeddedPostgres({ dataDir }) : undefined
  const database = openDatabase(runningUrl ?? embedded?.url ?? '')
  try {
    return await work(database)
  } finally {
    await database.close()
    await embedded?.stop()
  }
}
