/** How many check-ins a second the server takes for good: 512 phones on our real server, sessions,
 *  permissions and outcomes on, beside PostgreSQL's own measure of inserting one row on the same
 *  durable PostgreSQL, in turns. BENCH_RUNS, BENCH_SECONDS and BENCH_WARM_UP_SECONDS set how often
 *  and how long. */

import { chmod, mkdtemp, rm } from 'node:fs/promises'
import { cpus, loadavg, tmpdir } from 'node:os'
import path from 'node:path'
import { type BenchCluster, commitMs, databaseUrl, durabilityOf, startCluster } from './load/cluster'
import { type Gate, gatesText, median } from './load/gates'
import { Generator, type Measured } from './load/generator'
import { type Kept, keptOf, proveCount } from './load/kept'
import type { Load } from './load/orders'
import { benchAssociation, OurServer, prepareTemplate } from './load/our-server'
import { findPgbench, SingleInserts } from './load/pgbench'
import { compiledShim } from './shim/shim'
import { table } from './table'

const runs = Number(process.env.BENCH_RUNS ?? 5)
const measuredMs = Number(process.env.BENCH_SECONDS ?? 4) * 1_000
const warmUpMs = Number(process.env.BENCH_WARM_UP_SECONDS ?? 1) * 1_000
const clients = 512
const p99LimitMs = 250
/** A process that has just started is slow until its code is compiled. */
const leadInMs = 5 * warmUpMs
const slowerByUs = 2_000
const watchEveryMs = 3_000

/** Of each run what was measured, one after the other. */
interface Found {
  readonly spread: Measured[]
  readonly oneBranch: Measured[]
  readonly watched: Measured[]
  readonly oneOfTwo: Measured[]
  readonly twoServers: Measured[]
  readonly plain: number[]
  kept: Kept
}

