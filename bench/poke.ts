/** How soon an open register shows another's check-in, and what it costs to keep it open: 110 secretaries
 *  with the app's own client and 110 branches on our real server, by the two ways the app knows, a request
 *  that waits at the server and a question every three seconds, one after the other on one server.
 *  BENCH_SECONDS sets how long each is measured. */

import { chmod, mkdtemp, rm } from 'node:fs/promises'
import { cpus, loadavg, tmpdir } from 'node:os'
import path from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { Sessions } from '#server/sessions'
import { openDatabase } from '#server/storage/database'
import { Overloaded } from '#sync/server-link'
import { SyncLoop } from '#sync/sync-loop'
import { type Association, associationOf, writeAssociation } from './load/association'
import { asOwner, type BenchCluster, databaseUrl, startCluster } from './load/cluster'
import { cpuMsOf, rest } from './load/cpu'
import { median } from './load/gates'
import { type Program, startProgram } from './load/program'
import { connectedPhone, type Phone } from './poke/phone'
import { ratioText, table } from './table'

const measuredMs = Number(process.env.BENCH_SECONDS ?? 50) * 1_000
const checkInEveryMs = 1_000
/** As long as the slowest way can take. */
const patienceMs = 40_000
const databaseName = 'bench_poke'

/** What keeps a register up to date. The first is no way to do it: it shows that slowness is seen. */
const ways = ['nothing', 'poll', 'poke'] as const
type Way = (typeof ways)[number]
const wayNames: Record<Way, string> = {
  nothing: 'app open, register closed',
  poll: 'asking every 3 s',
  poke: 'waiting at the server',
}

/** In one minute. */
interface Costs {
  readonly serverMs: number
  readonly postgresMs: number
  readonly transactions: number
  /** Of one watching phone. */
  readonly requests: number
  readonly bytes: number
}

interface Measured {
  readonly quiet: Costs
  readonly busy: Costs
  readonly delaysMs: readonly number[]
  readonly missed: number
}

async function main(): Promise<void> {
  const count = Math.ceil(measuredMs / checkInEveryMs)
  const association = associationOf({
    branches: 110,
    perBranch: Math.ceil((count * ways.length) / 110),
    inOneBranch: 0,
    secretaries: 110,
    weeks: 1,
  })
  const folder = await mkdtemp(path.join(tmpdir(), 'study-bench-'))
  await chmod(folder, 0o755)
  const cluster = await startCluster({ dataDir: path.join(folder, 'data') })
  try {
    await asOwner(cluster.url, (client) => client.query(`CREATE DATABASE ${databaseName}`))
    await writeAssociation(databaseUrl(cluster, databaseName), association)
    const server = await startProgram({
      script: path.resolve('dist/server/main.js'),
      environment: { DATABASE_URL: databaseUrl(cluster, databaseName), DEMO: '0', LOG_LEVEL: 'warn' },
    })
    try {
      await rest(server.pid)
      const measured = await measureAll({ association, cluster, server, count })
      show(measured)
    } finally {
      await server.stop()
    }
  } finally {
    await cluster.stop()
    await rm(folder, { recursive: true, force: true })
  }
}

interface Bench {
  readonly association: Association
  readonly cluster: BenchCluster
  readonly server: Program
  /** Of check-ins for each way. */
  readonly count: number
}

async function measureAll(bench: Bench): Promise<Record<Way, Measured>> {
  const database = openDatabase(databaseUrl(bench.cluster, databaseName), { connections: 2 })
  try {
    const sessions = await Sessions.open(database, Date.now)
    const connected = (person: Phone['member']) => connectedPhone(bench.server.url, person, sessions)
    const measured: Partial<Record<Way, Measured>> = {}
    for (const [at, way] of ways.entries()) {
      const { secretaries, spread } = bench.association
      const members = spread.slice(at * bench.count, (at + 1) * bench.count)
      const watching = await inTurn(secretaries, connected)
      const acting = await inTurn(members, connected)
      measured[way] = await measure(way, bench, watching, acting)
      for (const phone of [...watching, ...acting]) phone.close()
    }
    return measured as Record<Way, Measured> // one for each
  } finally {
    await database.pool.end()
  }
}

async function inTurn<Each, Made>(
  all: readonly Each[],
  make: (each: Each) => Promise<Made>,
): Promise<Made[]> {
  const made: Made[] = []
  for (const each of all) made.push(await make(each))
  return made
}

