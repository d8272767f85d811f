import * as v from 'valibot'
import type { PersonId } from '#domain/ids'
import { recordSchemas, recordTypes } from '#domain/records'
import { scopeKinds, scopeSchema } from '#domain/scopes'
import { type Form, formOf, type Known, read, written } from './form'
import type { Row, ScopeNews, SentCommand, SyncAnswer, SyncRequest } from './sync'
import type { PackedAnswer, PackedNews, PackedOutcome, PackedRequest, PackedRow } from './wire-schemas'

/** Version 2 of what is said: what the objects of `sync.ts` say, by position.
 *
 *  - a request: `[2, form, device, actor, acked, commands, cursors]`
 *    - a command: `[id, command, scope, args, claimedAt, heardAt?]`, its scope by name or as its place
 *      among the cursors
 *    - a cursor, by scope: `seq` when the epoch is 1 and there is no floor, else `[epoch, seq, floor?]`
 *  - an answer: `[now, last, outcomes, scopes, nextPollMs?]`
 *    - an outcome: `id` when accepted, else `[id, outcome, refusal]`, null for none
 *    - what is new, by scope: `[epoch, from, seq, rows, flags, floor?]`, flags being 1 for a reset and 2 for
 *      more to come; or null, when it is gone
 *    - a row: `[type, key, value]`, null when it is gone. With a number for its type the value is in the
 *      form of that type (`form.ts`), with a name it is as it is
 *  - a scope: the first letter of its kind, `m` alone for one's own; of a kind unknown here the whole name
 *
 *  Only two that have the same {@link recordForm} tell each other records by position. A phone says its own,
 *  and to one that is older or newer the server writes all names. So a record may change as if there were
 *  only names, and a phone keeps what a later version of it will understand. */
const usual = { epoch: 1, nextPollMs: 25_000 }

const forms = recordTypes.map((type) => formOf(recordSchemas[type]))
const placeOf = new Map<string, number>(recordTypes.map((type, place) => [type, place]))

/** To be raised when `form.ts` writes the same form in another manner. */
const manner = 1

/** Another one after every change of a record: of a field, of its place, of a word to choose from. */
export const recordForm = digest(JSON.stringify([manner, recordTypes, forms]))

/** FNV-1a of 32 bits. */
function digest(words: string): string {
  let hash = 0x811c9dc5
  for (let at = 0; at < words.length; at += 1) hash = Math.imul(hash ^ words.charCodeAt(at), 0x01000193)
  return (hash >>> 0).toString(36)
}

/** What is left out at the end of a list. */
const told = (value: number | undefined): number[] => (value === undefined ? [] : [value])

/** For a request without `next`, which phones of version 2 do not say. */
export function packedRequest({ device, actor, acked, push, pull }: SyncRequest): PackedRequest {
  const scopes = Object.keys(pull)
  const commands = push.map(({ id, command, scope, args, claimedAt, heardAt }) => {
    const place = scopes.indexOf(scope)
    const where = place < 0 ? shortScope(scope, actor) : place
    return [id, command, where, args, claimedAt, ...told(heardAt)] satisfies PackedRequest[5][number]
  })
  const cursors = Object.entries(pull).map(([scope, { epoch, seq, floor }]) => [
    shortScope(scope, actor),
    epoch === usual.epoch && floor === undefined ? seq : [epoch, seq, ...told(floor)],
  ])
  return [2, recordForm, device, actor, acked, commands, Object.fromEntries(cursors)]
}

/** What a phone said; undefined when a command of it names no scope there is. */
export function unpackedRequest([, , device, actor, acked, commands, cursors]: PackedRequest):
  | SyncRequest
  | undefined {
  const pull = Object.entries(cursors).map(([scope, cursor]) => {
    const [epoch, seq, floor] = typeof cursor === 'number' ? [usual.epoch, cursor] : cursor
    return [longScope(scope, actor), { epoch, seq, ...(floor !== undefined && { floor }) }] as const
  })
  const push: SentCommand[] = []
  for (const [id, command, where, args, claimedAt, heardAt] of commands) {
    const scope = typeof where === 'number' ? pull[where]?.[0] : longScope(where, actor)
    if (!v.is(scopeSchema, scope)) return undefined
    push.push({ id, command, scope, args, claimedAt, ...(heardAt !== undefined && { heardAt }) })
  }
  return { device, actor, acked, push, pull: Object.fromEntries(pull) }
}

