import type { ClientBase } from 'pg'
import * as v from 'valibot'
import type { Change } from '#domain/records'
import type { Scope } from '#domain/scopes'
import { type Act, type AuditEnd, type AuditLink, auditEntrySchema, digest, linkAfter } from './audit-chain'
import type { Database } from './storage/database'
import { manyOf } from './storage/many'

/** Adds an entry to the chain of a scope, whose lock the caller holds: entries follow one another. */
export async function audit(
  client: ClientBase,
  scope: Scope,
  act: Act,
  changes: readonly Change[],
): Promise<void> {
  const ends = await auditEnds(client, [scope])
  await appendAudit(client, [linkAfter(ends.get(scope), scope, act, changes)])
}

/** The last entry of each chain; a scope without one is left out. */
export async function auditEnds(client: ClientBase, scopes: readonly Scope[]): Promise<Map<Scope, AuditEnd>> {
  const { rows } = await client.query<AuditEnd & { scope: Scope }>({
    name: 'audit-ends',
    text: `SELECT wanted.scope, last.seq, last.hash FROM unnest($1::text[]) AS wanted(scope)
      CROSS JOIN LATERAL (SELECT seq, hash FROM audit WHERE audit.scope = wanted.scope
        ORDER BY seq DESC LIMIT 1) AS last`,
    values: [scopes],
  })
  return new Map(rows.map(({ scope, seq, hash }) => [scope, { seq, hash }]))
}

export async function appendAudit(client: ClientBase, links: readonly AuditLink[]): Promise<void> {
  await client.query({
    name: 'audit-append',
    text: `INSERT INTO audit (scope, seq, entry, hash)
      SELECT link->>0, (link->1)::bigint, link->2, link->>3 FROM jsonb_array_elements($1::jsonb) AS link`,
    values: [manyOf(links.map(({ scope, seq, entry, hash }) => [scope, seq, entry, hash]))],
  })
}

/** The end of a chain: kept elsewhere, it shows later that nothing before it was changed. */
export interface AuditHead {
  readonly scope: string
  readonly seq: number
  readonly hash: string
}

export interface AuditReport {
  readonly entries: number
  readonly heads: AuditHead[]
  /** What does not fit, in words; empty when everything does. */
  readonly faults: string[]
}

const pageSize = 5_000

/** Goes through every chain from its beginning, and holds lasting records against what was written
 *  down when they were made. `kept` are heads noted earlier. */
export async function verifyAudit(database: Database, kept: readonly AuditHead[] = []): Promise<AuditReport> {
  const faults: string[] = []
  const heads = new Map<string, AuditHead>()
  const wanted = new Map(kept.map((head) => [`${head.scope} ${head.seq}`, head.hash]))
  let entries = 0
  let from = { scope: '', seq: 0 }
  for (;;) {
    const { rows } = await database.pool.query<{ scope: string; seq: number; entry: unknown; hash: string }>(
      `SELECT scope, seq, entry, hash FROM audit WHERE (scope, seq) > ($1, $2) ORDER BY scope, seq LIMIT ${pageSize}`,
      [from.scope, from.seq],
    )
    if (rows.length === 0) break
    const lastingDigests = new Map<string, string>()
    for (const { scope, seq, entry: stored, hash } of rows) {
      entries += 1
      const entry = v.safeParse(auditEntrySchema, stored)
      const before = heads.get(scope)
      const at = `${scope} ${seq}`
      if (!entry.success) faults.push(`${at}: not an entry`)
      else if (digest({ scope, ...entry.output }) !== hash) faults.push(`${at}: its content was changed`)
      else if (entry.output.previous !== (before?.hash ?? ''))
        faults.push(`${at}: it does not follow the one before`)
      if (seq !== (before?.seq ?? 0) + 1) faults.push(`${at}: entries before it are missing`)
      const keptHash = wanted.get(at)
      if (keptHash !== undefined && keptHash !== hash) faults.push(`${at}: it is not the entry noted earlier`)
      wanted.delete(at)
      heads.set(scope, { scope, seq, hash })
      if (!entry.success) continue
      for (const [record, value] of Object.entries(entry.output.wrote)) {
        if (!record.endsWith(' others')) lastingDigests.set(record, value)
      }
    }
    faults.push(...(await changedRecords(database, lastingDigests)))
    const last = rows.at(-1)
    if (last !== undefined) from = last
  }
  for (const missing of wanted.keys()) faults.push(`${missing}: it was noted earlier and is gone`)
  return { entries, heads: [...heads.values()], faults }
}

async function changedRecords(database: Database, digests: ReadonlyMap<string, string>): Promise<string[]> {
  if (digests.size === 0) return []
  const names = [...digests.keys()].map((name) => name.split(' '))
  const { rows } = await database.pool.query<{ scope: string; type: string; key: string; value: unknown }>(
    `SELECT rows.scope, rows.type, rows.key, rows.value
      FROM unnest($1::text[], $2::text[], $3::text[]) AS wanted(scope, type, key)
      JOIN rows ON rows.scope = wanted.scope AND rows.type = wanted.type AND rows.key = wanted.key`,
    [names.map(([scope]) => scope), names.map(([, type]) => type), names.map(([, , key]) => key)],
  )
  const found = new Map(rows.map((row) => [`${row.scope} ${row.type} ${row.key}`, digest(row.value)]))
  return [...digests].flatMap(([name, value]) =>
    found.get(name) === value
      ? []
      : [`${name}: the record ${found.has(name) ? 'was changed' : 'is gone'} since it was written`],
  )
}
