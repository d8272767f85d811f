/** Whether what was acknowledged outlives the power. Our server takes check-ins on a PostgreSQL whose
 *  disk is a file; at some moment everybody is frozen and the disk copied as it is: what nobody had
 *  synced is not on it. PostgreSQL recovers on the copy, and every acknowledged check-in must be
 *  there, whole. ROUNDS sets how often. The same without syncs must lose some, or all of this shows
 *  nothing. It needs Linux and leave to mount. */

import { rmSync } from 'node:fs'
import { cp, mkdtemp } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { Pool } from 'pg'
import { associationOf } from './load/association'
import { type BenchCluster, databaseUrl, startCluster } from './load/cluster'
import { familyOf } from './load/cpu'
import { Disk } from './load/disk'
import { Generator } from './load/generator'
import { type Kept, keptOf } from './load/kept'
import { OurServer, prepareTemplate } from './load/our-server'
import { table } from './table'

const rounds = Number(process.env.ROUNDS ?? 20)
/** Without syncs: until one of so many rounds has lost something. */
const controls = 5
const clients = 64
/** After the first check-in, at some moment between. */
const cutMs = { earliest: 300, latest: 2_500 }
/** The phones find nobody from the cut on, and give up then. */
const loadMs = 10_000

const people = associationOf({ branches: 16, perBranch: 8, inOneBranch: 0, secretaries: 0, weeks: 200 })
const databaseName = 'bench_run'
const unsafe = { fsync: 'off', full_page_writes: 'off' }

interface Round {
  readonly cutAtMs: number
  readonly acknowledged: number
  /** Undefined when PostgreSQL could not be opened on what was left. */
  readonly kept: Kept | undefined
}

/** What is running on a disk of ours. */
const running = new Set<BenchCluster>()

async function main(): Promise<void> {
  const folder = await mkdtemp(path.join(tmpdir(), 'study-bench-'))
  process.once('exit', () => {
    for (const cluster of running) killAll(cluster)
    Disk.leaveAll()
    rmSync(folder, { recursive: true, force: true })
  })
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => process.exit(1))
  const image = path.join(folder, 'disk.img')
  const reason = await whyNot(image)
  if (reason !== undefined) {
    console.log(`Loss of power: not run: ${reason}`)
    return
  }
  await onDisk(image, async ({ folder: mounted }) => {
    const cluster = await started(mounted)
    await prepareTemplate(cluster, people).finally(() => cluster.stop())
    running.delete(cluster)
  })
  const safe: Round[] = []
  for (let count = 0; count < rounds; count += 1) safe.push(await round(folder, image, {}))
  const control: Round[] = []
  while (control.length < controls && !control.some(losesSome))
    control.push(await round(folder, image, unsafe))
  show(safe, control)
}

async function whyNot(image: string): Promise<string | undefined> {
  try {
    await Disk.make(image, '3G')
    await onDisk(image, async () => undefined)
    return undefined
  } catch (error) {
    return `no file system can be mounted here (${(error as Error).message.trim().split('\n').join('; ')})`
  }
}

async function onDisk<T>(image: string, work: (disk: Disk) => Promise<T>): Promise<T> {
  const disk = await Disk.mount(image)
  try {
    return await work(disk)
  } finally {
    await disk.unmount()
  }
}

async function round(folder: string, image: string, settings: Record<string, string>): Promise<Round> {
  const [before, after] = [path.join(folder, 'before.img'), path.join(folder, 'after.img')]
  await cp(image, before)
  const { cutAtMs, acknowledged } = await onDisk(before, (disk) => cut(disk, after, settings))
  const kept = await onDisk(after, ({ folder: mounted }) => found(mounted, acknowledged))
  return { cutAtMs, acknowledged: acknowledged.reduce((sum, count) => sum + count, 0), kept }
}

