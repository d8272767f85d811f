import { randomBytes } from 'node:crypto'
import { lineKey } from '#domain/attendance'
import type { PersonId } from '#domain/ids'
import { branchScope, reviewScope } from '#domain/scopes'
import type { Http } from '#platform/http'
import { httpServerLink } from '#platform/server-link'
import { SessionKeeper } from '#platform/session-keeper'
import type { Sessions } from '#server/sessions'
import { memoryKeyValueStore } from '#support/memory-store'
import { Replica } from '#sync/replica'
import type { LiveLink } from '#sync/server-link'
import type { Member } from '../load/association'
import { Connection } from '../load/connection'
import { requestText } from '../wire/raw-connection'

/** The app's own client, with a phone's storage in memory. */
export interface Phone {
  readonly member: Member
  readonly replica: Replica
  readonly link: LiveLink
  /** Bytes up and down, heads and bodies, without TLS. */
  readonly traffic: { requests: number; bytes: number }
  /** Resolves when it is accepted, to when that was (ms). */
  checkIn(week: string): Promise<number>
  /** When a check-in came to be in its copy of the register (ms), or undefined after so long. */
  sees(week: string, person: PersonId, withinMs: number): Promise<number | undefined>
  close(): void
}

/** Signed in, and filled. */
export async function connectedPhone(url: string, member: Member, sessions: Sessions): Promise<Phone> {
  const { person, branch } = member
  const traffic = { requests: 0, bytes: 0 }
  /** By path: one request waits while others go. */
  const connections = new Map<string, Connection>()
  const connectionFor = (path: string) => {
    const kept = connections.get(path)
    if (kept?.isOpen) return kept
    const connection = new Connection(url)
    connections.set(path, connection)
    return connection
  }
  const http: Http = async ({ method, path, body, accessToken = '' }) => {
    const header = {
      'content-type': 'application/json',
      authorization: `Bearer ${accessToken}`,
      'x-request-id': randomBytes(5).toString('hex'),
    }
    const request = requestText({ method, path, header, body: JSON.stringify(body ?? {}) })
    const connection = connectionFor(path)
    const before = connection.bytes
    const answer = await connection.ask(request)
    const { up, down } = connection.bytes
    traffic.requests += 1
    traffic.bytes += up - before.up + down - before.down
    if (answer.status !== 200) throw new Error(`${path}: ${answer.status} ${answer.body}`)
    return { is: 'ok', body: JSON.parse(answer.body) }
  }
  const store = memoryKeyValueStore()
  const keeper = new SessionKeeper(store, http, Date.now)
  await keeper.begin(await sessions.begin(person))
  const newDevice = async () => randomBytes(12).toString('hex')
  const replica = await Replica.open({ store, personId: person, now: Date.now, newDevice })
  const link = httpServerLink(http, keeper)
  while ((await replica.exchange(link))?.hasMore);

  return {
    member,
    replica,
    link,
    traffic,
    async checkIn(week) {
      const submitted = await replica.submit('check-in', branchScope(branch), { week })
      if (submitted.outcome !== 'recorded') throw new Error(`${person} could not check in`)
      await replica.exchange(link)
      if (replica.pending().length + replica.deadLetters().length > 0) throw new Error('it was not accepted')
      return performance.now()
    },
    sees: (week, who, withinMs) =>
      new Promise((resolve) => {
        const isThere = () =>
          replica.get(reviewScope(branch), 'register-line', lineKey(week, who)) !== undefined
        const end = (at: number | undefined) => {
          clearTimeout(timer)
          stop()
          resolve(at)
        }
        const timer = setTimeout(() => end(undefined), withinMs)
        const stop = replica.subscribe(() => isThere() && end(performance.now()))
        if (isThere()) end(performance.now())
      }),
    close() {
      for (const connection of connections.values()) connection.close()
    },
  }
}