/** For the phone that said its form in the request. */
export function packedAnswer(
  { now, last, outcomes, scopes, hint }: SyncAnswer,
  { actor, form }: { actor: PersonId; form: string },
): PackedAnswer {
  const known = { words: [], instant: now }
  const isSameForm = form === recordForm
  const packedNews = (scope: string, news: ScopeNews): PackedNews =>
    news.is === 'gone'
      ? null
      : [
          news.epoch,
          news.from,
          news.seq,
          isSameForm ? news.rows.map((row) => packedRow(row, beside(known, scope, row[1]))) : news.rows,
          Number(news.isReset) + 2 * Number(news.hasMore),
          ...told(news.floor),
        ]
  const news = Object.entries(scopes).map(([scope, each]) => [
    shortScope(scope, actor),
    packedNews(scope, each),
  ])
  const nextPoll = hint.nextPollMs === usual.nextPollMs ? [] : [hint.nextPollMs]
  return [now, last, outcomes.map(packedOutcome), Object.fromEntries(news), ...nextPoll]
}

/** What a server said, to be checked as the answer that it should be.
 *  @throws when it is nothing like it */
export function unpackedAnswer(said: unknown, actor: PersonId): unknown {
  const [now, last, outcomes, scopes, nextPollMs = usual.nextPollMs] = said as PackedAnswer // or it throws
  const known = { words: [], instant: now }
  const news = Object.entries(scopes).map(([short, each]) => {
    const scope = longScope(short, actor)
    if (each === null) return [scope, { is: 'gone' }]
    const [epoch, from, seq, packedRows, flags, floor] = each
    const rows = packedRows.map((row) => unpackedRow(row, beside(known, scope, row[1])))
    const [isReset, hasMore] = [flags % 2 > 0, flags > 1]
    const cursor = { epoch, from, seq, ...(floor !== undefined && { floor }) }
    return [scope, { is: 'rows', ...cursor, isReset, hasMore, rows }]
  })
  return {
    now,
    last,
    outcomes: outcomes.map(unpackedOutcome),
    scopes: Object.fromEntries(news),
    hint: { nextPollMs },
  }
}

function packedOutcome({ id, result }: SyncAnswer['outcomes'][number]): PackedOutcome {
  if (result.outcome === 'accepted') return id
  return [id, result.outcome, result.outcome === 'refused' ? result.refusal : null]
}

function unpackedOutcome(packed: PackedOutcome): unknown {
  if (typeof packed === 'number') return { id: packed, result: { outcome: 'accepted' } }
  const [id, outcome, refusal] = packed
  return { id, result: { outcome, ...(refusal !== null && { refusal }) } }
}

/** What a record need not repeat: whose scope it is in, and what its key says. */
function beside(known: Known, scope: string, key: string): Known {
  known.words = [scope.slice(scope.indexOf(':') + 1), ...key.split('/')]
  return known
}

function packedRow(row: Row, known: Known): PackedRow {
  const [type, key, value] = row
  const place = placeOf.get(type) ?? -1
  const form = forms[place]
  if (form === undefined || value === null) return row
  const { instant } = known
  const packed = written(form, value, known)
  if (packed !== undefined) return [place, key, packed]
  known.instant = instant // nothing of it was written
  return row
}

function unpackedRow(row: PackedRow, known: Known): unknown {
  const [place, key, packed] = row
  if (typeof place === 'string') return row
  return [recordTypes[place], key, read(forms[place] as Form, packed, known)] // or it throws
}

const kindWith = (letter: string | undefined) => scopeKinds.find((kind) => kind[0] === letter)

function shortScope(scope: string, actor: PersonId): string {
  if (scope === `member:${actor}`) return 'm'
  const [kind = ''] = scope.split(':', 1)
  return kindWith(kind[0]) === kind ? kind[0] + scope.slice(kind.length) : scope
}

function longScope(short: string, actor: PersonId): string {
  if (short === 'm') return `member:${actor}`
  const kind = short[1] === ':' ? kindWith(short[0]) : undefined
  return kind === undefined ? short : kind + short.slice(1)
}
