import type { ClientBase, Pool } from 'pg'
import type { Change, Read, RecordType } from '#domain/records'
import type { Scope } from '#domain/scopes'
import type { FeedAsked, FeedRow, ScopeHead } from '../sync/store'
import { ReadRecords } from './read-records'

type Client = ClientBase | Pool

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
  const ranges = reads.flatMap((read) => ('prefix' in read ? [read] : []))
  if (ranges.length > 0) {
    const { rows } = await client.query<{ scope: string; type: string; key: string; value: unknown }>({
      name: 'read-prefixes',
      text: `SELECT rows.scope, rows.type, rows.key, rows.value
        FROM unnest($1::text[], $2::text[], $3::text[]) AS wanted(scope, type, prefix)
        JOIN rows ON rows.scope = wanted.scope AND rows.type = wanted.type
          AND rows.key >= wanted.prefix AND rows.key < wanted.prefix || '~'
        WHERE rows.value IS NOT NULL`, // keys are ASCII; ~ follows them all
      values: [
        ranges.map((read) => read.scope),
        ranges.map((read) => read.type),
        ranges.map((read) => read.prefix),
      ],
    })
    for (const row of rows) records.add(row.scope, row.type, row.key, row.value)
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

export async function headsOf(client: Client, scopes: readonly Scope[]): Promise<Map<Scope, ScopeHead>> {
  const { rows } = await client.query<{ scope: Scope; head: number; epoch: number; floor: number }>({
    name: 'heads',
    text: `SELECT scope, head, epoch, floor FROM scopes WHERE scope = ANY($1)`,
    values: [scopes],
  })
  return new Map(rows.map(({ scope, head, epoch, floor }) => [scope, { seq: head, epoch, floor }]))
}

/** One list for each asked, in their order. */
export async function feedsOf(client: Client, asked: readonly FeedAsked[]): Promise<FeedRow[][]> {
  const { rows } = await client.query<{
    place: number
    type: RecordType
    key: string
    seq: number
    value: unknown
  }>({
    name: 'feeds',
    text: `SELECT asked.place, found.type, found.key, found.seq, found.value
      FROM unnest($1::text[], $2::bigint[], $3::bigint[]) WITH ORDINALITY AS asked(scope, after, most, place)
      CROSS JOIN LATERAL (SELECT type, key, seq, value FROM rows
        WHERE rows.scope = asked.scope AND rows.seq > asked.after ORDER BY rows.seq LIMIT asked.most) AS found
      ORDER BY asked.place, found.seq`,
    values: [
      asked.map(({ scope }) => scope),
      asked.map(({ after }) => after),
      asked.map(({ limit }) => limit),
    ],
  })
  const feeds: FeedRow[][] = asked.map(() => [])
  for (const { place, type, key, seq, value } of rows) {
    feeds[place - 1]?.push({ seq, row: [type, key, value ?? null] })
  }
  return feeds
}
