import type { SyncAnswer, SyncRequest } from '#protocol/sync'
import { loadAuthority } from '../authority'
import type { Database } from '../storage/database'
import { pull } from './pull'
import { push } from './push'

/** How long a phone with the app in front waits before it asks again. */
const nextPollMs = 25_000

/** One round trip: first what the phone did, then what is new for it. */
export async function exchange(database: Database, request: SyncRequest, now: number): Promise<SyncAnswer> {
  const { last, outcomes } = await push(database, request, now)
  const authority = await loadAuthority(database.pool, request.actor, now)
  const scopes = await pull(database.pool, authority, request.pull)
  return { now, last, outcomes, scopes, hint: { nextPollMs } }
}
