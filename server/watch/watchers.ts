import type { Scope } from '#domain/scopes'
import type { Cursor } from '#protocol/sync'
import type { ScopeHead } from '../sync/store'

export interface WatchersOptions {
  /** How far these scopes are in the database, all in one query. */
  readonly heads: (scopes: readonly Scope[]) => Promise<Map<Scope, ScopeHead>>
  /** The database did not answer; it is asked again a second later. */
  readonly onFailure: (error: Error & { code?: string }) => void
  /** How many may wait at once. */
  readonly room: number
}

export interface Watch {
  /** One watch each: a newer one ends the one before, which its phone has forgotten. */
  readonly session: string
  /** All that its owner may read. */
  readonly scopes: readonly Scope[]
  readonly cursors: Readonly<Record<string, Cursor>>
  readonly forMs: number
}

interface Waiter extends Pick<Watch, 'session' | 'scopes'> {
  readonly since: number
  /** How far the phone has each scope, as {@link placeOf} says it. For a scope that it does not name,
   *  how far the server was at the first look. */
  readonly has: Map<Scope, string>
  readonly resolve: (isChanged: boolean) => void
  timer: NodeJS.Timeout
}

const lookEveryMs = 1_000
/** No change is told sooner: who watches a hall check in asks once a second, not once for each. */
const shortestMs = 1_000

/** Phones that wait to hear that a scope of theirs has moved on. Of what this process writes they hear
 *  at once. For what others write to the same database it looks once a second, with one query for all of
 *  them, and only while somebody waits. */
export class Watchers {
  private readonly bySession = new Map<string, Waiter>()
  private readonly byScope = new Map<Scope, Set<Waiter>>()
  private looking: NodeJS.Timeout | undefined
  private isClosed = false

  constructor(private readonly options: WatchersOptions) {}

  get isFull(): boolean {
    return this.bySession.size >= this.options.room
  }

  /** Resolves to whether one of the scopes has moved on from the cursors: at once when it does, but no
   *  sooner than after a second; else when the time is over, and when nobody waits for it any more. */
  wait({ session, scopes, cursors, forMs }: Watch, gone: AbortSignal): Promise<boolean> {
    this.endOf(session)
    if (this.isClosed || gone.aborted) return Promise.resolve(false)
    return new Promise((resolve) => {
      const has = new Map<Scope, string>()
      for (const scope of scopes) {
        if (Object.hasOwn(cursors, scope)) has.set(scope, placeOf(cursors[scope]))
      }
      const timer = setTimeout(() => this.end(waiter, false), forMs)
      const waiter: Waiter = { session, scopes, since: performance.now(), has, resolve, timer }
      gone.addEventListener('abort', () => this.end(waiter, false))
      this.bySession.set(session, waiter)
      for (const scope of scopes) {
        const others = this.byScope.get(scope) ?? new Set()
        this.byScope.set(scope, others.add(waiter))
      }
      this.lookLater()
    })
  }

  /** This process has written to these scopes. */
  written(scopes: Iterable<Scope>): void {
    for (const scope of scopes) {
      for (const waiter of this.byScope.get(scope) ?? []) this.tell(waiter)
    }
  }

  /** Whoever waits is answered now: the server is about to stop. */
  close(): void {
    this.isClosed = true
    clearTimeout(this.looking)
    for (const session of this.bySession.keys()) this.endOf(session)
  }

  private lookLater(): void {
    if (this.byScope.size > 0) this.looking ??= setTimeout(() => void this.look(), lookEveryMs)
  }

  private async look(): Promise<void> {
    const begun = performance.now()
    try {
      if (this.byScope.size === 0) return
      const heads = await this.options.heads([...this.byScope.keys()])
      for (const [scope, waiters] of this.byScope) {
        const place = placeOf(heads.get(scope))
        for (const waiter of waiters) if (waiter.since < begun) this.compare(waiter, scope, place)
      }
    } catch (error) {
      this.options.onFailure(error as Error) // of the driver, which throws nothing else
    } finally {
      this.looking = undefined
      this.lookLater()
    }
  }

  private compare(waiter: Waiter, scope: Scope, place: string): void {
    const before = waiter.has.get(scope)
    if (before === undefined) waiter.has.set(scope, place)
    else if (place !== before) this.tell(waiter)
  }

  private tell(waiter: Waiter): void {
    clearTimeout(waiter.timer)
    const restMs = Math.max(0, waiter.since + shortestMs - performance.now())
    waiter.timer = setTimeout(() => this.end(waiter, true), restMs)
  }

  private endOf(session: string): void {
    const waiter = this.bySession.get(session)
    if (waiter !== undefined) this.end(waiter, false)
  }

  private end(waiter: Waiter, isChanged: boolean): void {
    clearTimeout(waiter.timer)
    if (this.bySession.get(waiter.session) === waiter) this.bySession.delete(waiter.session)
    for (const scope of waiter.scopes) {
      const others = this.byScope.get(scope)
      others?.delete(waiter)
      if (others?.size === 0) this.byScope.delete(scope)
    }
    waiter.resolve(isChanged)
  }
}

/** Nothing was ever written to a scope that is nowhere. */
const placeOf = (at: Cursor | undefined) => (at === undefined ? 'nowhere' : `${at.epoch}.${at.seq}`)