async function main(): Promise<void> {
  const folder = await mkdtemp(path.join(tmpdir(), 'study-bench-'))
  await chmod(folder, 0o755)
  const pgbench = await findPgbench()
  const shim = await compiledShim(folder).catch(() => undefined)
  const slowly = shim === undefined ? undefined : { LD_PRELOAD: shim, FSYNC_DELAY_US: String(slowerByUs) }
  try {
    const fast = await on(path.join(folder, 'fast'), {}, (bench) => bench.all(pgbench))
    const slow =
      slowly === undefined
        ? undefined
        : await on(path.join(folder, 'slow'), slowly, (bench) => bench.alone(pgbench))
    show(fast, slow, pgbench !== undefined)
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}

async function on(
  dataDir: string,
  environment: Record<string, string>,
  work: (bench: Bench) => Promise<Found>,
): Promise<Found> {
  const cluster = await startCluster({ dataDir, environment })
  try {
    await prepareTemplate(cluster, benchAssociation)
    const alone = await commitMs(cluster)
    console.log(`PostgreSQL: ${await durabilityOf(cluster)}; a commit alone takes ${alone.toFixed(2)} ms`)
    if (alone * 1_000 < Number(environment.FSYNC_DELAY_US ?? 0)) throw new Error('the disk is not slower')
    const server = await OurServer.start(cluster, databaseName)
    const generator = Generator.start()
    try {
      const { spread, inOneBranch, secretaries, weeks } = benchAssociation
      await server.meet(generator, 'spread', spread, weeks)
      await server.meet(generator, 'one-branch', inOneBranch, weeks)
      await server.meet(generator, 'secretaries', secretaries, [])
      return await work(new Bench(cluster, server, generator, path.dirname(dataDir)))
    } finally {
      for (const complaint of server.complaints.slice(0, 3))
        console.log(`  server: ${complaint.slice(0, 300)}`)
      await generator.stop()
      await server.stop()
    }
  } finally {
    await cluster.stop()
  }
}

const databaseName = 'bench_run'

class Bench {
  private readonly found: Found = {
    spread: [],
    oneBranch: [],
    watched: [],
    oneOfTwo: [],
    twoServers: [],
    plain: [],
    kept: { lines: 0, lost: 0, beyond: 0, halves: 0 },
  }

  constructor(
    private readonly cluster: BenchCluster,
    private readonly server: OurServer,
    private readonly generator: Generator,
    private readonly folder: string,
  ) {}

  /** Check-ins and single rows in turns. */
  async alone(pgbench: string | undefined): Promise<Found> {
    const inserts = await this.begin(pgbench)
    for (let count = 0; count < runs; count += 1) {
      this.found.spread.push(await this.load('spread'))
      await this.insert(inserts)
    }
    return this.counted()
  }

  /** The same with everybody in one branch and with registers open; then with a second server. */
  async all(pgbench: string | undefined): Promise<Found> {
    const { spread, oneBranch, watched, oneOfTwo, twoServers } = this.found
    const inserts = await this.begin(pgbench)
    for (let count = 0; count < runs; count += 1) {
      spread.push(await this.load('spread'))
      await this.insert(inserts)
      oneBranch.push(await this.load('one-branch'))
      watched.push(await this.load('spread', { watchers: { group: 'secretaries', everyMs: watchEveryMs } }))
    }
    await this.server.addNode()
    await this.load('spread', { warmUpMs: leadInMs, measuredMs: 1 })
    for (let count = 0; count < runs; count += 1) {
      oneOfTwo.push(await this.load('spread', { urls: this.server.urls.slice(0, 1) }))
      twoServers.push(await this.load('spread'))
    }
    return this.counted()
  }

  private async begin(pgbench: string | undefined): Promise<SingleInserts | undefined> {
    await this.load('spread', { warmUpMs: leadInMs, measuredMs: 1 })
    const url = databaseUrl(this.cluster, databaseName)
    return pgbench === undefined ? undefined : SingleInserts.prepare(pgbench, url, this.folder)
  }

  private load(group: 'spread' | 'one-branch', more: Partial<Load> = {}): Promise<Measured> {
    const load = { group, clients, urls: this.server.urls, warmUpMs, measuredMs, ...more }
    return this.generator.load(load, this.server.pids)
  }

  private async insert(inserts: SingleInserts | undefined): Promise<void> {
    if (inserts === undefined) return
    await inserts.warmUp(warmUpMs / 1_000)
    this.found.plain.push(await inserts.run(measuredMs / 1_000))
  }

  /** The last load of a group knows of all that was ever acknowledged to it. */
  private async counted(): Promise<Found> {
    const { spread, twoServers, oneBranch } = this.found
    for (const [members, last] of [
      [benchAssociation.spread, twoServers.at(-1) ?? spread.at(-1)],
      [benchAssociation.inOneBranch, oneBranch.at(-1)],
    ] as const) {
      if (last === undefined) continue
      const kept = await keptOf(this.server.pool, members, last.acknowledgedTo)
      await proveCount(this.server.pool, members, last.acknowledgedTo)
      const before = this.found.kept
      this.found.kept = {
        lines: before.lines + kept.lines,
        lost: before.lost + kept.lost,
        beyond: before.beyond + kept.beyond,
        halves: before.halves + kept.halves,
      }
    }
    return this.found
  }
}

const ratiosOf = (of: readonly Measured[], to: readonly (Measured | number)[]) =>
  to.map((each, at) => {
    const rate = typeof each === 'number' ? each : each.perSecond
    return (of[at]?.perSecond ?? Number.NaN) / rate
  })

function show(fast: Found, slow: Found | undefined, hasPgbench: boolean): void {
  const noPgbench = hasPgbench ? undefined : 'no pgbench on this machine'
  const looks = (of: (one: Measured) => number) => fast.watched.reduce((total, one) => total + of(one), 0)
  const [answered, turnedAway] = [looks((one) => one.watched), looks((one) => one.turnedAway)]
  const gates: Gate[] = [
    {
      what: 'check-ins / single-row inserts of pgbench',
      ratios: ratiosOf(fast.spread, fast.plain),
      mustBe: 'at least',
      gate: 0.6,
      aim: 1,
      notRun: noPgbench,
    },
    {
      what: `the same with ${slowerByUs / 1_000} ms more for each fsync`,
      ratios: slow === undefined ? [] : ratiosOf(slow.spread, slow.plain),
      mustBe: 'at least',
      gate: 1.5,
      aim: 2,
      notRun: slow === undefined ? 'no cc to compile bench/shim/fsync.c' : noPgbench,
    },
    {
      what: `p99 of ${clients} phones / ${p99LimitMs} ms`,
      ratios: fast.spread.map(({ latencyMs }) => latencyMs.p99 / p99LimitMs),
      mustBe: 'at most',
      gate: 1,
      aim: 0.48,
    },
    {
      what: 'everybody in one branch / over 400',
      ratios: ratiosOf(fast.oneBranch, fast.spread),
      mustBe: 'at least',
      gate: 0.8,
      aim: 1,
    },
    {
      what: 'with 110 registers open / without',
      ratios: turnedAway > answered ? [] : ratiosOf(fast.watched, fast.spread),
      mustBe: 'at least',
      gate: 0.9,
      aim: 1,
      notRun: `${turnedAway} of ${turnedAway + answered} looks were told to come later`,
    },
    {
      what: 'two servers / one',
      ratios: ratiosOf(fast.twoServers, fast.oneOfTwo),
      mustBe: 'at least',
      gate: 1,
      aim: 1,
    },
  ]
  console.log(`\n${clients} phones, medians of ${runs} runs\n`)
  console.log(table(['', '/s', 'p50 ms', 'p95 ms', 'p99 ms', ...cpuHead, 'failed'], rowsOf(fast, slow)))
  console.log(`\n${gatesText(gates)}\n`)
  const kept = [fast.kept, ...(slow === undefined ? [] : [slow.kept])]
  const sum = (name: keyof Kept) => kept.reduce((total, each) => total + each[name], 0)
  const [lost, beyond] = [sum('lost'), sum('beyond')]
  console.log(
    `Of ${sum('lines')} check-ins in PostgreSQL ${beyond} are doubled, and ${lost} acknowledged are lost.`,
  )
  console.log(`Registers: ${answered} looks answered, ${turnedAway} told to come later.`)
  for (const [why, count] of failuresOf(fast, slow)) console.log(`  failed ${count} ×: ${why}`)
  console.log(`Load of the machine: ${loadavg()[0]?.toFixed(1)} on ${cpus().length} processors.`)
  if (lost + beyond > 0) process.exitCode = 1
}

function failuresOf(fast: Found, slow: Found | undefined): Map<string, number> {
  const all = [fast, ...(slow === undefined ? [] : [slow])].flatMap((found) => [
    ...found.spread,
    ...found.oneBranch,
    ...found.watched,
    ...found.oneOfTwo,
    ...found.twoServers,
  ])
  const sum = new Map<string, number>()
  for (const { failures } of all)
    for (const [why, count] of Object.entries(failures)) sum.set(why, (sum.get(why) ?? 0) + count)
  return sum
}

const cpuHead = ['server', 'PostgreSQL', 'generator'].map((each) => `µs CPU of ${each}`)

function rowsOf(fast: Found, slow: Found | undefined): string[][] {
  const row = (what: string, measured: readonly Measured[]) => {
    const of = (value: (one: Measured) => number) => median(measured.map(value)).toFixed(0)
    const perCheckIn = (ms: (one: Measured) => number) => of((one) => (ms(one) * 1_000) / one.acknowledged)
    return [
      what,
      of(({ perSecond }) => perSecond),
      of(({ latencyMs }) => latencyMs.p50),
      of(({ latencyMs }) => latencyMs.p95),
      of(({ latencyMs }) => latencyMs.p99),
      perCheckIn(({ cpuMsOf }) => cpuMsOf.slice(0, -1).reduce((sum, ms) => sum + ms, 0)),
      perCheckIn(({ cpuMsOf }) => cpuMsOf.at(-1) ?? Number.NaN),
      perCheckIn(({ cpuMs }) => cpuMs),
      String(measured.reduce((sum, { failed }) => sum + failed, 0)),
    ]
  }
  const plain = (what: string, rates: readonly number[]) =>
    rates.length === 0 ? [] : [[what, median(rates).toFixed(0)]]
  return [
    row('check-ins over 400 branches', fast.spread),
    ...plain('pgbench, single rows', fast.plain),
    row('in one branch', fast.oneBranch),
    row('with 110 registers open', fast.watched),
    row('one of two servers', fast.oneOfTwo),
    row('both servers', fast.twoServers),
    ...(slow === undefined ? [] : [row('slow disk: check-ins', slow.spread)]),
    ...plain('slow disk: pgbench', slow?.plain ?? []),
  ]
}

main().catch((error: Error) => {
  console.error(error)
  process.exitCode = 1
})
