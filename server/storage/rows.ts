import type { ClientBase, Pool } from 'pg'
import * as v from 'valibot'
import {
  type Change,
  type Read,
  type RecordOf,
  type Records,
  type RecordType,
  recordSchemas,
} from '#domain/records'
import type { Scope } from '#domain/scopes'
import type { Cursor, Row } from '#protocol/sync'

type Client = ClientBase | Pool

/** Records read from the database, as a rule wants them. Parsed: a row of an older form that no
 *  longer fits its schema is our mistake and must be heard. */
export class ReadRecords implements Records {
  private readonly rows = new Map<string, Map<string, unknown>>()

  add(scope: string, type: string, key: string, value: unknown): void {
    const group = `${scope} ${type}`
    const rows = this.rows.get(group) ?? new Map<string, unknown>()
    rows.set(key, value)
    this.rows.set(group, rows)
  }

  get<Type extends RecordType>(scope: Scope, type: Type, key: string): RecordOf<Type> | undefined {
    const value = this.rows.get(`${scope} ${type}`)?.get(key)
    return value === undefined ? undefined : parsed(type, value)
  }

  list<Type extends RecordType>(scope: Scope, type: Type, prefix: string): RecordOf<Type>[] {
    return [...(this.rows.get(`${scope} ${type}`) ?? [])]
      .filter(([key]) => key.startsWith(prefix))
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([, value]) => parsed(type, value))
  }
}

const parsed = <Type extends RecordType>(type: Type, value: unknown): RecordOf<Type> =>
  v.parse(recordSchemas[type], value) as RecordOf<Type> // the schema of this very type

/** Reads what a rule asks for. */
export async function readRecords(client: Client, reads: readonly Read[]): Promise<ReadRecords> {
  const records = new ReadRecords()
  const exact = reads.flatMap((read) => ('key' in read ? [read] : []))
  if (exact.length > 0) {
    const { rows } = await client.query<{ scope: string; type: string; key: string; value: unknown }>({
      name: 'read-exact',
      text: `SELECT rows.scope, rows.type, rows.key, rows.value
        FROM unnest($1::text[], $2::text[], $3::text[]) AS wanted(scope, type, key)
        JOIN rows ON rows.scope = wanted.scope AND rows.type = wanted.type AND rows.key = wanted.key
        WHERE rows.value IS NOT NULL`,
      values: [
        exact.map((read) => read.scope),
        exact.map((read) => read.type),
        exact.map((read) => read.key),
      ],
    })
    for (const row of rows) records.add(row.scope, row.type, row.key, row.value)
  }
  for (const read of reads) {
    if (!('prefix' in read)) continue
    const { rows } = await client.query<{ key: string; value: unknown }>({
      name: 'read-prefix',
      text: `SELECT key, value FROM rows
        WHERE scope = $1 AND type = $2 AND key >= $3 AND key < $4 AND value IS NOT NULL`,
      values: [read.scope, read.type, read.prefix, `${read.prefix}~`], // keys are ASCII; ~ follows them all
    })
    for (const row of rows) records.add(read.scope, read.type, row.key, row.value)
  }
  return records
}

/** Waits for its turn at a scope, and makes the scope if it is new. */
export async function lockScopes(client: ClientBase, scopes: readonly Scope[]): Promise<void> {
  const sorted = [...new Set(scopes)].sort()
  if (sorted.length === 0) return
  const locked = await client.query({
    name: 'lock-scopes',
    text: `SELECT scope FROM scopes WHERE scope = ANY($1) ORDER BY scope FOR UPDATE`,
    values: [sorted],
  })
  if (locked.rowCount === sorted.length) return
  await client.query(`INSERT INTO scopes (scope) SELECT unnest($1::text[]) ON CONFLICT (scope) DO NOTHING`, [
    sorted,
  ])
  await client.query({
    text: `SELECT scope FROM scopes WHERE scope = ANY($1) ORDER BY scope FOR UPDATE`,
    values: [sorted],
  })
}

