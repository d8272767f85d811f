import * as v from 'valibot'
import { type Authority, authorityOf } from '#domain/authority'
import { type ArgsOf, type CommandName, wireName } from '#domain/commands'
import { dayOf } from '#domain/day'
import type { PersonId } from '#domain/ids'
import type { RecordOf, Records, RecordType } from '#domain/records'
import type { Refusal } from '#domain/refusal'
import { memberScope, type Scope, scopeSchema } from '#domain/scopes'
import {
  bodyLimit,
  pushLimit,
  type ScopeNews,
  type SentCommand,
  type SyncAnswer,
  type SyncRequest,
} from '#protocol/sync'
import { type KeyValueStore, StorageFull } from './key-value-store'
import { MetaSlots } from './meta'
import { type DeadLetter, Outbox } from './outbox'
import { Overlay } from './overlay'
import { ScopeCache } from './scope-cache'
import type { ServerLink } from './server-link'

export type Submitted =
  /** On the phone's disk; the server has not seen it. */
  | { readonly outcome: 'recorded'; readonly id: number }
  | { readonly outcome: 'refused'; readonly refusal: Refusal }
  /** The phone is full: nothing was recorded. */
  | { readonly outcome: 'not-saved' }

export interface ReplicaOptions {
  readonly store: KeyValueStore
  readonly personId: PersonId
  readonly now: () => number
  /** A fresh device id, as {@link deviceIdSchema} wants it. */
  readonly newDevice: () => Promise<string>
  /** Of the app: what this one cannot read, another may. */
  readonly version?: string | undefined
}

/** How old the last contact on the disk may be: a phone that is started anew without signal tells
 *  this much less exactly after when something was done. */
const heardAtEveryMs = 300_000

/** This device's copy of what one person may see, and their outbox. What they do is on the disk
 *  before they are told so, and shows at once; the server's answer is what stays. */
export class Replica implements Records {
  private readonly caches = new Map<Scope, ScopeCache>()
  private readonly overlay = new Overlay()
  private readonly listeners = new Set<() => void>()
  /** Storage is written by one at a time, in the order asked for. */
  private turn: Promise<unknown> = Promise.resolve()
  private isExchanging = false
  /** Counts the changes: a cheap "is it new" for screens. */
  revision = 0

  private constructor(
    private readonly options: ReplicaOptions,
    private readonly prefix: string,
    private readonly meta: MetaSlots,
    private readonly outbox: Outbox,
  ) {}

  /** @throws when anything precious cannot be read: try again, never begin empty. */
  static async open(options: ReplicaOptions): Promise<Replica> {
    const { store, personId } = options
    const prefix = `p/${personId}/`
    const meta = await MetaSlots.open(store, prefix, options.newDevice)
    const outbox = await Outbox.open(store, prefix, personId, meta)
    const replica = new Replica(options, prefix, meta, outbox)
    // Also what is left of a copy without its manifest: the server says whether it is to go.
    const scopes = (await store.keys(`${prefix}c/`)).map(
      (key) => key.slice(`${prefix}c/`.length).split('/')[0],
    )
    for (const name of new Set(scopes)) {
      const scope = v.parse(scopeSchema, name)
      replica.caches.set(scope, await ScopeCache.open(store, prefix, scope, options.version))
    }
    replica.replay()
    return replica
  }

  get personId(): PersonId {
    return this.options.personId
  }

  /** The server's clock as this phone knows it. The phone's own is never trusted for a decision. */
  now(): number {
    return this.options.now() + this.meta.clockOffset
  }

  /** Whether the first synchronisation has come through, and whole: half a register looks like a register. */
  get isFilled(): boolean {
    const isWhole = [...this.caches.values()].every((cache) => cache.isWhole)
    return isWhole && this.get(memberScope(this.personId), 'profile', 'profile') !== undefined
  }

  get<Type extends RecordType>(scope: Scope, type: Type, key: string): RecordOf<Type> | undefined {
    return this.overlay.get(scope, type, key) ?? this.caches.get(scope)?.get(type, key)
  }

  list<Type extends RecordType>(scope: Scope, type: Type, prefix: string): RecordOf<Type>[] {
    return this.overlay.over(scope, type, prefix, this.caches.get(scope)?.list(type, prefix) ?? [])
  }

