import { setTimeout as sleep } from 'node:timers/promises'
import { Client } from 'pg'
import { wireName } from '#domain/commands'
import { dayOf, weekOf } from '#domain/day'
import { branchScope } from '#domain/scopes'
import type { SyncRequest } from '#protocol/sync'
import { type Database, openDatabase } from '#server/storage/database'
import { syncStore } from '#server/storage/sync-store'
import { Exchange } from '#server/sync/exchange'
import { linXiao } from '#support/cast'
import { historyDatabase } from '#support/history'
import { testNow } from '#support/test-clock'
import { castBranch } from '../server/demo/cast'

/** What one synchronisation costs the database. */
export interface ServerCosts {
  readonly statements: number
  /** Fetched from the table that holds the history, whether answered or passed over. The others are
   *  so small here that PostgreSQL reads them whole. */
  readonly recordsRead: number
  /** Into all tables. */
  readonly rowsWritten: number
}

/** Lin Xiao's check-in and, after it, a pull that finds nothing new, with so many weeks in the
 *  database and all of them on her phone. */
export async function serverCosts(weeks: number): Promise<{ checkIn: ServerCosts; pull: ServerCosts }> {
  const { url, drop } = await historyDatabase(weeks)
  const phone: SyncRequest = {
    device: 'benchmark000000000',
    actor: linXiao.personId,
    acked: 0,
    push: [],
    pull: {},
  }
  const sync = async (database: Database, push: SyncRequest['push']) => {
    const answer = await new Exchange(syncStore(database)).take({ ...phone, push }, testNow())
    for (const [scope, news] of Object.entries(answer.scopes)) {
      if (news.is === 'rows') phone.pull[scope] = { epoch: news.epoch, seq: news.seq }
    }
    return answer
  }
  try {
    await costOf(url, async (database) => {
      while (Object.keys((await sync(database, [])).scopes).length > 0);
      await database.pool.query('VACUUM ANALYZE') // as the database does by itself before long
    })
    const checkIn = await costOf(url, async (database) => {
      const args = { week: weekOf(dayOf(testNow())) }
      const scope = branchScope(castBranch.id)
      const command = { id: 1, command: wireName('check-in'), scope, args, claimedAt: testNow() }
      const { outcomes } = await sync(database, [command])
      if (outcomes[0]?.result.outcome !== 'accepted') throw new Error('the check-in was not taken')
    })
    const pull = await costOf(url, async (database) => {
      const { scopes } = await sync(database, [])
      if (Object.keys(scopes).length > 0) throw new Error('there was something new')
    })
    return { checkIn, pull }
  } finally {
    await drop()
  }
}

/** By PostgreSQL's own count, on a connection that nothing else uses: it hands its counts over at the
 *  latest when it closes. */
async function costOf(url: string, work: (database: Database) => Promise<void>): Promise<ServerCosts> {
  const before = await rowCounts(url)
  const database = openDatabase(url, { connections: 1 })
  let statements = 0
  database.pool.on('connect', (client) => {
    const query = client.query
    client.query = function counted(this: unknown, ...given: unknown[]) {
      statements += 1
      return Reflect.apply(query, this, given)
    } as typeof query // in all its forms, handed on as they came
  })
  await work(database)
  await database.pool.end() // `close` leaves a pool open that Kysely has not used
  const after = await rowCounts(url)
  return {
    statements,
    recordsRead: after.read - before.read,
    rowsWritten: after.written - before.written,
  }
}

async function rowCounts(url: string): Promise<{ read: number; written: number }> {
  const client = new Client({ connectionString: url })
  await client.connect()
  try {
    await alone(client)
    const { rows } = await client.query<{ read: string; written: string }>(
      `SELECT sum(seq_tup_read + idx_tup_fetch) FILTER (WHERE relname = 'rows') AS read,
        sum(n_tup_ins + n_tup_upd + n_tup_del) AS written FROM pg_stat_user_tables`,
    )
    return { read: Number(rows[0]?.read), written: Number(rows[0]?.written) }
  } finally {
    await client.end()
  }
}

async function alone(client: Client): Promise<void> {
  for (let tries = 0; tries < 200; tries += 1) {
    const { rowCount } = await client.query(
      `SELECT FROM pg_stat_activity
        WHERE datname = current_database() AND pid <> pg_backend_pid() AND backend_type = 'client backend'`,
    )
    if (rowCount === 0) return
    await sleep(20)
  }
  throw new Error('others are connected to the database')
}
