import { existsSync } from 'node:fs'
import { mkdir, realpath } from 'node:fs/promises'
import path from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { Client, DatabaseError } from 'pg'
import { accountFor } from './postgres-account'
import { postgresBinaries } from './postgres-binaries'
import { type Cluster, clusterIn, createCluster, handOver } from './postgres-cluster'
import {
  endOfLog,
  logFileOf,
  type Postmaster,
  startPostmaster,
  stopPostmaster,
  survivingPostmaster,
} from './postgres-process'

export interface EmbeddedPostgresOptions {
  readonly dataDir: string
  readonly log?: (line: string) => void
  /** False only for tests, whose data may go with the power. */
  readonly durable?: boolean
  /** PostgreSQL broke off. The next start recovers it, so a server does best to stop. */
  readonly onLost?: (error: Error) => void
}

export interface EmbeddedPostgres {
  readonly url: string
  stop(): Promise<void>
}

const DATABASE = 'study'
const INVALID_PASSWORD = '28P01'
/** Held by the server that uses the data folder; PostgreSQL lets go of it when that server dies. */
const OWNERSHIP_LOCK = 20250310
const READY_MS = 300_000 // after a power cut it first reads its journal
const HANDOVER_MS = 3_000

/** Loopback only, and no member's data in its log: neither statements nor the values in an error. */
const settings = {
  listen_addresses: '127.0.0.1',
  unix_socket_directories: '',
  max_connections: 60,
  shared_buffers: '128MB',
  timezone: 'UTC',
  log_timezone: 'UTC',
  log_error_verbosity: 'terse',
  log_min_error_statement: 'panic',
}
const throwaway = { ...settings, fsync: 'off', synchronous_commit: 'off', full_page_writes: 'off' }

/** The database for whoever has none: a PostgreSQL of our own, kept in `dataDir`. */
export async function startEmbeddedPostgres(options: EmbeddedPostgresOptions): Promise<EmbeddedPostgres> {
  const { log = () => undefined, onLost } = options
  await mkdir(options.dataDir, { recursive: true })
  const cluster = await clusterIn(await realpath(options.dataDir))

  const survivor = await survivingPostmaster(cluster.folder)
  if (survivor) log(`PostgreSQL is still running (process ${survivor.pid}) and is taken over`)
  const postmaster = survivor ?? (await launch(cluster, log, options.durable ?? true))
  try {
    const owner = await connectWhenReady(cluster, postmaster)
    await takeOwnership(owner, cluster)
    await ensureDatabase(owner)
    return opened(cluster, postmaster, owner, onLost ?? ((error) => log(`PostgreSQL: ${error.message}`)))
  } catch (error) {
    if (!survivor) await stopPostmaster(postmaster)
    throw error
  }
}

/** The address of the database in `dataDir` while some server is running it, for a command beside it. */
export async function runningEmbeddedPostgres(dataDir: string): Promise<string | undefined> {
  if (!existsSync(path.join(dataDir, 'postgres'))) return undefined
  const cluster = await clusterIn(await realpath(dataDir))
  const postmaster = await survivingPostmaster(cluster.folder)
  return postmaster && urlOf(cluster, postmaster, DATABASE)
}

function opened(
  cluster: Cluster,
  postmaster: Postmaster,
  owner: Client,
  onLost: (error: Error) => void,
): EmbeddedPostgres {
  let stopping: Promise<void> | undefined
  owner.on('error', (error) => {
    if (!stopping) onLost(error)
  })
  return {
    url: urlOf(cluster, postmaster, DATABASE),
    stop() {
      stopping ??= stopPostmaster(postmaster).finally(() => owner.end().catch(() => undefined))
      return stopping
    },
  }
}

async function launch(cluster: Cluster, log: (line: string) => void, durable: boolean): Promise<Postmaster> {
  const { initdb, postgres } = await postgresBinaries()
  const account = accountFor(cluster.folder, postgres)
  if (!existsSync(cluster.folder)) {
    log(`Preparing a new database in ${cluster.folder}`)
    await createCluster(cluster, account, initdb, durable)
  }
  await handOver(cluster, account)
  return startPostmaster(account, postgres, cluster.folder, durable ? settings : throwaway, durable)
}

async function connectWhenReady(cluster: Cluster, postmaster: Postmaster): Promise<Client> {
  const deadline = Date.now() + READY_MS
  while (true) {
    const client = new Client({ connectionString: urlOf(cluster, postmaster, 'postgres') })
    // A connection cut while it is being opened reports twice: to us below, and as an event.
    client.on('error', () => undefined)
    try {
      await client.connect()
      return client
    } catch (error) {
      if (!postmaster.isAlive()) {
        throw new Error(`PostgreSQL stopped while starting. The end of its log:\n${endOfLog(cluster.folder)}`)
      }
      if (error instanceof DatabaseError && error.code === INVALID_PASSWORD) {
        throw new Error(
          `PostgreSQL refuses the password kept in ${cluster.dataDir}. Restore it from a backup.`,
        )
      }
      if (Date.now() > deadline) {
        throw new Error(`PostgreSQL does not answer; see ${logFileOf(cluster.folder)}`, { cause: error })
      }
      await sleep(50)
    }
  }
}

async function takeOwnership(owner: Client, { dataDir }: Cluster): Promise<void> {
  const deadline = Date.now() + HANDOVER_MS
  while (true) {
    const { rows } = await owner.query<{ taken: boolean }>('select pg_try_advisory_lock($1) as taken', [
      OWNERSHIP_LOCK,
    ])
    if (rows[0]?.taken) return
    if (Date.now() > deadline) {
      await owner.end()
      throw new Error(
        `Another server is using ${dataDir}. Stop it first, or give this one its own data folder.`,
      )
    }
    await sleep(100)
  }
}

async function ensureDatabase(owner: Client): Promise<void> {
  const { rowCount } = await owner.query('select from pg_database where datname = $1', [DATABASE])
  if (rowCount === 0) await owner.query(`create database ${DATABASE}`)
}

function urlOf({ user, password }: Cluster, { port }: Postmaster, database: string): string {
  return `postgres://${user}:${password}@127.0.0.1:${port}/${database}`
}
