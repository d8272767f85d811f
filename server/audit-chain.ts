import { createHash } from 'node:crypto'
import { configure } from 'safe-stable-stringify'
import * as v from 'valibot'
import type { Change } from '#domain/records'
import type { Scope } from '#domain/scopes'

/** The same text for the same value, whatever order its fields were stored in. */
const canonical = configure({ deterministic: true })
export const digest = (value: unknown) =>
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
export type Act = Pick<AuditEntry, 'at' | 'by' | 'act' | 'about'>

/** Where a scope's chain ends. */
export interface AuditEnd {
  readonly seq: number
  readonly hash: string
}

/** One entry in its place in a scope's chain. */
export interface AuditLink extends AuditEnd {
  readonly scope: Scope
  readonly entry: AuditEntry
}

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

/** The next link after an end, or the first of a chain. */
export function linkAfter(
  end: AuditEnd | undefined,
  scope: Scope,
  act: Act,
  changes: readonly Change[],
): AuditLink {
  const entry: AuditEntry = { ...act, wrote: digestsOf(changes), previous: end?.hash ?? '' }
  return { scope, seq: (end?.seq ?? 0) + 1, entry, hash: digest({ scope, ...entry }) }
}
