/** What a check-in leaves behind in the database, and what a renewed session costs beside it: the real
 *  synchronisation and sessions on a durable PostgreSQL, without HTTP. PEOPLE sets how many check in. */

import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import type { Pool } from 'pg'
import { wireName } from '#domain/commands'
import { branchScope } from '#domain/scopes'
import { Sessions } from '#server/sessions'
import { openDatabase } from '#server/storage/database'
import { startEmbeddedPostgres } from '#server/storage/embedded-postgres'
import { syncStore } from '#server/storage/sync-store'
import { Exchange } from '#server/sync/exchange'
import { freshDatabase } from '#support/database'
import { type Association, associationOf, writeAssociation } from './load/association'
import { ratioText, table } from './table'

const people = Number(process.env.PEOPLE ?? 4_000)
const perBranch = 27 // an association of 3,000 in 110 branches
const atOnce = 256
const [weeks, runs] = [6, 5]

async function main(): Promise<void> {
  const dataDir = path.join(await mkdtemp(path.join(tmpdir(), 'study-bench-')), 'data')
  const postgres = await startEmbeddedPostgres({ dataDir })
  process.env.TEST_DATABASE_URL = postgres.url
  try {
    const { url, drop } = await freshDatabase()
    const size = { branches: Math.ceil(people / perBranch), perBranch, inOneBranch: 1, secretaries: 1, weeks }
    const association = associationOf(size)
    await writeAssociation(url, association)
    await measure(url, association)
    await drop()
  } finally {
    await postgres.stop()
    await rm(path.dirname(dataDir), { recursive: true, force: true })
  }
}

async function measure(url: string, { spread, weeks }: Association): Promise<void> {
  const database = openDatabase(url)
  const exchange = new Exchange(syncStore(database))
  const sessions = await Sessions.open(database, Date.now)
  const signedIn = new Map<string, string>()
  await inTurns(spread, async ({ person }) => {
    const session = await sessions.begin(person)
    if (session === undefined) throw new Error(`${person} is nobody here`)
    signedIn.set(person, session.refreshToken)
  })
  const checkIn = (id: number) =>
    inTurns(spread, async ({ person, branch }) => {
      const args = { week: weeks[id - 1] }
      const command = {
        id,
        command: wireName('check-in'),
        scope: branchScope(branch),
        args,
        claimedAt: Date.now(),
      }
      const device = `footprint-of-${person}`.slice(0, 40).padEnd(16, '0')
      const request = { device, actor: person, acked: id - 1, push: [command], pull: {} }
      const { outcomes } = await exchange.take(request, Date.now())
      if (outcomes[0]?.result.outcome !== 'accepted')
        throw new Error(`the check-in was ${JSON.stringify(outcomes[0])}`)
    })
  const renew = () =>
    inTurns(spread, async ({ person }) => {
      const session = await sessions.refresh(signedIn.get(person) ?? '')
      if (session === undefined) throw new Error('a session was over')
      await sessions.verify(session.accessToken) // its first use is written down
      signedIn.set(person, session.refreshToken)
    })

  await checkIn(1) // makes each device: so much is left once for each phone
  await renew()
  const ratios: number[] = []
  const left: Left[] = []
  for (let run = 1; run <= runs; run += 1) {
    const before = await sizesOf(database.pool)
    const checkInMs = await timeOf(() => checkIn(run + 1))
    const after = await sizesOf(database.pool)
    left.push({
      stored: (after.stored - before.stored) / spread.length,
      logged: (after.logged - before.logged) / spread.length,
    })
    ratios.push((await timeOf(renew)) / checkInMs)
  }
  await database.close()
  const median = (of: readonly number[]) => [...of].sort((a, b) => a - b)[of.length >> 1] ?? Number.NaN
  console.log(`${spread.length} people in branches of ${perBranch}, ${runs} weeks after the first, medians:`)
  console.log(
    table(
      ['', 'each'],
      [
        [
          'bytes stored by a check-in, tables and indexes',
          median(left.map(({ stored }) => stored)).toFixed(0),
        ],
        ['bytes it writes to the log of PostgreSQL', median(left.map(({ logged }) => logged)).toFixed(0)],
        ['time of a renewed session ÷ time of a check-in', ratioText(median(ratios))],
      ],
    ),
  )
}

interface Left {
  readonly stored: number
  readonly logged: number
}

async function inTurns<Item>(items: readonly Item[], work: (item: Item) => Promise<void>): Promise<void> {
  const queue = items.values()
  await Promise.all(
    Array.from({ length: atOnce }, async () => {
      for (const item of queue) await work(item)
    }),
  )
}

async function timeOf(work: () => Promise<unknown>): Promise<number> {
  const begun = performance.now()
  await work()
  return performance.now() - begun
}

async function sizesOf(pool: Pool): Promise<Left> {
  const { rows } = await pool.query<Left>(
    `SELECT sum(pg_total_relation_size(oid))::bigint AS stored,
        (pg_current_wal_lsn() - '0/0')::bigint AS logged
      FROM pg_class WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace`,
  )
  const [sizes] = rows
  if (sizes === undefined) throw new Error('PostgreSQL did not say how large it is')
  return sizes
}

main().catch((error: Error) => {
  console.error(error)
  process.exitCode = 1
})