/** What a record is found by. */
export interface StoredName {
  readonly scope: Scope
  readonly type: RecordType
  readonly key: string
}

/** Writes records and numbers them, scope by scope in order. The scope's row stays locked until the
 *  transaction ends: whoever reads up to `head` has everything up to it. */
export const writeChanges = (client: ClientBase, changes: readonly Change[]): Promise<void> =>
  writeRows(client, changes)

/** Takes records away, from the phones too. No rule does so: only the right of a person to be
 *  forgotten. */
export const removeRecords = (client: ClientBase, names: readonly StoredName[]): Promise<void> =>
  writeRows(
    client,
    names.map(({ scope, type, key }) => ({ scope, type, key, value: null })),
  )

async function writeRows(
  client: ClientBase,
  changes: readonly (StoredName & { readonly value: unknown })[],
): Promise<void> {
  const byScope = new Map<Scope, Map<string, StoredName & { readonly value: unknown }>>()
  for (const change of changes) {
    const group = byScope.get(change.scope) ?? new Map<string, StoredName & { readonly value: unknown }>()
    group.set(`${change.type} ${change.key}`, change) // of two to one record the later counts
    byScope.set(change.scope, group)
  }
  const scopes = [...byScope.keys()].sort()
  if (scopes.length === 0) return
  const counts = scopes.map((scope) => byScope.get(scope)?.size ?? 0)
  await lockScopes(client, scopes)
  const heads = await client.query<{ scope: Scope; head: number }>({
    name: 'raise-heads',
    text: `UPDATE scopes SET head = scopes.head + raised.count
      FROM unnest($1::text[], $2::bigint[]) AS raised(scope, count)
      WHERE scopes.scope = raised.scope RETURNING scopes.scope, scopes.head`,
    values: [scopes, counts],
  })
  const rows: { scope: string; type: string; key: string; seq: number; value: string | null }[] = []
  for (const { scope, head } of heads.rows) {
    const group = [...(byScope.get(scope)?.values() ?? [])]
    group.forEach(({ type, key, value }, index) => {
      rows.push({
        scope,
        type,
        key,
        seq: head - group.length + 1 + index,
        value: value === null ? null : JSON.stringify(value),
      })
    })
  }
  await client.query({
    name: 'write-rows',
    text: `INSERT INTO rows (scope, type, key, seq, value)
      SELECT * FROM unnest($1::text[], $2::text[], $3::text[], $4::bigint[], $5::jsonb[])
      ON CONFLICT (scope, type, key) DO UPDATE SET seq = excluded.seq, value = excluded.value`,
    values: [
      rows.map((row) => row.scope),
      rows.map((row) => row.type),
      rows.map((row) => row.key),
      rows.map((row) => row.seq),
      rows.map((row) => row.value),
    ],
  })
}

export interface ScopeHead extends Cursor {
  /** Tombstones below are gone: a cursor under it begins anew. */
  readonly floor: number
}

export async function headsOf(client: Client, scopes: readonly Scope[]): Promise<Map<Scope, ScopeHead>> {
  const { rows } = await client.query<{ scope: Scope; head: number; epoch: number; floor: number }>({
    name: 'heads',
    text: `SELECT scope, head, epoch, floor FROM scopes WHERE scope = ANY($1)`,
    values: [scopes],
  })
  return new Map(rows.map(({ scope, head, epoch, floor }) => [scope, { seq: head, epoch, floor }]))
}

/** The rows of a scope after a sequence, oldest first. */
export async function rowsAfter(
  client: Client,
  scope: Scope,
  seq: number,
  limit: number,
): Promise<{ seq: number; row: Row }[]> {
  const { rows } = await client.query<{ type: RecordType; key: string; seq: number; value: unknown }>({
    name: 'rows-after',
    text: `SELECT type, key, seq, value FROM rows WHERE scope = $1 AND seq > $2 ORDER BY seq LIMIT $3`,
    values: [scope, seq, limit],
  })
  return rows.map(({ type, key, seq: at, value }) => ({ seq: at, row: [type, key, value ?? null] }))
}
