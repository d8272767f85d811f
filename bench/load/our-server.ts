import path from 'node:path'
import type { Pool } from 'pg'
import type { Week } from '#domain/day'

import { organizationScope } from '#domain/scopes'
import type { Cursor } from '#protocol/sync'
import { packedRequest } from '#protocol/wire'
import { Sessions } from '#server/sessions'
import { type Database, openDatabase } from '#server/storage/database'
import { association } from '#support/branch'
import flags from '../../config/server-flags.json'
import { type Association, associationOf, type Member, writeAssociation } from './association'
import { asOwner, type BenchCluster, databaseUrl } from './cluster'
import { rest } from './cpu'
import type { Generator } from './generator'
import type { PersonOnPhone } from './orders'
import { type Program, startProgram } from './program'

const template = 'bench_template'

/** A folder for what `node --cpu-prof` writes of each server, to be read in a browser's tools. */
const profiles = process.env.BENCH_PROFILES

/** Of the association's: each of 400 branches has ten who check in, and one has more than any has. */
export const benchAssociation = associationOf({
  branches: 400,
  perBranch: 10,
  inOneBranch: 512,
  secretaries: 110,
  weeks: 320,
})

/** Written once; each server begins with a copy. */
export async function prepareTemplate(cluster: BenchCluster, people: Association): Promise<void> {
  await asOwner(cluster.url, (client) => client.query(`CREATE DATABASE ${template} TEMPLATE template0`))
  await writeAssociation(databaseUrl(cluster, template), people)
}

/** Our server as it is delivered, on a database of its own with everybody signed in: behind a proxy
 *  that names the phones' addresses, with its limits on. */
export class OurServer {
  private readonly nodes: Program[] = []

  private constructor(
    private readonly cluster: BenchCluster,
    private readonly name: string,
    private readonly database: Database,
  ) {}

  static async start(cluster: BenchCluster, name: string): Promise<OurServer> {
    await asOwner(cluster.url, (client) => client.query(`CREATE DATABASE ${name} TEMPLATE ${template}`))
    const server = new OurServer(cluster, name, openDatabase(databaseUrl(cluster, name)))
    await server.addNode()
    return server
  }

  /** Resolves when it has nothing left to do but answer: at its start it looks through the weeks of
   *  every branch. */
  async addNode(): Promise<void> {
    const node = await startProgram({
      script: path.resolve('dist/server/main.js'),
      environment: {
        DATABASE_URL: databaseUrl(this.cluster, this.name),
        DEMO: '0',
        LOG_LEVEL: 'warn',
        TRUST_PROXY: '1',
      },
      nodeFlags: [...flags, ...(profiles === undefined ? [] : ['--cpu-prof', `--cpu-prof-dir=${profiles}`])],
    })
    this.nodes.push(node)
    await rest(node.pid)
  }

  get urls(): string[] {
    return this.nodes.map(({ url }) => url)
  }

  /** The nodes, and PostgreSQL at the end. */
  get pids(): number[] {
    return [...this.nodes.map(({ pid }) => pid), this.cluster.pid]
  }

  /** What went wrong, in its own words. */
  get complaints(): string[] {
    return this.nodes.flatMap(({ complaints }) => complaints)
  }

  /** For asking it what was kept. */
  get pool(): Pool {
    return this.database.pool
  }

  /** Signs people in and hands their phones to the generator, each with everything pulled: it knows
   *  how far every scope is.
   *  @param weeks that they check in to; none: they only look
   *  @param now of whoever signs them in: later, and their access tokens are good for longer */
  async meet(
    generator: Generator,
    group: string,
    members: readonly Member[],
    weeks: readonly Week[],
    now = Date.now,
  ): Promise<void> {
    const sessions = await Sessions.open(this.database, now)
    const heads = await this.heads()
    const people: PersonOnPhone[] = []
    const signIn = async (from: number, every: number) => {
      for (let at = from; at < members.length; at += every) {
        const member = members[at] as Member // within its length
        const session = await sessions.begin(member.person)
        if (session === undefined) throw new Error(`${member.person} is nobody here`)
        people[at] = {
          ...member,
          device: `benchdevice${String(at).padStart(8, '0')}`,
          accessToken: session.accessToken,
          cursors: packedCursors(member, cursorsOf(member, heads)),
        }
      }
    }
    const atOnce = 10
    await Promise.all(Array.from({ length: atOnce }, (_, from) => signIn(from, atOnce)))
    await generator.meet(group, { speak: 'our-wire', weeks, people })
  }

  /** As when the power goes. */
  abandon(): void {
    for (const node of this.nodes) node.kill('SIGKILL')
    this.database.close().catch(() => undefined) // its PostgreSQL may be gone
  }

  async stop(): Promise<void> {
    for (const node of this.nodes) await node.stop()
    await this.database.close()
    await asOwner(this.cluster.url, (client) => client.query(`DROP DATABASE ${this.name} WITH (FORCE)`))
  }

  private async heads(): Promise<Map<string, Cursor>> {
    const { rows } = await this.database.pool.query<{ scope: string; head: number; epoch: number }>(
      'SELECT scope, head, epoch FROM scopes',
    )
    return new Map(rows.map(({ scope, head, epoch }) => [scope, { epoch, seq: head }]))
  }
}

const packedCursors = ({ person }: Member, pull: Record<string, Cursor>) =>
  packedRequest({ device: '', actor: person, acked: 0, push: [], pull })[6]

function cursorsOf(
  { person, branch, isSecretary }: Member,
  heads: ReadonlyMap<string, Cursor>,
): Record<string, Cursor> {
  const all = [`member:${person}`, `branch:${branch}`, organizationScope(association)]
  if (isSecretary) all.push(`review:${branch}`, `leave:${branch}`, `secretary:${branch}`)
  return Object.fromEntries(
    all.flatMap((scope) => {
      const head = heads.get(scope)
      return head === undefined ? [] : [[scope, head]]
    }),
  )
}
