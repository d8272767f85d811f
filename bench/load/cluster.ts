import { existsSync } from 'node:fs'
import { chmod, mkdir, realpath } from 'node:fs/promises'
import { setTimeout as sleep } from 'node:timers/promises'
import { Client } from 'pg'
import { accountFor, type PostgresAccount } from '#server/storage/postgres-account'
import { postgresBinaries } from '#server/storage/postgres-binaries'
import { clusterIn, createCluster, handOver } from '#server/storage/postgres-cluster'
import { startPostmaster, stopPostmaster, survivingPostmaster } from '#server/storage/postgres-process'
import { median } from './gates'

/** A PostgreSQL under measure. */
export interface BenchCluster {
  /** Of the database `postgres`, as its owner. */
  readonly url: string
  readonly pid: number
  stop(): Promise<void>
}

interface ClusterOptions {
  /** Made when it is not there. */
  readonly dataDir: string
  /** Over those of `npm start`, which are durable. */
  readonly settings?: Readonly<Record<string, string>>
  /** For the shim. */
  readonly environment?: Readonly<Record<string, string>>
}

/** As in `server/storage/embedded-postgres.ts`, which lends its PostgreSQL neither settings nor an
 *  environment. */
const asStarted = {
  listen_addresses: '127.0.0.1',
  unix_socket_directories: '',
  max_connections: '60',
  shared_buffers: '128MB',
  timezone: 'UTC',
}

const readyMs = 60_000

export async function startCluster({
  dataDir,
  settings,
  environment,
}: ClusterOptions): Promise<BenchCluster> {
  await mkdir(dataDir, { recursive: true })
  await chmod(dataDir, 0o755) // when root runs this, PostgreSQL's own user has to get in
  const cluster = await clusterIn(await realpath(dataDir))
  const { initdb, postgres } = await postgresBinaries()
  const account = accountFor(cluster.folder, postgres)
  if (!existsSync(cluster.folder)) await createCluster(cluster, account, initdb, true)
  await handOver(cluster, account)
  if (await survivingPostmaster(cluster.folder)) throw new Error(`${dataDir} is in use`)
  const postmaster = await startPostmaster(
    withEnvironment(account, environment),
    postgres,
    cluster.folder,
    { ...asStarted, ...settings },
    false,
  )
  const url = `postgres://${cluster.user}:${cluster.password}@127.0.0.1:${postmaster.port}/postgres`
  try {
    await answers(url, postmaster.isAlive)
  } catch (error) {
    await stopPostmaster(postmaster)
    throw error
  }
  return { url, pid: postmaster.pid, stop: () => stopPostmaster(postmaster) }
}

const withEnvironment = (account: PostgresAccount, environment = {}): PostgresAccount => ({
  ...account,
  launch(program, args) {
    const { options, ...launch } = account.launch(program, args)
    return { ...launch, options: { ...options, env: { ...options.env, ...environment } } }
  },
})

async function answers(url: string, isAlive: () => boolean): Promise<void> {
  const deadline = Date.now() + readyMs
  while (true) {
    try {
      return await asOwner(url, async () => undefined)
    } catch (error) {
      if (!isAlive() || Date.now() > deadline) throw error
      await sleep(50)
    }
  }
}

export async function asOwner<T>(url: string, work: (client: Client) => Promise<T>): Promise<T> {
  const client = new Client({ connectionString: url })
  client.on('error', () => undefined) // reported by the call as well
  await client.connect()
  try {
    return await work(client)
  } finally {
    await client.end()
  }
}

export function databaseUrl(cluster: BenchCluster, name: string): string {
  const url = new URL(cluster.url)
  url.pathname = `/${name}`
  return url.href
}

/** What PostgreSQL itself says of how an answered commit is kept. */
export async function durabilityOf(cluster: BenchCluster): Promise<string> {
  const names = ['fsync', 'synchronous_commit', 'full_page_writes', 'wal_sync_method', 'commit_delay']
  return asOwner(cluster.url, async (client) => {
    const told: string[] = []
    for (const name of ['server_version', ...names]) {
      const { rows } = await client.query<Record<string, string>>(`SHOW ${name}`)
      told.push(`${name} ${rows[0]?.[name]}`)
    }
    return told.join(', ')
  })
}

/** How long one commit takes that nobody shares, in ms: the median of some. */
export async function commitMs(cluster: BenchCluster): Promise<number> {
  return asOwner(cluster.url, async (client) => {
    await client.query('CREATE TABLE commits (at int)')
    const took: number[] = []
    for (let count = 0; count < 21; count += 1) {
      const begun = performance.now()
      await client.query('INSERT INTO commits VALUES ($1)', [count])
      took.push(performance.now() - begun)
    }
    await client.query('DROP TABLE commits')
    return median(took)
  })
}