  /** How far this copy has each scope. */
  get cursors(): SyncRequest['pull'] {
    return Object.fromEntries([...this.caches].map(([scope, cache]) => [scope, cache.cursor]))
  }

  /** Who this person is here today, by the copy on the phone. The server asks its own records. */
  authority(): Authority | undefined {
    const own = memberScope(this.personId)
    const profile = this.get(own, 'profile', 'profile')
    if (profile === undefined) return undefined
    return authorityOf(profile, this.list(own, 'membership', ''), dayOf(this.now()))
  }

  pending(): SentCommand[] {
    return this.outbox.pending()
  }

  deadLetters(): DeadLetter[] {
    return this.outbox.deadLetters()
  }

  /** Decides by the rule, then records. `regardless` records even what the rule refuses here: for a
   *  phone whose clock is wrong, or whose copy is old; the server decides.
   *  @throws {StorageBroken} nothing was recorded */
  submit<Name extends CommandName>(
    name: Name,
    scope: Scope,
    args: ArgsOf<Name>,
    { regardless = false } = {},
  ): Promise<Submitted> {
    return this.inTurn(async () => {
      const actor = this.authority()
      if (actor === undefined) return { outcome: 'refused', refusal: { code: 'not-allowed' } }
      const { heardAt } = this.meta
      const command = {
        command: wireName(name),
        scope,
        args,
        claimedAt: this.now(),
        ...(heardAt && { heardAt }),
      }
      const refusal = this.overlay.add({ ...command, id: this.outbox.next }, actor, this)
      if (refusal !== undefined && !regardless) return { outcome: 'refused', refusal }
      try {
        const { id } = await this.keepWithRoom(() => this.outbox.add(command))
        return { outcome: 'recorded', id }
      } catch (error) {
        if (error instanceof StorageFull) return { outcome: 'not-saved' }
        throw error
      } finally {
        this.replay() // the screen shows what is on the disk, no more and no less
        this.changed()
      }
    })
  }

  dismiss(id: number): Promise<void> {
    return this.inTurn(async () => {
      await this.keepWithRoom(() => this.outbox.dismiss(id))
      this.changed()
    })
  }

  /** One round trip. Returns the server's hint and whether there is more to fetch or send; at once
   *  and without effect when one is under way.
   *  @throws what the link throws, and storage errors; the next call goes on from there */
  async exchange(link: ServerLink): Promise<{ nextPollMs: number; hasMore: boolean } | undefined> {
    if (this.isExchanging) return undefined
    this.isExchanging = true
    try {
      // In turn, so that none is sent as void while it is being written.
      const request = await this.inTurn(async () => {
        await this.outbox.takeBack()
        return this.request()
      })
      const answer = await link.sync(request)
      return await this.inTurn(async () => {
        await this.take(answer, request)
        const hasMore = Object.values(answer.scopes).some((news) => news.is === 'rows' && news.hasMore)
        return { nextPollMs: answer.hint.nextPollMs, hasMore: hasMore || this.outbox.pending().length > 0 }
      })
    } finally {
      this.isExchanging = false
    }
  }

  subscribe(listener: () => void): () => void {
    this.listeners.add(listener)
    return () => this.listeners.delete(listener)
  }

  /** Forgets what can be fetched again; the outbox and its letters stay. */
  dropCaches(): Promise<void> {
    return this.inTurn(async () => {
      for (const cache of this.caches.values()) await cache.drop()
      this.caches.clear()
      this.replay()
      this.changed()
    })
  }

  private request(): SyncRequest {
    const pull = this.cursors
    let room = bodyLimit - JSON.stringify(pull).length - 1024 // and the envelope
    const push = this.outbox.toSend(pushLimit, this.now()).filter((command, index) => {
      room -= JSON.stringify(command).length * 3 // Chinese is three bytes a character
      return room > 0 || index === 0
    })
    const { device, last } = this.meta
    return { device, actor: this.personId, acked: this.outbox.acked(last), push, pull }
  }

