/** How long an admin waits for the roster of a whole association: 3,000 people in 110 branches, shown
 *  and then written by the real server over HTTP, on a durable PostgreSQL as `npm start` runs it. */

import { mkdtemp, rm } from 'node:fs/promises'
import { cpus, loadavg, tmpdir } from 'node:os'
import path from 'node:path'
import type { Pool } from 'pg'
import * as v from 'valibot'
import { rosterDoneSchema, rosterPreviewSchema } from '#protocol/roster'
import { type Database, inTransaction } from '#server/storage/database'
import { startEmbeddedPostgres } from '#server/storage/embedded-postgres'
import { admin } from '#support/branch'
import { largeRoster } from '#support/rosters'
import { type TestServer, testServer } from '#support/server'
import { ratioText, table } from './table'

const size = { branches: 110, people: 3_000 }
const runs = 5
/** Milliseconds that somebody may be kept waiting, and for what. */
const limits = { preview: 2_000, confirmation: 5_000, again: 2_000 }

/** `cpuMs` is this process's own, server and asking client: what is left of it on a quiet machine. */
interface Took {
  readonly ms: number
  readonly cpuMs: number
}

interface Run {
  readonly took: {
    readonly preview: Took
    readonly confirmation: Took
    /** The preview of the same file, once it has been taken. */
    readonly again: Took
    readonly plainInsert: Took
  }
  readonly written: number
  readonly changedAgain: number
}

async function main(): Promise<void> {
  const file = await largeRoster(size)
  const dataDir = path.join(await mkdtemp(path.join(tmpdir(), 'study-bench-')), 'data')
  const postgres = await startEmbeddedPostgres({ dataDir })
  process.env.TEST_DATABASE_URL = postgres.url
  try {
    const measured: Run[] = []
    for (let count = 0; count < runs; count += 1) {
      const server = await testServer()
      try {
        measured.push(await measure(server, file))
      } finally {
        await server.close()
      }
    }
    show(measured)
  } finally {
    await postgres.stop()
    await rm(path.dirname(dataDir), { recursive: true, force: true })
  }
}

async function measure(server: TestServer, file: Buffer): Promise<Run> {
  const { database } = server
  const url = await server.app.listen({ port: 0, host: '127.0.0.1' })
  const { session } = await server.phone(admin)
  const ask = async <T>(at: string, body: FormData | string, schema: v.GenericSchema<unknown, T>) => {
    const authorization = `Bearer ${session.accessToken}`
    const headers = { authorization, ...(typeof body === 'string' && { 'content-type': 'application/json' }) }
    const response = await fetch(`${url}${at}`, { method: 'POST', body, headers })
    if (!response.ok) throw new Error(`${at} was answered ${response.status}: ${await response.text()}`)
    return v.parse(schema, await response.json())
  }
  const upload = () => {
    const form = new FormData()
    form.append('file', new Blob([new Uint8Array(file)]), 'roster.xlsx')
    return ask('/v1/rosters', form, rosterPreviewSchema)
  }

  const before = await recordsIn(database.pool)
  const preview = await timed(upload)
  const { id, added } = preview.result
  if (added.count !== size.people) throw new Error(`only ${added.count} people would be added`)
  const confirmation = await timed(() => ask('/v1/rosters/confirm', JSON.stringify({ id }), rosterDoneSchema))
  const after = await recordsIn(database.pool)
  const again = await timed(upload)
  const { unchanged, id: toConfirm } = again.result
  if (unchanged !== size.people) throw new Error(`only ${unchanged} people were found unchanged`)
  if (toConfirm !== undefined) throw new Error('the same file could be confirmed a second time')
  const changedAgain = (await recordsIn(database.pool)).changes - after.changes
  const written = after.count - before.count
  const plainInsert = await plainInsertOf(database, written)
  return {
    took: {
      preview: preview.took,
      confirmation: confirmation.took,
      again: again.took,
      plainInsert: plainInsert.took,
    },
    written,
    changedAgain,
  }
}

async function recordsIn(pool: Pool): Promise<{ count: number; changes: number }> {
  const { rows } = await pool.query<{ count: number; changes: number }>(
    'SELECT (SELECT count(*) FROM rows) AS count, (SELECT sum(head)::bigint FROM scopes) AS changes',
  )
  return { count: rows[0]?.count ?? 0, changes: rows[0]?.changes ?? 0 }
}

/** The peer: the same records as rows of an equal table, in one transaction and nothing else. */
async function plainInsertOf(database: Database, count: number) {
  await database.pool.query('CREATE TABLE plain (LIKE rows INCLUDING ALL)')
  const { rows } = await database.pool.query<Record<string, unknown>>(
    'SELECT scope, type, key, seq, value::text FROM rows ORDER BY scope, type, key LIMIT $1',
    [count],
  )
  const perStatement = 1_000
  const insertAll = () =>
    inTransaction(database, async (client) => {
      for (let from = 0; from < rows.length; from += perStatement) {
        const some = rows.slice(from, from + perStatement).map((row) => Object.values(row))
        const places = some.map(
          (row, at) => `(${row.map((_, column) => `$${at * row.length + column + 1}`)})`,
        )
        await client.query(`INSERT INTO plain VALUES ${places}`, some.flat())
      }
    })
  return timed(insertAll)
}

async function timed<T>(work: () => Promise<T>): Promise<{ result: T; took: Took }> {
  const start = performance.now()
  const cpu = process.cpuUsage()
  const result = await work()
  const { user, system } = process.cpuUsage(cpu)
  return { result, took: { ms: performance.now() - start, cpuMs: (user + system) / 1_000 } }
}

function show(measured: readonly Run[]): void {
  const ordered = (of: (run: Run) => number) => measured.map(of).sort((a, b) => a - b)
  const median = (of: (run: Run) => number) => ordered(of)[Math.floor(runs / 2)] ?? Number.NaN
  const worst = (of: (run: Run) => number) => ordered(of).at(-1) ?? Number.NaN
  const inserting = median(({ took }) => took.plainInsert.ms)
  const row = (words: string, name: keyof Run['took'], limit?: number) => {
    const ms = ({ took }: Run) => took[name].ms
    const toLimit = limit === undefined ? [] : [median(ms) / limit, worst(ms) / limit].map(ratioText)
    const cpu = median(({ took }) => took[name].cpuMs)
    const [ofMedian = '', ofWorst = ''] = toLimit
    return [
      words,
      median(ms).toFixed(0),
      worst(ms).toFixed(0),
      String(limit ?? ''),
      ofMedian,
      ofWorst,
      ratioText(median(ms) / inserting),
      cpu.toFixed(0),
    ]
  }
  const head = [
    'median ms',
    'worst ms',
    'limit',
    'median / limit',
    'worst / limit',
    'median / INSERT',
    'CPU ms',
  ]
  const rows = [
    row('preview', 'preview', limits.preview),
    row('confirmation', 'confirmation', limits.confirmation),
    row('preview of the same file again', 'again', limits.again),
    row('plain INSERT of as many rows', 'plainInsert'),
  ]
  const records = median(({ written }) => written)
  console.log(`\n${size.people} people in ${size.branches} branches: ${records} records, ${runs} runs\n`)
  console.log(table(['', ...head], rows))
  console.log(`Records changed by the same file again: ${worst((run) => run.changedAgain)}.`)
  console.log(`Load of the machine: ${loadavg()[0]?.toFixed(1)} on ${cpus().length} processors.`)
}

main().catch((error: Error) => {
  console.error(error)
  process.exitCode = 1
})
