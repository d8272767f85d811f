/** Our server beside others that take records from phones, 64 clients each, in turns: Parse Server on
 *  the same PostgreSQL, express-pouchdb on LevelDB, Fastify with nothing behind it; and what travels
 *  for one check-in, beside TinyBase. BENCH_RUNS, BENCH_SECONDS and BENCH_WARM_UP_SECONDS set how
 *  often and how long. */

import { execFile } from 'node:child_process'
import { chmod, mkdtemp, rm } from 'node:fs/promises'
import { cpus, loadavg, tmpdir } from 'node:os'
import path from 'node:path'
import { promisify } from 'node:util'
import * as v from 'valibot'
import { asOwner, type BenchCluster, databaseUrl, durabilityOf, startCluster } from './load/cluster'
import { gatesText, median } from './load/gates'
import { Generator, type Measured } from './load/generator'
import { keptOf } from './load/kept'
import { benchAssociation, OurServer, prepareTemplate } from './load/our-server'
import { type Program, startProgram } from './load/program'
import { installPeers, peersFolder } from './peers/install'
import { table } from './table'

const runs = Number(process.env.BENCH_RUNS ?? 5)
const measuredMs = Number(process.env.BENCH_SECONDS ?? 4) * 1_000
const warmUpMs = Number(process.env.BENCH_WARM_UP_SECONDS ?? 1) * 1_000
/** A process that has just started is slow until its code is compiled. */
const leadInMs = 5 * warmUpMs
const clients = 64

const names = ['ours', 'parse', 'couch', 'fastify'] as const
type Name = (typeof names)[number]
type Found = Record<Name, Measured[]>

/** One that is measured: whom the generator speaks as, where, and whose CPU it is. */
interface Peer {
  readonly group: string
  readonly urls: readonly string[]
  readonly pids: readonly number[]
}

async function main(): Promise<void> {
  await installPeers()
  const folder = await mkdtemp(path.join(tmpdir(), 'study-bench-'))
  await chmod(folder, 0o755)
  const cluster = await startCluster({ dataDir: path.join(folder, 'postgres') })
  const { spread, weeks } = benchAssociation
  const programs: Program[] = []
  const generator = Generator.start()
  try {
    await prepareTemplate(cluster, benchAssociation)
    const ours = await OurServer.start(cluster, 'bench_run')
    try {
      await ours.meet(generator, 'ours', spread, weeks)
      const begin = async (script: string, environment: Record<string, string> = {}) => {
        const program = await startProgram({ script, environment })
        programs.push(program)
        return program
      }
      const parse = await begin(path.join(peersFolder, 'parse-server.mjs'), {
        DATABASE_URL: await emptyDatabase(cluster, 'parse'),
      })
      await meetParse(generator, parse)
      const couch = await begin(path.join(peersFolder, 'pouchdb.mjs'), { FOLDER: folder })
      await generator.meet('couch', { speak: 'couch', count: clients })
      const fastify = await begin(path.join(__dirname, 'bare-fastify.js'))
      await ours.meet(generator, 'fastify', spread, weeks)

      const found = await inTurns(generator, {
        ours: { group: 'ours', urls: ours.urls, pids: ours.pids },
        parse: { group: 'parse', urls: [parse.url], pids: [parse.pid, cluster.pid] },
        couch: { group: 'couch', urls: [couch.url], pids: [couch.pid] },
        fastify: { group: 'fastify', urls: [fastify.url], pids: [fastify.pid] },
      })
      const kept = await keptOf(ours.pool, spread, found.ours.at(-1)?.acknowledgedTo ?? [])
      const rows = await asOwner(databaseUrl(cluster, 'parse'), (client) =>
        client.query<{ count: string }>('SELECT count(*) FROM "CheckIn"'),
      )
      show(found, await tinyBaseBytes(folder), {
        durability: await durabilityOf(cluster),
        kept: `Of ${kept.lines} check-ins in PostgreSQL ${kept.beyond} are doubled, and ${kept.lost} acknowledged are lost`,
        parse: `${rows.rows[0]?.count} of Parse Server's, ${totalOf(found.parse)} acknowledged`,
      })
    } finally {
      for (const program of programs) await program.stop()
      await ours.stop()
    }
  } finally {
    await generator.stop()
    await cluster.stop()
    await rm(folder, { recursive: true, force: true })
  }
}

async function inTurns(generator: Generator, peers: Record<Name, Peer>): Promise<Found> {
  const load = ({ group, urls, pids }: Peer, warmUp: number, ms: number) =>
    generator.load({ group, urls, clients, warmUpMs: warmUp, measuredMs: ms }, pids)
  for (const name of names) await load(peers[name], leadInMs, 1)
  const found: Found = { ours: [], parse: [], couch: [], fastify: [] }
  for (let count = 0; count < runs; count += 1)
    for (const name of names) found[name].push(await load(peers[name], warmUpMs, measuredMs))
  return found
}

async function emptyDatabase(cluster: BenchCluster, name: string): Promise<string> {
  await asOwner(cluster.url, (client) => client.query(`CREATE DATABASE ${name} TEMPLATE template0`))
  return databaseUrl(cluster, name)
}

