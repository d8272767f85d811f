import type { Pool } from 'pg'
import type { Authority } from '#domain/authority'
import { readableScopes } from '#domain/authority'
import type { Scope } from '#domain/scopes'
import type { Cursor, ScopeNews } from '#protocol/sync'
import { headsOf, rowsAfter } from '../storage/rows'

/** Rows in one answer, over all scopes: an answer must come through one bar of signal. */
const rowLimit = 1_000
/** And bytes of JSON, nearly: WeChat's own hosting carries no more than 100 KiB. One row alone may be
 *  larger, and travels all the same. */
const byteLimit = 64 * 1024

/** What is new for this person since their cursors. Their scopes follow from who they are; a scope
 *  they name and may not read is told gone, whether it exists or not. */
export async function pull(
  pool: Pool,
  authority: Authority | undefined,
  cursors: Readonly<Record<string, Cursor>>,
): Promise<Record<string, ScopeNews>> {
  const readable = authority === undefined ? [] : readableScopes(authority)
  const news: Record<string, ScopeNews> = {}
  for (const scope of Object.keys(cursors)) {
    if (!readable.some((each) => each === scope)) news[scope] = { is: 'gone' }
  }
  const heads = await headsOf(pool, readable)
  let room = rowLimit
  for (const scope of readable) {
    const head = heads.get(scope)
    if (head === undefined) continue
    const cursor = Object.hasOwn(cursors, scope) ? cursors[scope] : undefined
    const isKnown = cursor !== undefined && cursor.epoch === head.epoch
    const isReset = !isKnown || cursor.seq > head.seq || (cursor.seq > 0 && cursor.seq < head.floor)
    const from = isReset ? 0 : cursor.seq
    if (!isReset && from === head.seq) continue
    if (room <= 0) {
      // No room for this scope: it keeps its cursor, and the phone asks again at once.
      news[scope] = more(head.epoch, from, isReset && cursor === undefined)
      continue
    }
    news[scope] = await newsOf(pool, scope, { from, epoch: head.epoch, isReset, limit: room })
    room -= news[scope].is === 'rows' ? news[scope].rows.length : 0
  }
  return news
}

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
  pool: Pool,
  scope: Scope,
  { from, epoch, isReset, limit }: { from: number; epoch: number; isReset: boolean; limit: number },
): Promise<ScopeNews> {
  const found = await rowsAfter(pool, scope, from, limit + 1)
  const page = found.slice(0, limit)
  // One row is one sequence, so a page may end anywhere. The cursor goes as far as was really
  // read: what commits meanwhile comes next time.
  return {
    is: 'rows',
    epoch,
    from,
    seq: page.at(-1)?.seq ?? from,
    isReset,
    hasMore: found.length > limit,
    rows: page.map(({ row }) => row),
  }
}
