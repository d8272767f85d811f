import { parseArgs } from 'node:util'
import type { PoolClient } from 'pg'
import { type Database, inTransaction } from '../storage/database'
import { latestMigration, migrate, migrateWithin, migrations } from '../storage/migrations'
import { type BackupHead, newer, readBackupFile, UnusableBackup } from './backup-file'
import { endAllSessions, endOpenInvitations, raiseEpochs } from './going-back'
import { withOpenedDatabase } from './opened-database'
import { schemaOf, type Table, tablesOf } from './tables'

/** Of one statement. */
const batchRows = 1_000
const batchLength = 4_000_000

export interface Restored {
  readonly takenAt: number
  readonly rows: number
  readonly wentBack: WentBack
}

export interface WentBack {
  readonly epoch: number
  readonly invitations: number
  readonly sessions: number
}

/** Fills an empty database from a backup, brings it to the schema of this version, and tells phones
 *  that the server went back; all of it or nothing. The whole file is looked through first.
 *  @throws {UnusableBackup} when the file is not sound
 *  @throws when the database is not empty */
export async function restore(
  database: Database,
  file: string,
  options: { now: number; endsSessions: boolean },
): Promise<Restored> {
  const head = await readBackupFile(file, async () => undefined)
  if (!Object.hasOwn(migrations, head.migration)) throw newer(file)
  return inTransaction(database, async (client) => {
    await makeRoom(client)
    await migrateWithin(client, head.migration)
    checkColumns(head, await tablesOf(client), file)
    await fill(client, file)
    await migrateWithin(client, latestMigration)
    const wentBack = await goBack(client, options)
    const rows = head.tables.reduce((sum, table) => sum + table.rows, 0)
    return { takenAt: head.takenAt, rows, wentBack }
  })
}

/** For whoever put the database back by other means: a folder, pg_restore, the provider's own.
 *  @throws what the database throws; then nothing was changed */
export async function tellThatItWentBack(
  database: Database,
  options: { now: number; endsSessions: boolean },
): Promise<WentBack> {
  await migrate(database)
  return inTransaction(database, (client) => goBack(client, options))
}

async function goBack(
  client: PoolClient,
  { now, endsSessions }: { now: number; endsSessions: boolean },
): Promise<WentBack> {
  return {
    epoch: await raiseEpochs(client, now),
    invitations: await endOpenInvitations(client),
    sessions: endsSessions ? await endAllSessions(client, now) : 0,
  }
}

/** A database that a server was started on, and nobody has used, counts as empty.
 *  @throws when there is anything in it */
async function makeRoom(client: PoolClient): Promise<void> {
  const tables = await tablesOf(client)
  if (tables.length === 0) return
  if ((await schemaOf(client)) === undefined) throw notEmpty('it holds tables that are not of this server')
  for (const { name } of tables) {
    // The key that signs tokens is made when a server starts.
    const used = name === 'server_state' ? `WHERE key = 'organization'` : ''
    const { rows } = await client.query<{ is: boolean }>(
      `SELECT EXISTS (SELECT FROM "${name}" ${used}) AS is`,
    )
    if (rows[0]?.is) throw notEmpty(`there is something in its table ${name}`)
  }
  const all = [...tables.map(({ name }) => `"${name}"`), 'kysely_migration', 'kysely_migration_lock']
  await client.query(`DROP TABLE ${all.join(', ')}`)
}

const notEmpty = (why: string) =>
  new Error(
    `The database is not empty: ${why}. Nothing was changed. Restore into a new one: set DATA_DIR to a new folder, or make a database with createdb and name it in DATABASE_URL.`,
  )

function checkColumns(head: BackupHead, tables: readonly Table[], file: string): void {
  const known = new Set(tables.flatMap(({ name, columns }) => columns.map((column) => `${name}.${column}`)))
  for (const { name, columns } of head.tables) {
    const strange = columns.find((column) => !known.has(`${name}.${column}`))
    if (strange === undefined) continue
    throw new UnusableBackup(
      `${file} holds ${name}.${strange}, which schema ${head.migration} does not have: somebody else changed that database. Nothing was changed.`,
    )
  }
}

async function fill(client: PoolClient, file: string): Promise<void> {
  let batch: string[] = []
  let length = 0
  let table = ''
  const write = async () => {
    if (batch.length === 0) return
    await client.query(
      `INSERT INTO "${table}" SELECT * FROM json_populate_recordset(NULL::"${table}", $1::json)`,
      [`[${batch.join(',')}]`],
    )
    batch = []
    length = 0
  }
  await readBackupFile(file, async (name, row) => {
    if (name !== table || batch.length >= batchRows || length + row.length > batchLength) await write()
    table = name
    batch.push(row)
    length += row.length
  })
  await write()
}

const usage = `Fills a new, empty database from a backup, with the server stopped:
  npm run restore -- FILE [--end-sessions]
After the database was put back by other means:
  npm run restore -- --epoch-only [--end-sessions]
--end-sessions also signs everybody out.`

async function main(): Promise<void> {
  const { positionals, values } = parseArgs({
    allowPositionals: true,
    options: { 'epoch-only': { type: 'boolean' }, 'end-sessions': { type: 'boolean' } },
  })
  const [file] = positionals
  const options = { now: Date.now(), endsSessions: values['end-sessions'] ?? false }
  if (values['epoch-only']) {
    if (file !== undefined) throw new Error(usage)
    say(await withOpenedDatabase({ alone: false }, (database) => tellThatItWentBack(database, options)))
    return
  }
  if (file === undefined || positionals.length > 1) throw new Error(usage)
  const restored = await withOpenedDatabase({ alone: true }, (database) => restore(database, file, options))
  process.stdout.write(`${restored.rows} rows, as of ${new Date(restored.takenAt).toISOString()}\n`)
  say(restored.wentBack)
}

function say({ epoch, invitations, sessions }: WentBack): void {
  process.stdout.write(`Phones are told that the server went back (epoch ${epoch}).\n`)
  process.stdout.write(`Ended: ${invitations} invitations not used yet, ${sessions} sessions.\n`)
}

if (require.main === module) {
  main().catch((error: Error) => {
    process.stderr.write(`${error.message}\n`)
    process.exit(1)
  })
}
