/** Ten times as many phones as one server takes, for a minute, each with one check-in: the server as it
 *  is delivered, on a real PostgreSQL. Its memory must stay bounded, whoever is refused must be told when
 *  to come back, all must be through within twice the ideal, and nothing may be lost or doubled.
 *
 *  The server is made small by a slow disk, not by a slow processor: every fsync of PostgreSQL takes so
 *  much longer that a round of 256 check-ins takes about a second. At full speed two processors, which
 *  the generator shares with the server and PostgreSQL, could not offer ten times what the server takes.
 *  So nothing is said here of a server whose processor is what is short.
 *
 *  FSYNC_MS sets the slowness, BENCH_TIMES and BENCH_SECONDS the crowd, CAPACITY_SECONDS how long it is
 *  measured what the server takes. */

import { rmSync } from 'node:fs'
import { chmod, mkdtemp, writeFile } from 'node:fs/promises'
import { cpus, loadavg, tmpdir } from 'node:os'
import path from 'node:path'
import { associationOf } from './load/association'
import { type BenchCluster, durabilityOf, startCluster } from './load/cluster'
import { familyOf } from './load/cpu'
import { areReached, type Gate, gatesText } from './load/gates'
import { type Gathered, Generator, type Measured } from './load/generator'
import { type Kept, keptOf, proveCount } from './load/kept'
import { overflows } from './load/listening'
import { PeakMemory } from './load/memory'
import { OurServer, prepareTemplate } from './load/our-server'
import { compiledShim } from './shim/shim'
import { ratioText, table } from './table'

const slowerByMs = Number(process.env.FSYNC_MS ?? 1_000)
const times = Number(process.env.BENCH_TIMES ?? 10)
const crowdMs = Number(process.env.BENCH_SECONDS ?? 60) * 1_000
const capacityMs = Number(process.env.CAPACITY_SECONDS ?? 30) * 1_000
const clients = 512
const mostConnections = 3_000
/** On the fast disk, at full speed: a process that has just started is slow until its code is compiled, and
 *  the memory that this much work takes belongs to its capacity. */
const leadInMs = 10_000
/** On the slow disk, until the rounds are full. */
const warmUpMs = 5_000
/** Times the ideal: who is not through then is counted as such. */
const patience = 2.5
/** As in `server/sync/pushes.ts`: with them it is known what a slow disk can let through at most. */
const mostInRound = 256
/** The crowd outlives an access token. It brings tokens that are good for longer, for a renewal is
 *  another request: what is offered here are check-ins alone. */
const signedInFor = 3_600_000

const people = associationOf({ branches: 400, perBranch: 10, inOneBranch: 0, secretaries: 0, weeks: 320 })
/** To have the server's measure taken with; the crowd checks in to the others. */
const weeksBefore = 120
const group = 'everybody'
const databaseName = 'bench_run'

interface Found {
  readonly capacity: Measured
  readonly crowd: Gathered
  readonly phones: number
  /** Of everybody on this machine, while the crowd was there. */
  readonly overflows: number
  /** Of the server's memory, in each minute. */
  readonly peakMb: { readonly atCapacity: readonly number[]; readonly inCrowd: readonly number[] }
  readonly kept: Kept
}

/** A disk for PostgreSQL, as slow as is said at the moment. */
class SlowDisk {
  private constructor(
    private readonly file: string,
    readonly environment: Readonly<Record<string, string>>,
  ) {}

  static async make(folder: string): Promise<SlowDisk> {
    const file = path.join(folder, 'fsync-delay-us')
    const disk = new SlowDisk(file, { LD_PRELOAD: await compiledShim(folder), FSYNC_DELAY_FILE: file })
    await disk.slowBy(0)
    return disk
  }

  async slowBy(ms: number): Promise<void> {
    await writeFile(this.file, String(ms * 1_000), { mode: 0o644 })
  }
}

/** What is running. */
let cluster: BenchCluster | undefined
let server: OurServer | undefined

