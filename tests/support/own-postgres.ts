import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { closeSync, existsSync, openSync } from 'node:fs'
import { chmod, mkdtemp, readFile, realpath, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { Client } from 'pg'
import { accountFor, type PostgresAccount } from '#server/storage/postgres-account'
import { type PostgresBinaries, postgresBinaries } from '#server/storage/postgres-binaries'
import { type Cluster, clusterIn, createCluster, handOver } from '#server/storage/postgres-cluster'
import { logFileOf } from '#server/storage/postgres-process'
import { freePort } from './free-port'
import { within } from './within'

export interface OwnPostgresOptions {
  /** Over those of a durable one. */
  readonly settings?: Readonly<Record<string, string>>
  /** For PostgreSQL's processes, given their folder. */
  readonly environment?: (folder: string) => Readonly<Record<string, string>>
  /** `npm` for a folder that a server of ours can use too. */
  readonly from?: 'distribution' | 'npm'
}

/** As `pg_ctl` calls them: `fast` rolls back and writes out, `immediate` is a crash. */
export type Shutdown = 'fast' | 'immediate'
const signalOf = { fast: 'SIGINT', immediate: 'SIGQUIT' } as const

/** Durable, and on loopback only. */
const usual = {
  listen_addresses: '127.0.0.1',
  unix_socket_directories: '',
  fsync: 'on',
  synchronous_commit: 'on',
  full_page_writes: 'on',
}

const debian = '/usr/lib/postgresql/15/bin'

/** A PostgreSQL that belongs to one test, which may do anything to it. It keeps its address. */
export class OwnPostgres {
  private postmaster: ChildProcess | undefined

  private constructor(
    private readonly cluster: Cluster,
    private readonly account: PostgresAccount,
    private readonly program: string,
    private readonly port: number,
    private readonly options: OwnPostgresOptions,
  ) {}

  static async start(options: OwnPostgresOptions = {}): Promise<OwnPostgres> {
    const dataDir = await realpath(await mkdtemp(path.join(tmpdir(), 'study-own-postgres-')))
    await chmod(dataDir, 0o755) // when root runs the tests, PostgreSQL's own user has to get in
    const { initdb, postgres } = await binaries(options.from ?? 'distribution')
    const cluster = await clusterIn(dataDir)
    const account = accountFor(cluster.folder, postgres)
    await createCluster(cluster, account, initdb, false)
    await handOver(cluster, account)
    const own = new OwnPostgres(cluster, account, postgres, await freePort(), options)
    await own.begin()
    return own
  }

  /** Of the database `postgres`, as its owner. */
  get url(): string {
    return this.urlFor(this.cluster)
  }

  urlFor({ user, password }: { user: string; password: string }): string {
    return `postgres://${user}:${password}@127.0.0.1:${this.port}/postgres`
  }

  get dataDir(): string {
    return this.cluster.dataDir
  }

  log(): Promise<string> {
    return readFile(logFileOf(this.cluster.folder), 'utf8')
  }

  /** Resolves when it answers again. */
  async restart(shutdown: Shutdown): Promise<void> {
    await this.end(shutdown)
    await this.begin()
  }

  async remove(): Promise<void> {
    await this.end('immediate')
    await rm(this.dataDir, { recursive: true, force: true })
  }

  private async begin(): Promise<void> {
    const { settings, environment } = this.options
    const values = Object.entries({ ...usual, ...settings, port: this.port })
    const { file, args, options } = this.account.launch(this.program, [
      '-D',
      this.cluster.folder,
      ...values.flatMap(([name, value]) => ['-c', `${name}=${value}`]),
    ])
    const env = { ...options.env, ...environment?.(this.cluster.folder) }
    const log = openSync(logFileOf(this.cluster.folder), 'a', 0o600)
    this.postmaster = spawn(file, args, { ...options, env, stdio: ['ignore', log, log] })
    closeSync(log)
    await within(
      () => answers(this.url),
      () => `PostgreSQL does not answer; see ${logFileOf(this.cluster.folder)}`,
    )
  }

  private async end(shutdown: Shutdown): Promise<void> {
    const { postmaster } = this
    if (postmaster === undefined || postmaster.exitCode !== null || postmaster.signalCode !== null) return
    const ended = once(postmaster, 'exit')
    postmaster.kill(signalOf[shutdown])
    await ended
  }
}

async function binaries(from: 'distribution' | 'npm'): Promise<PostgresBinaries> {
  const postgres = path.join(debian, 'postgres')
  return from === 'distribution' && existsSync(postgres)
    ? { postgres, initdb: path.join(debian, 'initdb') }
    : postgresBinaries()
}

async function answers(url: string): Promise<boolean> {
  return asOwner(url, async () => true).catch(() => false)
}

export async function asOwner<T>(url: string, work: (client: Client) => Promise<T>): Promise<T> {
  const client = new Client({ connectionString: url })
  client.on('error', () => undefined) // reported by the call as well
  await client.connect()
  return work(client).finally(() => client.end())
}
