import { Crowd } from './crowd'
import { freshDatabase } from './database'
import type { Manner, PatientPhone } from './patient-phone'
import { type KeptBack, PostgresProxy } from './postgres-proxy'
import { ServerProcess } from './server-process'
import { within, withinMs } from './within'

/** What a killed server left behind: a commit kept back, and what was found of it. */
export interface Kill {
  readonly isCommitted: boolean
  readonly isAnswered: boolean
}

interface Moment {
  readonly keepsBack: KeptBack
  /** So many commits of check-ins go through before. */
  readonly passes: number
  /** Which server: 0 unless told. */
  readonly node?: number
}

interface KilledServerOptions {
  /** How many servers there are, on one database. */
  readonly nodes?: number
  readonly manner?: Manner
}

/** One server, on PostgreSQL through a proxy of its own. */
interface Node {
  readonly process: ServerProcess
  readonly proxy: PostgresProxy
}

/** A phone whose commands were in the commit kept back. */
interface Carried {
  readonly phone: PatientPhone
  readonly acts: PatientPhone['open']
  readonly attempt: Promise<unknown>
}

/** The real server in processes of its own, under check-ins in two branches, to be killed at one
 *  moment: around a commit of check-ins. */
export class KilledServer {
  private carried: readonly Carried[] = []

  private constructor(
    readonly crowd: Crowd,
    readonly nodes: readonly Node[],
    private readonly drop: () => Promise<void>,
  ) {}

  static async prepare({ nodes: count = 1, manner }: KilledServerOptions): Promise<KilledServer> {
    const { url, drop } = await freshDatabase()
    const nodes: Node[] = []
    while (nodes.length < count) {
      const proxy = await PostgresProxy.open(url)
      nodes.push({ proxy, process: await ServerProcess.prepare({ DATABASE_URL: proxy.url }) })
    }
    const addresses = nodes.map(({ process }) => process.url)
    // Where one server is always there, the phones would check in to a great many weeks.
    const crowd = await Crowd.prepare({ databaseUrl: url, addresses, manner, restMs: count > 1 ? 50 : 0 })
    return new KilledServer(crowd, nodes, drop)
  }

  get problems(): string[] {
    return [...this.crowd.problems, ...this.nodes.flatMap(({ process }) => process.complaints)]
  }

  get startMs(): number[] {
    return this.nodes.flatMap(({ process }) => process.startMs).sort((a, b) => a - b)
  }

  /** Starts what is not running, lets some commits of one server pass, and kills it at the next. The
   *  phones begin at the first start and go on whether it is there or not; those whose commit was
   *  caught stand still until PostgreSQL has been asked for it. */
  async killAround(moment: Moment): Promise<Kill> {
    await this.crowd.planAhead()
    await this.startAll()
    const running = this.crowd.checkIns()
    const node = this.nodes[moment.node ?? 0]
    if (node === undefined) throw new Error(`there is no server ${moment.node}`)
    const caught = node.proxy.catchCommit(moment, (written) => {
      node.process.kill()
      return this.carriedIn(written)
    })
    const carried = await Promise.race([caught, running.then(tooEarly), failsAfter(withinMs)])
    if ((await node.process.end()) !== 'SIGKILL') throw new Error('the server ended by itself')
    node.proxy.cutOff()
    await Promise.all(carried.map(({ attempt }) => attempt))
    const kill = {
      isCommitted: carried.length > 0 && (await everyOne(carried, (each) => this.isKept(each))),
      isAnswered: !carried.every(isUnanswered),
    }
    for (const { phone } of carried) phone.goOn()
    this.carried = carried
    return kill
  }

  /** Resolves when those whose commit was caught last have an answer from another server, while
   *  theirs is not there. */
  async answeredElsewhere(): Promise<void> {
    await within(
      () => !this.carried.some(isUnanswered),
      () => 'the other server does not answer',
    )
  }

  private carriedIn(written: readonly string[]): Carried[] {
    const phones = this.crowd.phones.filter(({ device }) => written.some((text) => text.includes(device)))
    return phones.map((phone) => {
      phone.standStill()
      return { phone, acts: phone.open, attempt: phone.attempt }
    })
  }

  /** Asks PostgreSQL itself: outcome, both lines and the number of the device, all or nothing. */
  private async isKept({ phone, acts }: Carried): Promise<boolean> {
    const { rows } = await this.crowd.database.pool.query<{ outcomes: number; lines: number; last: number }>(
      `SELECT (SELECT count(*) FROM devices, jsonb_array_elements(outcomes) AS told
          WHERE scope = $1 AND device = $2 AND (told->'id')::bigint = ANY($3)) AS outcomes,
        (SELECT count(*) FROM rows WHERE type = 'register-line' AND
          (scope, key) IN (SELECT * FROM unnest($4::text[], $5::text[]))) AS lines,
        (SELECT last FROM devices WHERE scope = $1 AND device = $2) AS last`,
      [
        `member:${phone.who}`,
        phone.device,
        acts.map(({ command }) => command.id),
        acts.flatMap(() => [`member:${phone.who}`, `review:${phone.branch}`]),
        acts.flatMap(({ week }) => [`${week}/${phone.branch}`, `${week}/${phone.who}`]),
      ],
    )
    const [found] = rows
    return (
      acts.length > 0 &&
      found?.outcomes === acts.length &&
      found.lines === 2 * acts.length &&
      found.last === acts.at(-1)?.command.id
    )
  }

  private async startAll(): Promise<void> {
    for (const { process } of this.nodes) if (!process.isRunning) await process.start()
  }

  /** Starts what is not running a last time, and lets the phones come to their end. */
  async settle(): Promise<boolean> {
    await this.startAll()
    return this.crowd.settle()
  }

  async close(): Promise<void> {
    for (const phone of this.crowd.phones) phone.switchOff()
    for (const { process, proxy } of this.nodes) {
      await process.stop()
      await proxy.close()
    }
    await this.crowd.leave()
    await this.drop()
  }
}

export async function underKills(
  options: KilledServerOptions,
  work: (server: KilledServer) => Promise<void>,
): Promise<void> {
  const server = await KilledServer.prepare(options)
  try {
    await work(server)
  } finally {
    await server.close()
  }
}

const isUnanswered = ({ phone, acts }: Carried) => !acts.some(({ command }) => phone.answered.has(command.id))

async function everyOne<T>(all: readonly T[], holds: (each: T) => Promise<boolean>): Promise<boolean> {
  return (await Promise.all(all.map(holds))).every(Boolean)
}

const tooEarly = (): never => {
  throw new Error('the phones ended before the server')
}

const failsAfter = (ms: number) =>
  new Promise<never>((_, reject) => {
    setTimeout(() => reject(new Error(`nothing happened for ${ms / 1000} s`)), ms).unref()
  })
