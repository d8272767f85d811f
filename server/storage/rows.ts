import type { ClientBase, Pool } from 'pg'
import type { Change, Read, RecordType } from '#domain/records'
import type { Scope } from '#domain/scopes'
import { allInOrder } from '../all-in-order'
import type { Feed, FeedAsked, FeedRow, ScopeHead, Written } from '../sync/store'
import { manyOf } from './many'
import { ReadRecords } from './read-records'

type Client = ClientBase | Pool

/** Reads what a rule asks for. */
export async function readRecords(client: Client, reads: readonly Read[]): Promise<ReadRecords> {
  const records = new ReadRecords()
  if (reads.length === 0) return records
  const { rows } = await client.query<{ place: number; key: string; value: unknown }>({
    name: 'read-records',
    text: `SELECT place, rows.key, rows.value
      FROM jsonb_array_elements($1::jsonb) WITH ORDINALITY AS asked(wanted, place)
      JOIN rows ON rows.scope = wanted->>0 AND rows.type = wanted->>1
        AND rows.key BETWEEN wanted->>2 AND wanted->>3
      WHERE rows.value IS NOT NULL`,
    values: [manyOf(reads.map((read) => [read.scope, read.type, ...keysOf(read)]))],
  })
  for (const { place, key, value } of rows) {
    const read = reads[place - 1]
    if (read !== undefined) records.add(read.scope, read.type, key, value)
  }
  return records
}

/** The first and the last: keys are ASCII, and ~ follows them all. */
const keysOf = (read: Read) => ('key' in read ? [read.key, read.key] : [read.prefix, `${read.prefix}~`])

/** Waits for its turn at a scope, and makes the scope if it is new. Both are on their way at once, so that what
 *  is asked for behind it is read under the lock, of a new scope too. */
export async function lockScopes(client: ClientBase, scopes: readonly Scope[]): Promise<void> {
  const sorted = [...new Set(scopes)].sort()
  if (sorted.length === 0) return
  await allInOrder([
    client.query({
      name: 'make-scopes',
      text: `INSERT INTO scopes (scope) SELECT unnest($1::text[]) ON CONFLICT (scope) DO NOTHING`,
      values: [sorted],
    }),
    client.query({
      name: 'lock-scopes',
      text: `SELECT scope FROM scopes WHERE scope = ANY($1) ORDER BY scope FOR UPDATE`,
      values: [sorted],
    }),
  ])
}

/** What a record is found by. */
export interface StoredName {
  readonly scope: Scope
  readonly type: RecordType
  readonly key: string
}

/** Writes records and numbers them, scope by scope in order. The scope's row stays locked until the
 *  transaction ends: whoever reads up to `head` has everything up to it. */
export async function writeChanges(client: ClientBase, changes: readonly Change[]): Promise<void> {
  await writeNumbered(client, changes)
}

/** Takes records away, from the phones too. No rule does so: only the right of a person to be
 *  forgotten. */
export async function removeRecords(client: ClientBase, names: readonly StoredName[]): Promise<void> {
  await writeNumbered(
    client,
    names.map(({ scope, type, key }) => ({ scope, type, key, value: null })),
  )
}

type Changed = StoredName & { readonly value: unknown }

/** As {@link writeChanges}, and tells what numbers they have. */
export async function writeNumbered(client: ClientBase, changes: readonly Changed[]): Promise<Written> {
  const latest = new Map<Scope, Map<string, Changed>>()
  for (const change of changes) {
    const group = latest.get(change.scope) ?? new Map<string, Changed>()
    group.set(`${change.type} ${change.key}`, change) // of two to one record the later counts
    latest.set(change.scope, group)
  }
  if (latest.size === 0) return new Map()
  const groups = [...latest]
    .map(([scope, group]) => ({ scope, group: [...group.values()] }))
    .sort((a, b) => (a.scope < b.scope ? -1 : 1))
  const values = new Map<unknown, number>() // a line of the register is in two scopes
  const rows = groups.flatMap(({ scope, group }) =>
    group.map(({ type, key, value }, index) => {
      const place = values.get(value) ?? values.size
      values.set(value, place)
      return [scope, type, key, group.length - 1 - index, place]
    }),
  )
  const [raised] = await allInOrder([
    client.query<{ scope: Scope; head: number; epoch: number; floor: number }>({
      name: 'raise-heads',
      text: `INSERT INTO scopes (scope, head)
        SELECT raised->>0, (raised->1)::bigint FROM jsonb_array_elements($1::jsonb) AS raised
        ON CONFLICT (scope) DO UPDATE SET head = scopes.head + excluded.head
        RETURNING scope, head, epoch, floor`,
      values: [manyOf(groups.map(({ scope, group }) => [scope, group.length]))],
    }),
    client.query({
      name: 'write-rows',
      text: `INSERT INTO rows (scope, type, key, seq, value)
        SELECT written->>0, written->>1, written->>2, scopes.head - (written->3)::bigint,
          nullif($2::jsonb -> (written->4)::integer, 'null')
        FROM jsonb_array_elements($1::jsonb) AS written JOIN scopes ON scopes.scope = written->>0
        ON CONFLICT (scope, type, key) DO UPDATE SET seq = excluded.seq, value = excluded.value`,
      values: [manyOf(rows), JSON.stringify([...values.keys()])],
    }),
  ])
  const written: [Scope, { head: ScopeHead; rows: FeedRow[] }][] = raised.rows.map(
    ({ scope, head, epoch, floor }) => {
      const group = [...(latest.get(scope)?.values() ?? [])]
      const from = head - group.length + 1
      const rows = group.map(
        ({ type, key, value }, index): FeedRow => ({
          seq: from + index,
          row: [type, key, value],
        }),
      )
      return [scope, { head: { seq: head, epoch, floor }, rows }]
    },
  )
  return new Map(written)
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
export async function feedsOf(client: Client, asked: readonly FeedAsked[]): Promise<Feed[]> {
  const { rows } = await client.query<{
    place: number
    floor: number
    /** Null where there are no rows. */
    type: RecordType | null
    key: string
    seq: number
    value: unknown
  }>({
    name: 'feeds',
    text: `SELECT asked.place, scopes.floor, found.type, found.key, found.seq, found.value
      FROM jsonb_array_elements($1::jsonb) WITH ORDINALITY AS asked(wanted, place)
      JOIN scopes ON scopes.scope = wanted->>0
      LEFT JOIN LATERAL (SELECT type, key, seq, value FROM rows
        WHERE rows.scope = wanted->>0 AND rows.seq > (wanted->1)::bigint
        ORDER BY rows.seq LIMIT (wanted->2)::bigint) AS found ON true
      ORDER BY asked.place, found.seq`,
    values: [manyOf(asked.map(({ scope, after, limit }) => [scope, after, limit]))],
  })
  const feeds = asked.map(() => ({ floor: 0, rows: [] as FeedRow[] }))
  for (const { place, floor, type, key, seq, value } of rows) {
    const feed = feeds[place - 1]
    if (feed === undefined) continue
    feed.floor = floor
    if (type !== null) feed.rows.push({ seq, row: [type, key, value ?? null] })
  }
  return feeds
}