/** As many users as clients, signed in.
 *  @throws unless the server knows a request that comes a second time */
async function meetParse(generator: Generator, { url }: Program): Promise<void> {
  const ask = async (at: string, body: object, more: Record<string, string> = {}) => {
    const headers = { 'content-type': 'application/json', 'x-parse-application-id': 'bench', ...more }
    const answer = await fetch(`${url}/parse${at}`, { method: 'POST', headers, body: JSON.stringify(body) })
    return { isDone: answer.ok, text: await answer.text() }
  }
  const sessionTokens: string[] = []
  for (let seat = 0; seat < clients; seat += 1) {
    const user = { username: `member-${seat}`, password: `of member ${seat}` }
    const { text } = await ask('/users', user, { 'x-parse-request-id': `user-${seat}` })
    sessionTokens.push(v.parse(v.object({ sessionToken: v.string() }), JSON.parse(text)).sessionToken)
  }
  const twice = { 'x-parse-request-id': 'twice' }
  const isTaken = [await ask('/classes/Twice', {}, twice), await ask('/classes/Twice', {}, twice)]
  if (!isTaken[0]?.isDone || isTaken[1]?.isDone) throw new Error('Parse Server took one request twice')
  await generator.meet('parse', { speak: 'parse', sessionTokens })
}

const bytesSchema = v.object({ up: v.number(), down: v.number() })

async function tinyBaseBytes(folder: string): Promise<v.InferOutput<typeof bytesSchema>> {
  const env = { PATH: process.env.PATH, FOLDER: folder }
  const script = path.join(peersFolder, 'tinybase.mjs')
  const { stdout } = await promisify(execFile)(process.execPath, [script], { env })
  return v.parse(bytesSchema, JSON.parse(stdout))
}

const totalOf = (measured: readonly Measured[]) =>
  measured.at(-1)?.acknowledgedTo.reduce((sum, count) => sum + count, 0) ?? 0

function show(
  found: Found,
  tinyBase: { up: number; down: number },
  { durability, kept, parse }: { durability: string; kept: string; parse: string },
): void {
  const ratios = (peer: Name, of: (one: Measured) => number) =>
    found.ours.map((one, at) => of(one) / of(found[peer][at] as Measured)) // as many runs of each
  const rate = ({ perSecond }: Measured) => perSecond
  const cpu = ({ cpuMsOf, acknowledged }: Measured) =>
    (cpuMsOf.reduce((sum, ms) => sum + ms, 0) * 1_000) / acknowledged
  const row = (what: string, name: Name, note: string) => {
    const of = (value: (one: Measured) => number) => median(found[name].map(value)).toFixed(0)
    return [
      what,
      of(rate),
      of(({ latencyMs }) => latencyMs.p50),
      of(({ latencyMs }) => latencyMs.p99),
      of(cpu),
      of((one) => (one.cpuMs * 1_000) / one.acknowledged),
      of(({ bytes }) => bytes.up),
      of(({ bytes }) => bytes.down),
      String(found[name].reduce((sum, { failed }) => sum + failed, 0)),
      note,
    ]
  }
  console.log(`\nPostgreSQL: ${durability}`)
  console.log(`${clients} clients, medians of ${runs} runs\n`)
  const head = ['/s', 'p50 ms', 'p99 ms', 'µs CPU', 'of generator', 'bytes up', 'down', 'failed', 'durable']
  console.log(
    table(
      ['', ...head],
      [
        row('ours', 'ours', 'as PostgreSQL'),
        row('Parse Server', 'parse', 'as PostgreSQL'),
        row('express-pouchdb', 'couch', 'no sync'),
        row('Fastify alone', 'fastify', 'nothing kept'),
      ],
    ),
  )
  console.log(
    `\n${gatesText([
      {
        what: 'check-ins / objects of Parse Server',
        ratios: ratios('parse', rate),
        mustBe: 'at least',
        gate: 10,
        aim: 15,
      },
      {
        what: 'CPU for one, to that of Parse Server',
        ratios: ratios('parse', cpu),
        mustBe: 'at most',
        gate: 0.1,
        aim: 0.07,
      },
      {
        what: 'check-ins / documents of express-pouchdb',
        ratios: ratios('couch', rate),
        mustBe: 'at least',
        gate: 4,
        aim: 4,
      },
    ])}\n`,
  )
  const bytes = median(found.ours.map((one) => one.bytes.up + one.bytes.down))
  const theirs = tinyBase.up + tinyBase.down
  console.log(
    `On the wire for one check-in: ours ${bytes.toFixed(0)} with HTTP's headers, TinyBase ${theirs} ` +
      `(${tinyBase.up} up, ${tinyBase.down} down), ratio ${(bytes / theirs).toFixed(2)}.`,
  )
  console.log(`${kept}; ${parse}.`)
  for (const name of names)
    for (const { failures } of found[name])
      for (const [why, count] of Object.entries(failures)) console.log(`  ${name} failed ${count} ×: ${why}`)
  console.log(`Load of the machine: ${loadavg()[0]?.toFixed(1)} on ${cpus().length} processors.`)
}

main().catch((error: Error) => {
  console.error(error)
  process.exitCode = 1
})
