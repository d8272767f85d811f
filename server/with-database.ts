import { settingsFrom } from './settings'
import { type Database, openDatabase } from './storage/database'
import { runningEmbeddedPostgres, startEmbeddedPostgres } from './storage/embedded-postgres'
import { migrate } from './storage/migrations'

/** For commands beside the server: the database of the settings, brought up to date. A server at work
 *  on the same folder lends its own. */
export async function withDatabase<T>(work: (database: Database) => Promise<T>): Promise<T> {
  const settings = settingsFrom(process.env)
  const runningUrl = settings.databaseUrl ?? (await runningEmbeddedPostgres(settings.dataDir))
  const embedded =
    runningUrl === undefined ? await startEmbeddedPostgres({ dataDir: settings.dataDir }) : undefined
  const database = openDatabase(runningUrl ?? embedded?.url ?? '')
  try {
    await migrate(database)
    return await work(database)
  } finally {
    await database.close()
    await embedded?.stop()
  }
}
