import { createHash } from 'node:crypto'
import type { ClientBase } from 'pg'
import { configure } from 'safe-stable-stringify'
import * as v from 'valibot'
import type { Change } from '#domain/records'
import type { Scope } from '#domain/scopes'
import type { Database } from './storage/database'

/** The same text for the same value, whatever order its fields were stored in. */
const canonical = configure({ deterministic: true })
const digest = (value: unknown) =>
  createHash('sha256')
    .update(canonical(value) ?? '')
    .digest('base64url')

/** One act by virtue of an office. Names and words are not in it: what was written is there as
 *  digests, by which the records themselves can be held against it. */
export const auditEntrySchema = v.object({
  at: v.number(),
  /** A person, or nobody: it happened by itself. */
  by: v.optional(v.string()),
  /** A command's name, or that of another act: `import-roster`, `invite`. */
  act: v.string(),
  /** The command's key, or whom it was about. */
  about: v.string(),
  /** `scope type key` of each record written, with the digest of its value. */
  wrote: v.record(v.string(), v.string()),
  /** The hash of the entry before. */
  previous: v.string(),
})
export type AuditEntry = v.InferOutput<typeof auditEntrySchema>

/** Records that are written once and never again: as long as they stand they must match. */
const lasting = new Set<Change['type']>(['amendment'])

/** The digests an entry keeps: of lasting records each their own, of the others one together. */
function digestsOf(changes: readonly Change[]): Record<string, string> {
  const wrote: Record<string, string> = {}
  const others: Change[] = []
  for (const change of changes) {
    if (lasting.has(change.type)) wrote[`${change.scope} ${change.type} ${change.key}`] = digest(change.value)
    else others.push(change)
  }
  if (others.length > 0) wrote[`${others.length} others`] = digest(others)
  return wrote
}

/** Adds an entry to the chain of a scope, whose lock the caller holds: entries follow one another. */
export async function audit(
  client: ClientBase,
  scope: Scope,
  act: Pick<AuditEntry, 'at' | 'by' | 'act' | 'about'>,
  changes: readonly Change[],
): Promise<void> {
  const { rows } = await client.query<{ seq: number; hash: string }>({
    name: 'audit-last',
    text: 'SELECT seq, hash FROM audit WHERE scope = $1 ORDER BY seq DESC LIMIT 1',
    values: [scope],
  })
  const entry: AuditEntry = { ...act, wrote: digestsOf(changes), previous: rows[0]?.hash ?? '' }
  await client.query({
    name: 'audit-add',
    text: 'INSERT INTO audit (scope, seq, entry, hash) VALUES ($1, $2, $3, $4)',
    values: [scope, (rows[0]?.seq ?? 0) + 1, JSON.stringify(entry), digest({ scope, ...entry })],
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