async function main(): Promise<void> {
  const folder = await mkdtemp(path.join(tmpdir(), 'study-bench-'))
  await chmod(folder, 0o755)
  process.once('exit', () => {
    server?.abandon()
    if (cluster !== undefined) for (const pid of familyOf(cluster.pid)) process.kill(pid, 'SIGKILL')
    rmSync(folder, { recursive: true, force: true })
  })
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => process.exit(1))
  const disk = await SlowDisk.make(folder).catch(() => undefined)
  if (disk === undefined) {
    console.log('Overload: not run: no cc to compile bench/shim/fsync.c')
    return
  }
  const generator = Generator.start()
  try {
    cluster = await startCluster({ dataDir: path.join(folder, 'data'), environment: disk.environment })
    console.log(
      `PostgreSQL: ${await durabilityOf(cluster)}.\nIts disk is made slow: each fsync takes ` +
        `${slowerByMs} ms more, so that the server takes few enough check-ins a second to be\n` +
        `offered ${times} times as many on ${cpus().length} processors. The disk is what is short here, not the processors.`,
    )
    await prepareTemplate(cluster, people)
    server = await OurServer.start(cluster, databaseName)
    show(await overloaded(server, disk, generator))
  } finally {
    await disk.slowBy(0) // everybody ends sooner
    for (const complaint of server?.complaints.slice(0, 3) ?? [])
      console.log(`  server: ${complaint.slice(0, 300)}`)
    await generator.stop()
    await server?.stop()
    server = undefined
    await cluster?.stop()
    cluster = undefined
  }
}

async function overloaded(on: OurServer, disk: SlowDisk, generator: Generator): Promise<Found> {
  const { spread, weeks } = people
  await on.meet(generator, group, spread, weeks.slice(0, weeksBefore), () => Date.now() + signedInFor)
  const load = { group, clients, urls: on.urls }
  await generator.load({ ...load, warmUpMs: leadInMs, measuredMs: 1 })
  await on.pool.query('CHECKPOINT') // what was written fast is not synced slowly
  await disk.slowBy(slowerByMs)

  const [memory, url] = [() => new PeakMemory(on.pids[0] ?? Number.NaN), on.urls[0] ?? '']
  const before = memory()
  const capacity = await generator.load({ ...load, warmUpMs, measuredMs: capacityMs }, on.pids)
  const atCapacity = before.stop()
  if (capacity.perSecond > (1.2 * mostInRound * 1_000) / slowerByMs) throw new Error('the disk is not slower')
  const perSecond = times * capacity.perSecond
  const phones = Math.round((perSecond * crowdMs) / 1_000)
  const giveUpAfterMs = (patience * phones * 1_000) / capacity.perSecond
  console.log(
    `It takes ${capacity.perSecond.toFixed(0)} a second. Now ${phones} phones come within ` +
      `${crowdMs / 1_000} s: ${(phones / capacity.perSecond / 60).toFixed(1)} minutes' work.`,
  )

  const [during, overflowsBefore] = [memory(), overflows()]
  const crowd = await generator.crowd(
    { group, weeks: weeks.slice(weeksBefore), phones, perSecond, url, mostConnections, giveUpAfterMs },
    on.pids,
  )
  const [inCrowd, overflowed] = [during.stop(), overflows() - overflowsBefore]
  await disk.slowBy(0)
  const kept = await keptOf(on.pool, spread, crowd.acknowledgedTo)
  await proveCount(on.pool, spread, crowd.acknowledgedTo)
  return { capacity, crowd, phones, overflows: overflowed, peakMb: { atCapacity, inCrowd }, kept }
}

const most = (values: readonly number[]) => Math.max(...values)
const idealMs = ({ phones, capacity }: Found) => (phones * 1_000) / capacity.perSecond
const seconds = (ms: number) => (ms / 1_000).toFixed(ms < 10_000 ? 1 : 0)

function show(found: Found): void {
  const gates = gatesOf(found)
  console.log(`\n${table(['', ''], rowsOf(found))}\n`)
  console.log(
    `${table(['minute', 'requests', 'refused', 'acknowledged', 'server, peak MB'], minutesOf(found))}\n`,
  )
  console.log(`${gatesText(gates)}\n`)
  const { crowd, kept } = found
  console.log(
    `Of ${kept.lines} check-ins in PostgreSQL ${kept.beyond} are doubled or were never acknowledged, ` +
      `${kept.lost} acknowledged are lost, ${kept.halves} are there by halves.`,
  )
  for (const [why, count] of Object.entries(crowd.broken)) console.log(`  broken ${count} ×: ${why}`)
  const failures = [...Object.entries(found.capacity.failures), ...Object.entries(crowd.failures)]
  for (const [why, count] of failures) console.log(`  failed ${count} ×: ${why}`)
  console.log(`Load of the machine: ${loadavg()[0]?.toFixed(1)} on ${cpus().length} processors.`)
  if (!areReached(gates)) process.exitCode = 1
}

