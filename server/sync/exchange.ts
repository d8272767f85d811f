import type { Read } from '#domain/records'
import type { Scope } from '#domain/scopes'
import type { SyncAnswer, SyncRequest } from '#protocol/sync'
import { authorityFrom, readAuthority } from '../authority'
import { answered, type RoundLimits, Rounds } from '../rounds'
import type { ReadRecords } from '../storage/read-records'
import { keyOf, nameOf } from './decide'
import { type AnswerSize, after, type Feeds, pull, usualSize } from './pull'
import { Pushes } from './pushes'
import type { Device, DeviceName, Feed, FeedAsked, ScopeHead, SyncStore } from './store'

/** How long a phone with the app in front waits before it asks again. */
const nextPollMs = 25_000

/** Reads that are asked for together are one statement. */
const usualLimits = { most: 256, room: 4_096 }

export interface ExchangeOptions {
  /** Of an answer. */
  readonly size?: AnswerSize
  /** When a round begins, where it is not {@link Rounds}' usual. */
  readonly soon?: RoundLimits['soon']
}

/** The server's half of synchronisation, for many phones at once. */
export class Exchange {
  private readonly pushes: Pushes
  private readonly devices: Rounds<DeviceName, Device | undefined>
  private readonly records: Rounds<readonly Read[], ReadRecords>
  private readonly feeds: Feeds
  private readonly size: AnswerSize

  constructor(store: SyncStore, { size = usualSize, soon }: ExchangeOptions = {}) {
    this.size = size
    const limits = { ...usualLimits, soon }
    this.pushes = new Pushes(store, soon)
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
    const feeds = new Rounds<FeedAsked, Feed>(
      async (asked) => (await store.feeds(asked)).map(answered),
      limits,
    )
    this.feeds = { heads: (scopes) => heads.ask(scopes), feed: (asked) => feeds.ask(asked) }
  }

  /** One round trip: first what the phone did, then what is new for it. */
  async take(request: SyncRequest, now: number): Promise<SyncAnswer> {
    const { last, outcomes, authority, feeds } =
      request.push.length > 0 ? await this.push(request, now) : await this.lookOnly(request, now)
    const scopes = await pull(feeds, authority, request.pull, this.size)
    return { now, last, outcomes: [...outcomes], scopes, hint: { nextPollMs } }
  }

  private async push(request: SyncRequest, now: number) {
    const taken = await this.pushes.take({ request, at: now })
    return { ...taken, feeds: after(taken, this.feeds) }
  }

  /** Nothing is written down for who only asks. */
  private async lookOnly(request: SyncRequest, now: number) {
    const [device, records] = await Promise.all([
      this.devices.ask(nameOf(request)),
      this.records.ask(readAuthority(request.actor)),
    ])
    const authority = authorityFrom(records, request.actor, now)
    return { last: device?.last ?? 0, outcomes: [], authority, feeds: this.feeds }
  }
}
