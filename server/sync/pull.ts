import type { Authority } from '#domain/authority'
import { readableScopes } from '#domain/authority'
import type { Scope } from '#domain/scopes'
import type { Cursor, Row, ScopeNews } from '#protocol/sync'
import type { Feed, FeedAsked, ScopeHead, Written } from './store'

/** How much one answer carries over all scopes, so that it comes through one bar of signal. */
export interface AnswerSize {
  readonly rows: number
  /** Of JSON, nearly. One row alone may be larger, and travels all the same. */
  readonly bytes: number
}

/** WeChat's own hosting carries no more than 100 KiB. */
export const usualSize: AnswerSize = { rows: 1_000, bytes: 80 * 1024 }

/** The two things a pull asks of the database, one phone at a time. */
export interface Feeds {
  heads(scopes: readonly Scope[]): Promise<Map<Scope, ScopeHead>>
  feed(asked: FeedAsked): Promise<Feed>
}

/** As they were when a transaction committed, which read the heads and wrote to some of the scopes: who was up
 *  to date before needs nothing but what it wrote. */
export const after = (
  { heads, written }: { heads: ReadonlyMap<Scope, ScopeHead>; written: Written },
  feeds: Feeds,
): Feeds => ({
  async heads(scopes) {
    const found = scopes.flatMap((scope) => {
      const head = written.get(scope)?.head ?? heads.get(scope)
      return head === undefined ? [] : [[scope, head] as const]
    })
    return new Map(found)
  },
  async feed(asked) {
    const { head, rows = [] } = written.get(asked.scope) ?? {}
    const isAllOfIt = rows[0] !== undefined && rows[0].seq <= asked.after + 1
    if (!isAllOfIt) return feeds.feed(asked)
    const found = rows.filter(({ seq }) => seq > asked.after).slice(0, asked.limit)
    return { floor: head?.floor ?? 0, rows: found }
  },
})

/** What is new for this person since their cursors. Their scopes follow from who they are; a scope
 *  they name and may not read is told gone, whether it exists or not. */
export async function pull(
  feeds: Feeds,
  authority: Authority | undefined,
  cursors: Readonly<Record<string, Cursor>>,
  size = usualSize,
): Promise<Record<string, ScopeNews>> {
  const readable = authority === undefined ? [] : readableScopes(authority)
  const news: Record<string, ScopeNews> = {}
  for (const scope of Object.keys(cursors)) {
    if (!readable.some((each) => each === scope)) news[scope] = { is: 'gone' }
  }
  const heads = await feeds.heads(readable)
  const room = { ...size }
  for (const scope of readable) {
    const head = heads.get(scope)
    const cursor = Object.hasOwn(cursors, scope) ? cursors[scope] : undefined
    if (head === undefined) {
      // The phone has it from before the server went back to a backup.
      if (cursor !== undefined) news[scope] = { is: 'gone' }
      continue
    }
    const isKnown = cursor !== undefined && cursor.epoch === head.epoch
    const isReset = !isKnown || cursor.seq > head.seq
    const from = isReset ? 0 : cursor.seq
    if (!isReset && from === head.seq) continue
    if (room.rows <= 0 || room.bytes <= 0) {
      // No room for this scope: it keeps its cursor, and the phone asks again at once.
      news[scope] = more(head.epoch, from, isReset && cursor === undefined)
      continue
    }
    news[scope] = await newsOf(feeds, scope, { cursor: isReset ? undefined : cursor, head, room })
  }
  return news
}

/** Deletions below the floor are told no more: whoever was below it when it rose must begin anew.
 *  Not who has begun since, and is still being given page after page. */
const misses = ({ seq, floor = 0 }: Cursor, toldFrom: number) => seq > 0 && seq < toldFrom && floor < toldFrom

const more = (epoch: number, from: number, isReset: boolean): ScopeNews => ({
  is: 'rows',
  epoch,
  from,
  seq: from,
  isReset,
  hasMore: true,
  rows: [],
})

async function newsOf(
  feeds: Feeds,
  scope: Scope,
  /** Without a cursor all of it, from the beginning. */
  { cursor, head, room }: { cursor: Cursor | undefined; head: ScopeHead; room: Room },
): Promise<ScopeNews> {
  const from = cursor?.seq ?? 0
  const { floor, rows: found } = await feeds.feed({ scope, after: from, limit: room.rows + 1 })
  // Asked here and not of the head: the floor may have risen since that was read, and the deletions gone.
  if (cursor !== undefined && misses(cursor, floor))
    return newsOf(feeds, scope, { cursor: undefined, head: { ...head, floor }, room })
  const page = taken(found, room)
  // One row is one sequence, so a page may end anywhere. After the last one the copy has all up to
  // the head, which was read before: what commits meanwhile comes next time.
  const hasMore = found.length > page.length
  const readTo = page.at(-1)?.seq ?? from
  return {
    is: 'rows',
    epoch: head.epoch,
    from,
    seq: hasMore ? readTo : Math.max(readTo, head.seq),
    isReset: cursor === undefined,
    ...(from === 0 && head.floor > 0 && { floor: head.floor }),
    hasMore,
    rows: page.map(({ row }) => row),
  }
}

interface Room {
  rows: number
  bytes: number
}

/** As many rows as there is room for, and the room they leave. */
function taken<Found extends { row: Row }>(found: readonly Found[], room: Room): Found[] {
  const page: Found[] = []
  for (const each of found) {
    if (room.rows <= 0 || room.bytes <= 0) break
    page.push(each)
    room.rows -= 1
    room.bytes -= Buffer.byteLength(JSON.stringify(each.row))
  }
  return page
}