/** Check-ins until the power goes; how many were acknowledged to each. */
async function cut(
  disk: Disk,
  copy: string,
  settings: Record<string, string>,
): Promise<{ cutAtMs: number; acknowledged: readonly number[] }> {
  const cluster = await started(disk.folder, settings)
  let dies: (() => void) | undefined
  const generator = Generator.start()
  try {
    const server = await OurServer.start(cluster, databaseName)
    dies = () => server.abandon()
    await server.meet(generator, 'everybody', people.spread, people.weeks)
    await disk.sync() // what is older than the load is there in either case
    const cutAtMs = cutMs.earliest + Math.random() * (cutMs.latest - cutMs.earliest)
    const load = generator.load({
      group: 'everybody',
      clients,
      urls: server.urls,
      warmUpMs: 0,
      measuredMs: loadMs,
    })
    load.catch(() => undefined) // heard below
    await sleep(cutAtMs)
    freeze([...familyOf(cluster.pid), ...server.pids])
    await disk.copyAsCut(copy)
    server.abandon()
    killAll(cluster)
    return { cutAtMs, acknowledged: (await load).acknowledgedTo }
  } finally {
    dies?.()
    killAll(cluster)
    await generator.stop()
  }
}

async function started(mounted: string, settings: Record<string, string> = {}): Promise<BenchCluster> {
  const cluster = await startCluster({ dataDir: path.join(mounted, 'data'), settings })
  running.add(cluster)
  return cluster
}

function freeze(pids: readonly number[]): void {
  for (const pid of new Set(pids)) process.kill(pid, 'SIGSTOP')
}

/** PostgreSQL's processes, as the power would end them. */
function killAll(cluster: BenchCluster): void {
  for (const pid of familyOf(cluster.pid)) process.kill(pid, 'SIGKILL')
  running.delete(cluster)
}

async function found(mounted: string, acknowledged: readonly number[]): Promise<Kept | undefined> {
  let cluster: BenchCluster
  try {
    cluster = await started(mounted)
  } catch {
    return undefined
  }
  const pool = new Pool({ connectionString: databaseUrl(cluster, databaseName) })
  try {
    return await keptOf(pool, people.spread, acknowledged)
  } catch {
    return undefined // damaged
  } finally {
    await pool.end()
    await cluster.stop()
    running.delete(cluster)
  }
}

const losesSome = ({ kept }: Round) => kept === undefined || kept.lost > 0 || kept.halves > 0

function show(safe: readonly Round[], control: readonly Round[]): void {
  const row = (what: string, of: readonly Round[]) => {
    const sum = (value: (kept: Kept) => number) =>
      of.reduce((total, { kept }) => total + (kept === undefined ? 0 : value(kept)), 0)
    return [
      what,
      String(of.length),
      String(of.reduce((total, { acknowledged }) => total + acknowledged, 0)),
      String(sum((kept) => kept.lost)),
      String(sum((kept) => kept.halves)),
      String(sum((kept) => kept.beyond)),
      String(of.filter(({ kept }) => kept === undefined).length),
      `${Math.min(...of.map((each) => each.acknowledged))}–${Math.max(...of.map((each) => each.acknowledged))}`,
    ]
  }
  console.log(
    `\n${table(
      [
        'power cuts',
        'rounds',
        'acknowledged',
        'lost',
        'halves',
        'unanswered, kept',
        'not opened',
        'in a round',
      ],
      [row('as npm start runs it', safe), row('control: without fsync', control)],
    )}\n`,
  )
  const isKept = safe.length > 0 && !safe.some(losesSome) && safe.every((each) => each.acknowledged > 0)
  const isShown = control.some(losesSome)
  console.log(isKept ? 'Everything acknowledged was kept, whole.' : 'ACKNOWLEDGED CHECK-INS WERE LOST.')
  if (!isShown) console.log('THE CONTROL LOST NOTHING: these rounds show nothing.')
  if (!isKept || !isShown) process.exitCode = 1
}

main().catch((error: Error) => {
  console.error(error)
  process.exitCode = 1
})
