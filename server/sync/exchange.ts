import type { Read } from '#domain/records'
import type { Scope } from '#domain/scopes'
import type { SyncAnswer, SyncRequest } from '#protocol/sync'
import { authorityFrom, readAuthority } from '../authority'
import type { ReadRecords } from '../storage/read-records'
import { heard } from './contacts'
import { keyOf, nameOf } from './decide'
import { type Feeds, pull } from './pull'
import { Pushes } from './pushes'
import { answered, Rounds } from './rounds'
import type { Device, DeviceName, FeedAsked, FeedRow, ScopeHead, SyncStore } from './store'

/** How long a phone with the app in front waits before it asks again. */
const nextPollMs = 25_000

/** Reads that are asked for together are one statement. */
const limits = { most: 256, room: 4_096 }

/** The server's half of synchronisation, for many phones at once. */
export class Exchange {
  private readonly pushes: Pushes
  private readonly devices: Rounds<DeviceName, Device | undefined>
  private readonly records: Rounds<readonly Read[], ReadRecords>
  private readonly feeds: Feeds

  constructor(store: SyncStore) {
    this.pushes = new Pushes(store)
    this.devices = new Rounds(async (names) => {
      const found = new Map((await store.devices(names)).map((device) => [keyOf(device), device]))
      return names.map((name) => answered(found.get(keyOf(name))))
    }, limits)
    this.records = new Rounds(async (asked) => {
      const records = await store.records(asked.flat())
      return asked.map(() => answered(records))
    }, limits)
    const heads = new Rounds<readonly Scope[], Map<Scope, ScopeHead>>(async (asked) => {
      const all = await store.heads([...new Set(asked.flat())])
      return asked.map(() => answered(all))
    }, limits)
    const feeds = new Rounds<FeedAsked, FeedRow[]>(
      async (asked) => (await store.feeds(asked)).map(answered),
      limits,
    )
    this.feeds = { heads: (scopes) => heads.ask(scopes), feed: (asked) => feeds.ask(asked) }
  }

  /** One round trip: first what the phone did, then what is new for it. */
  async take(request: SyncRequest, now: number): Promise<SyncAnswer> {
    const { last, outcomes, authority } =
      (await this.nothingToKeep(request, now)) ?? (await this.pushes.take({ request, at: now }))
    const scopes = await pull(this.feeds, authority, request.pull)
    return { now, last, outcomes: [...outcomes], scopes, hint: { nextPollMs } }
  }

  /** A phone that only asks, and was heard a moment ago: nothing has to be written down for it. */
  private async nothingToKeep(request: SyncRequest, now: number) {
    if (request.push.length > 0) return undefined
    const device = await this.devices.ask(nameOf(request))
    if (device === undefined) return undefined
    const { contacts, last } = device
    const hasNews = heard(contacts, request.next, Math.min(request.seen ?? 0, now), last) !== contacts
    if (hasNews || device.outcomes.some(({ id }) => id <= request.acked)) return undefined
    const records = await this.records.ask(readAuthority(request.actor))
    return { last, outcomes: [], authority: authorityFrom(records, request.actor, now) }
  }
}
