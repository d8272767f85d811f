import type { AddressInfo } from 'node:net'
import type { FastifyInstance } from 'fastify'
import { readableScopes } from '#domain/authority'
import type { PersonId } from '#domain/ids'
import { recordTypes } from '#domain/records'
import type { Http } from '#platform/http'
import { httpServerLink } from '#platform/server-link'
import { SessionKeeper } from '#platform/session-keeper'
import type { SyncAnswer } from '#protocol/sync'
import { Sessions } from '#server/sessions'
import type { Database } from '#server/storage/database'
import { memoryKeyValueStore } from '#support/memory-store'
import { Replica } from '#sync/replica'
import type { ServerLink } from '#sync/server-link'
import { RawConnection, requestText } from './raw-connection'

/** What went over the wire, heads and bodies. */
export interface Traffic {
  requests: number
  records: number
  bytesUp: number
  bytesDown: number
  /** Of the answers, as they would be if nothing were packed. */
  unpackedDown: number
}

/** The app's own client with a phone's storage in memory: its replica, its session, its link, over
 *  one connection to the real server. */
export interface CoreClient {
  readonly replica: Replica
  readonly link: ServerLink
  readonly answers: readonly SyncAnswer[]
  readonly traffic: Traffic
  /** Calls that write, and the characters of keys and values that were set. */
  readonly stored: { calls: number; written: number }
  close(): void
}

export async function coreClient(
  { app, database, now }: { app: FastifyInstance; database: Database; now: () => number },
  personId: PersonId,
): Promise<CoreClient> {
  const { port } = app.server.address() as AddressInfo // it listens on TCP
  const connection = await RawConnection.open(port)
  const traffic: Traffic = { requests: 0, records: 0, bytesUp: 0, bytesDown: 0, unpackedDown: 0 }
  const http: Http = async ({ method, path, body, accessToken = '' }) => {
    const header = {
      'content-type': 'application/json',
      authorization: `Bearer ${accessToken}`,
      'accept-encoding': 'gzip',
    }
    const request = requestText({ method, path, header, body: JSON.stringify(body ?? {}) })
    const answer = await connection.send(request)
    if (answer.status !== 200) throw new Error(`${answer.status} ${answer.body}`)
    traffic.requests += 1
    traffic.bytesUp += Buffer.byteLength(request)
    traffic.bytesDown += answer.bytes
    traffic.unpackedDown += answer.bytes - answer.bodyBytes + Buffer.byteLength(answer.body)
    return { is: 'ok', body: JSON.parse(answer.body) }
  }

  const store = memoryKeyValueStore()
  const sessions = new SessionKeeper(store, http, now)
  await sessions.begin(await (await Sessions.open(database, now)).begin(personId))
  const newDevice = async () =>
    Array.from({ length: 24 }, () => 'abcdefgh'[Math.floor(Math.random() * 8)]).join('')
  const replica = await Replica.open({ store, personId, now, newDevice })

  const stored = { calls: 0, written: 0 }
  const { set, delete: remove } = store
  store.set = (key, value) => {
    stored.calls += 1
    stored.written += key.length + value.length
    return set(key, value)
  }
  store.delete = (key) => {
    stored.calls += 1
    return remove(key)
  }
  const { sync } = httpServerLink(http, sessions)
  const answers: SyncAnswer[] = []
  const link: ServerLink = {
    async sync(request) {
      const answer = await sync(request)
      answers.push(answer)
      for (const news of Object.values(answer.scopes))
        traffic.records += news.is === 'rows' ? news.rows.length : 0
      return answer
    },
  }
  return { replica, link, answers, traffic, stored, close: () => connection.close() }
}

/** Until there is nothing more to fetch. */
export async function fill({ replica, link }: CoreClient): Promise<void> {
  while ((await replica.exchange(link))?.hasMore);
}

/** The records of a person's copy. */
export function countOf(replica: Replica): number {
  const authority = replica.authority()
  if (authority === undefined) throw new Error('the copy does not say whose it is')
  return readableScopes(authority)
    .flatMap((scope) => recordTypes.map((type) => replica.list(scope, type, '').length))
    .reduce((sum, each) => sum + each, 0)
}