  /** In this order a kill at any point loses nothing: what must be told, then how far the server
   *  is, then the queue, then the rows. */
  private async take(answer: SyncAnswer, request: SyncRequest): Promise<void> {
    const outcomes = new Map(answer.outcomes.map(({ id, result }) => [id, result]))
    const last = this.settledBy(answer, request)
    const highest = Math.max(this.outbox.highest, answer.last)
    await this.keepWithRoom(() => this.outbox.keepDeadLetters(outcomes, answer.now))
    const clockOffset = answer.now - this.options.now()
    // A second or so is the network's; writing each time would wear the storage for nothing.
    const isClockOff = Math.abs(clockOffset - this.meta.clockOffset) > 2_000
    const isLongAgo = answer.now - this.meta.keptHeardAt > heardAtEveryMs
    if (last !== this.meta.last || highest > this.outbox.highest || isClockOff || isLongAgo) {
      const change = { last, highest, clockOffset, heardAt: answer.now }
      await this.keepWithRoom(() => this.meta.write(change))
    }
    this.meta.heard(answer.now)
    await this.outbox.settle(last, highest, answer.now)

    for (const [key, news] of Object.entries(answer.scopes)) {
      const scope = v.parse(scopeSchema, key)
      const cache = this.caches.get(scope)
      if (news.is === 'gone') {
        await cache?.drop()
        this.caches.delete(scope)
        continue
      }
      const target = cache ?? this.emptyCopy(scope)
      // An answer to an older question: the copy has moved on, so these rows do not continue it.
      const at = target.cursor
      if (!news.isReset && (news.epoch !== at.epoch || news.from !== at.seq)) continue
      this.caches.set(scope, target)
      const floor = news.from === 0 ? news.floor : at.floor
      const isFilling = floor !== undefined && floor > news.seq
      const cursor = { epoch: news.epoch, seq: news.seq, ...(isFilling && { floor }) }
      const isWhole = !news.hasMore || (target.isWhole && news.from > 0)
      await target.apply(news.rows, cursor, { isReset: news.isReset, isWhole })
    }
    this.replay()
    this.changed()
  }

  /** How far nothing is left to ask. A server that went back may have decided again, and otherwise, what it
   *  had decided since its backup: by an old request that was still on its way. All that is kept is asked
   *  about once more, as much at a time as a request holds. */
  private settledBy(answer: SyncAnswer, { push }: SyncRequest): number {
    if (this.wentBack(answer)) return Math.min(answer.last, this.outbox.lowest - 1)
    return Math.min(answer.last, push[push.length - 1]?.id ?? answer.last)
  }

  /** Whether the server is at an earlier point than it was: back at a backup. */
  private wentBack({ last, scopes }: SyncAnswer): boolean {
    const isOfAnother = ([scope, news]: [string, ScopeNews]) => {
      const cursor = this.caches.get(scope as Scope)?.cursor // a name that is none has no copy
      return news.is === 'rows' && cursor !== undefined && cursor.epoch > 0 && news.epoch !== cursor.epoch
    }
    return last < this.meta.last || Object.entries(scopes).some(isOfAnother)
  }

  private emptyCopy(scope: Scope): ScopeCache {
    const { store, version } = this.options
    return ScopeCache.empty(store, this.prefix, scope, version)
  }

  /** On a full phone the copies give way to what cannot be fetched again. */
  private async keepWithRoom<T>(write: () => Promise<T>): Promise<T> {
    try {
      return await write()
    } catch (error) {
      if (!(error instanceof StorageFull)) throw error
      for (const [scope, cache] of this.caches) {
        if (scope.startsWith('member:') || scope.startsWith('branch:')) continue // needed to decide
        await cache.drop()
        this.caches.delete(scope)
      }
      return await write()
    }
  }

  private replay(): void {
    this.overlay.clear()
    const actor = this.authority()
    if (actor === undefined) return
    for (const command of this.outbox.pending()) this.overlay.add(command, actor, this)
  }

  private changed(): void {
    this.revision += 1
    for (const listener of this.listeners) listener()
  }

  private inTurn<T>(work: () => Promise<T>): Promise<T> {
    const result = this.turn.then(work)
    this.turn = result.catch(() => undefined)
    return result
  }
}