function rowsOf(found: Found): string[][] {
  const { capacity, crowd, phones, peakMb } = found
  const sum = (counts: Readonly<Record<string, number>>) =>
    String(Object.values(counts).reduce((total, count) => total + count, 0))
  const share = (ms: number | undefined, ofMs: number) =>
    `${(((ms ?? Number.NaN) / ofMs) * 100).toFixed(0)} %`
  const cpuOf = (of: Measured | Gathered, ofMs: number) =>
    [of.cpuMsOf[0], of.cpuMsOf[1], of.cpuMs].map((ms) => share(ms, ofMs)).join(', ')
  return [
    [`capacity: ${clients} phones one after the other, check-ins a second`, capacity.perSecond.toFixed(0)],
    ['phones of the crowd', String(phones)],
    ['offered a second', crowd.offeredPerSecond.toFixed(0)],
    ['÷ capacity', ratioText(crowd.offeredPerSecond / capacity.perSecond)],
    ['until the last was acknowledged, s', seconds(crowd.lastAfterMs)],
    ['÷ ideal (phones ÷ capacity)', ratioText(crowd.lastAfterMs / idealMs(found))],
    ['requests for each phone', (crowd.requests / phones).toFixed(2)],
    ['refused', String(crowd.refused)],
    ['refused without a time to come back', String(crowd.refusedWithoutTime)],
    ['broken, or no answer in 15 s', sum(crowd.broken)],
    ['failed otherwise', sum(crowd.failures)],
    ['not through', String(crowd.notThrough)],
    ['from coming to acknowledgement, p50 s', seconds(crowd.latencyMs.p50)],
    ['p95 s', seconds(crowd.latencyMs.p95)],
    ['p99 s', seconds(crowd.latencyMs.p99)],
    ['memory of the server at capacity, peak MB', most(peakMb.atCapacity).toFixed(0)],
    ['in the crowd, peak MB', most(peakMb.inCrowd).toFixed(0)],
    ['÷ at capacity', ratioText(most(peakMb.inCrowd) / most(peakMb.atCapacity))],
    [
      'CPU of server, PostgreSQL, generator at capacity, of one processor',
      cpuOf(capacity, capacity.measuredMs),
    ],
    ['while the crowd comes', cpuOf(crowd, crowdMs)],
    [`connections at once, of ${mostConnections} at most`, String(crowd.mostConnections)],
    ['requests that waited for one', String(crowd.waits.count)],
    ['longest of them, s', seconds(crowd.waits.longestMs)],
    ['connections dropped by the kernel, of all on this machine', String(found.overflows)],
  ]
}

const minutesOf = ({ crowd, peakMb }: Found) =>
  crowd.minutes.map(({ requests, refused, acknowledged }, at) => [
    ...[at + 1, requests, refused, acknowledged].map(String),
    (peakMb.inCrowd[at] ?? Number.NaN).toFixed(0),
  ])

function gatesOf(found: Found): Gate[] {
  const { capacity, crowd, peakMb, kept } = found
  const none = (what: string, count: number): Gate => ({
    what,
    ratios: [count],
    mustBe: 'at most',
    gate: 0,
    aim: 0,
  })
  return [
    {
      what: 'offered / capacity',
      ratios: [crowd.offeredPerSecond / capacity.perSecond],
      mustBe: 'at least',
      gate: 0.95 * times,
      aim: 0.99 * times,
    },
    {
      what: 'time until all were through / ideal',
      ratios: [crowd.lastAfterMs / idealMs(found)],
      mustBe: 'at most',
      gate: 2,
      aim: 1.3,
    },
    {
      what: 'peak memory of the server in the crowd / at capacity',
      ratios: [most(peakMb.inCrowd) / most(peakMb.atCapacity)],
      mustBe: 'at most',
      gate: 1.5,
      aim: 1.2,
    },
    none('refused without a time', crowd.refusedWithoutTime),
    none('not through', crowd.notThrough),
    none('lost', kept.lost),
    none('doubled', kept.beyond),
  ]
}

main().catch((error: Error) => {
  console.error(error)
  process.exitCode = 1
})
