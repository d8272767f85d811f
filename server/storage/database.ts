import { Kysely, PostgresDialect } from 'kysely'
import { Pool, type PoolClient, types } from 'pg'
import { allInOrder } from '../all-in-order'

// bigint holds sequences and instants, all below 2^53.
types.setTypeParser(types.builtins.INT8, Number)

/** The tables, as Kysely knows them. Every key begins with a scope: the unit by which a larger
 *  installation would be spread over machines. */
export interface Tables {
  scopes: {
    scope: string
    head: number
    epoch: number
    floor: number
    marked_head: number | null
    marked_at: number | null
  }
  rows: { scope: string; type: string; key: string; seq: number; value: unknown }
  devices: {
    scope: string
    device: string
    last: number
    outcomes: string
    failures: number
    seen_at: number
  }
  set_aside: { scope: string; device: string; id: number; command: string; error: string; at: number }
  sessions: {
    scope: string
    id: string
    generation: number
    token_hash: string
    previous_hash: string | null
    is_confirmed: boolean
    created_at: number
    used_at: number
    ended_at: number | null
  }
  invitations: {
    scope: string
    person_id: string
    created_at: number
    expires_at: number
    used_at: number | null
    issued_by: string | null
    attempt_hash: string | null
    claimed_again_at: number | null
  }
  wechat_accounts: {
    scope: string
    openid: string
    person_id: string | null
    /** Sealed with a key that is not in the database. */
    session_key: string
    bound_at: number | null
    seen_at: number
  }
  wrong_tries: { scope: string; count: number; since: number; locked_until: number | null }
  roster_uploads: { scope: string; id: string; lines: unknown; digest: string; created_at: number }
  exports: {
    scope: string
    id: string
    asked: unknown
    state: 'asked' | 'making' | 'done' | 'failed'
    tries: number
    created_at: number
    started_at: number | null
    file_name: string | null
    bytes: Buffer | null
  }
  reminder_credits: {
    scope: string
    id: string
    template: string
    given_at: number
    ended_at: number | null
    /** The gathering it was spent on, or `refused`. */
    ended_by: string | null
  }
  reminders: {
    scope: string
    gathering: string
    credit: string
    state: 'sending' | 'sent' | 'refused' | 'malformed' | 'unclear' | 'failed' | 'waiting'
    tried_at: number
    errcode: number | null
  }
  audit: { scope: string; seq: number; entry: unknown; hash: string }
  server_state: { scope: string; key: string; value: string }
}

export interface Database {
  /** For everything off the hot path. */
  readonly query: Kysely<Tables>
  /** For the hot path: named prepared statements, on one connection for a transaction. */
  readonly pool: Pool
  close(): Promise<void>
}

const reportedElsewhere = () => undefined

export function openDatabase(url: string, { connections = 10 } = {}): Database {
  const pool = new Pool({
    connectionString: url,
    max: connections,
    connectionTimeoutMillis: 5_000,
    keepAlive: true,
    pipeline: true, // what is asked without waiting travels together
  })
  // A connection that breaks says so by an event, which ends the process when nobody listens. Who was
  // using it is told by their statement, and the pool replaces it.
  pool.on('connect', (client) => client.on('error', reportedElsewhere))
  pool.on('error', reportedElsewhere)
  const query = new Kysely<Tables>({ dialect: new PostgresDialect({ pool }) })
  return { query, pool, close: () => query.destroy() }
}

/** One transaction: everything or nothing. */
export const inTransaction = <T>(database: Database, work: (client: PoolClient) => Promise<T>): Promise<T> =>
  concluding(database, async (client) => {
    const result = await work(client)
    return () => Promise.resolve(result)
  })

/** As {@link inTransaction}. What `work` returns sends the last statements, all of them at once, without
 *  waiting for any: COMMIT is on its way behind them, and undoes everything when one has failed. */
export async function concluding<T>(
  database: Database,
  work: (client: PoolClient) => Promise<() => Promise<T>>,
): Promise<T> {
  const client = await database.pool.connect()
  let broken: Error | undefined
  try {
    const begun = client.query('BEGIN')
    const [, conclude] = await allInOrder([begun, work(client)])
    const [result, { command }] = await allInOrder([conclude(), client.query('COMMIT')])
    if (command !== 'COMMIT') throw new Error('the transaction was rolled back')
    return result
  } catch (error) {
    broken = await client.query('ROLLBACK').then(
      () => undefined,
      (reason: Error) => reason,
    )
    throw error
  } finally {
    client.release(broken)
  }
}

/** Nobody is there, or not yet again: also while a database's container or its standby starts. */
const unreachable = new Set([
  'ECONNREFUSED',
  'ECONNRESET',
  'EPIPE',
  'ETIMEDOUT',
  'ENOTFOUND',
  'EAI_AGAIN',
  'EHOSTUNREACH',
  'ENETUNREACH',
  '25006', // it only reads for now
])

/** Errors of the moment: another try may succeed. Nothing of the kind is ever told as a refusal. */
export function isTransient(error: unknown): boolean {
  const code = typeof error === 'object' && error !== null && 'code' in error ? String(error.code) : ''
  return (
    ['40001', '40P01', '55P03', '57014', '53300', '53200', '53100'].includes(code) ||
    code.startsWith('08') ||
    code.startsWith('57P') ||
    unreachable.has(code) ||
    (error instanceof Error && /timeout|terminated|connection/i.test(error.message) && code === '')
  )
}