async function measure(
  way: Way,
  bench: Bench,
  watching: readonly Phone[],
  acting: readonly Phone[],
): Promise<Measured> {
  const [week = ''] = bench.association.weeks
  const loops = watching.map(({ replica, link }) => {
    const cannot = () => Promise.reject(new Overloaded(Number.MAX_SAFE_INTEGER))
    return new SyncLoop({
      replica,
      link: way === 'poke' ? link : { ...link, watch: cannot },
      onConnection: () => undefined,
      now: Date.now,
      random: Math.random,
      setTimer: (work, delayMs) => setTimeout(work, delayMs),
      clearTimer: (timer) => clearTimeout(timer as NodeJS.Timeout), // as setTimer gave it
    })
  })
  for (const loop of loops) {
    await sleep(Math.random() * 60) // they did not all open it at once
    loop.wake()
    if (way !== 'nothing') loop.watch()
  }
  await sleep(5_000)
  const quiet = await costsOf(bench, watching, () => sleep(measuredMs))

  const delaysMs: number[] = []
  const seen: Promise<void>[] = []
  const busy = await costsOf(bench, watching, async () => {
    for (const phone of acting) {
      const { person, branch } = phone.member
      const secretary = watching.find(({ member }) => member.branch === branch)
      if (secretary === undefined) throw new Error(`nobody watches ${branch}`)
      const next = sleep(checkInEveryMs)
      const at = await phone.checkIn(week)
      seen.push(
        secretary.sees(week, person, patienceMs).then((seenAt) => {
          if (seenAt !== undefined) delaysMs.push(Math.max(0, seenAt - at))
        }),
      )
      await next
    }
  })
  await Promise.all(seen)
  for (const loop of loops) loop.sleep()
  return { quiet, busy, delaysMs, missed: seen.length - delaysMs.length }
}

async function costsOf(
  { cluster, server }: Bench,
  watching: readonly Phone[],
  work: () => Promise<void>,
): Promise<Costs> {
  const now = async () => ({
    at: performance.now(),
    serverMs: cpuMsOf(server.pid),
    postgresMs: cpuMsOf(cluster.pid),
    transactions: await transactionsOf(cluster),
    requests: watching.reduce((sum, { traffic }) => sum + traffic.requests, 0) / watching.length,
    bytes: watching.reduce((sum, { traffic }) => sum + traffic.bytes, 0) / watching.length,
  })
  const before = await now()
  await work()
  const after = await now()
  const perMinute = (what: keyof typeof after) =>
    ((after[what] - before[what]) * 60_000) / (after.at - before.at)
  return {
    serverMs: perMinute('serverMs'),
    postgresMs: perMinute('postgresMs'),
    transactions: perMinute('transactions'),
    requests: perMinute('requests'),
    bytes: perMinute('bytes'),
  }
}

/** By PostgreSQL's own count. What only reads is one statement in each; a check-in is one with all of its. */
const transactionsOf = (cluster: BenchCluster): Promise<number> =>
  asOwner(cluster.url, async (client) => {
    const { rows } = await client.query<{ count: string }>(
      `SELECT xact_commit + xact_rollback AS count FROM pg_stat_database WHERE datname = $1`,
      [databaseName],
    )
    return Number(rows[0]?.count)
  })

function show(measured: Record<Way, Measured>): void {
  const row = (name: string, { serverMs, postgresMs, transactions, requests, bytes }: Costs) => [
    name,
    serverMs.toFixed(0),
    postgresMs.toFixed(0),
    transactions.toFixed(0),
    requests.toFixed(1),
    (bytes / 1_000).toFixed(1),
  ]
  const head = ['ms CPU of server', 'of PostgreSQL', 'transactions', 'requests of a phone', 'kB of a phone']
  for (const phase of ['quiet', 'busy'] as const) {
    const what = phase === 'quiet' ? 'nothing happens' : 'a check-in each second'
    const rows = ways.map((way) => row(wayNames[way], measured[way][phase]))
    console.log(`\n110 registers open, ${what}; in a minute\n`)
    console.log(table(['', ...head], rows))
    const more = (of: keyof Costs) => {
      const over = (way: Way) => measured[way][phase][of] - measured.nothing[phase][of]
      return ratioText(over('poke') / over('poll'))
    }
    const ratios = (['serverMs', 'postgresMs', 'transactions', 'requests', 'bytes'] as const).map(more)
    console.log(`\nWaiting / asking, of what is more than with registers closed: ${ratios.join(', ')}.`)
  }
  const delays = ways.map((way) => {
    const sorted = [...measured[way].delaysMs].sort((a, b) => a - b)
    const p95 = sorted[Math.floor(sorted.length * 0.95)] ?? Number.NaN
    return [wayNames[way], median(sorted).toFixed(0), p95.toFixed(0), String(measured[way].missed)]
  })
  console.log('\nFrom an accepted check-in to the row in the secretary’s copy\n')
  console.log(table(['', 'median ms', 'p95 ms', 'not seen'], delays))
  const { nothing, poll, poke } = measured
  const slower = median(nothing.delaysMs) / median(poll.delaysMs)
  console.log(`\nWaiting / asking: ${ratioText(median(poke.delaysMs) / median(poll.delaysMs))}.`)
  console.log(`The control, with registers closed, is ${ratioText(slower)} as slow as asking.`)
  console.log(`Load of the machine: ${loadavg()[0]?.toFixed(1)} on ${cpus().length} processors.`)
  if (!(slower > 2)) throw new Error('this measure does not notice what is slow')
}

main().catch((error: Error) => {
  console.error(error)
  process.exitCode = 1
})
