import { StorageBroken, StorageFull } from './key-value-store'
import type { Replica } from './replica'
import { type LiveLink, Overloaded, SignedOut } from './server-link'

/** How the phone stands with the server, for the screen. */
export type Connection = 'connecting' | 'online' | 'offline' | 'signed-out' | 'storage-trouble'

export interface LoopOptions {
  readonly replica: Replica
  readonly link: LiveLink
  readonly onConnection: (connection: Connection) => void
  /** The phone's clock, in ms: only lengths are taken from it. */
  readonly now: () => number
  /** Between 0 and 1. */
  readonly random: () => number
  readonly setTimer: (work: () => void, delayMs: number) => unknown
  readonly clearTimer: (timer: unknown) => void
}

const firstRetryMs = 1_000
const longestRetryMs = 60_000
/** While a register is open on the screen and the server does not tell that there is something new. */
const livePollMs = 3_000

/** A time without requests of a kind. */
interface Rest {
  readonly since: number
  readonly ms: number
}
const noRest: Rest = { since: 0, ms: 0 }

/** Keeps a replica in step: at once when something was recorded or the app came to the front, then
 *  at the pace the server asks for. While somebody watches, one more request waits at the server until
 *  there is something to fetch. After a failure it waits longer and longer, at random, so that a hall
 *  full of phones does not come back at the same moment. */
export class SyncLoop {
  private timer: unknown
  private failures = 0
  private isAwake = false
  private isBusy = false
  private isWanted = false
  private watchers = 0
  /** The server has asked for it. */
  private rest = noRest
  /** The request that waits at the server; an answer to any other comes too late. */
  private watching: object | undefined
  private watchFailures = 0
  private watchRest = noRest

  constructor(private readonly options: LoopOptions) {}

  /** The app is in front. */
  wake(): void {
    this.isAwake = true
    this.failures = 0
    this.now()
  }

  /** The app is in the background: the system stops timers there anyway. */
  sleep(): void {
    this.isAwake = false
    this.watching = undefined
    this.options.clearTimer(this.timer)
  }

  /** Something was recorded, or the signal is back. */
  now(): void {
    if (!this.isAwake) return
    if (this.isBusy) {
      this.isWanted = true
      return
    }
    const restMs = this.leftOf(this.rest)
    if (restMs > 0) {
      this.next(restMs)
      return
    }
    this.options.clearTimer(this.timer)
    void this.round()
  }

  /** Somebody watches others' records change; returns how to stop. */
  watch(): () => void {
    this.watchers += 1
    this.now()
    return () => {
      this.watchers -= 1
    }
  }

  private async round(): Promise<void> {
    this.isBusy = true
    this.isWanted = false
    this.rest = noRest
    let nextMs: number | undefined
    try {
      const result = await this.options.replica.exchange(this.options.link)
      this.failures = 0
      this.options.onConnection('online')
      void this.beTold()
      const isUntold = this.watchers > 0 && this.watching === undefined
      nextMs = result?.hasMore ? 0 : isUntold ? livePollMs : (result?.nextPollMs ?? livePollMs)
    } catch (error) {
      nextMs = this.after(error)
    } finally {
      this.isBusy = false
    }
    if (!this.isAwake || nextMs === undefined) return
    this.next(this.isWanted ? this.leftOf(this.rest) : nextMs)
  }

  /** Asks to be told when there is something new, beside the rounds and never instead of them. What
   *  comes of it when nobody watches any more is left alone. */
  private async beTold(): Promise<void> {
    if (this.watching !== undefined || this.watchers === 0 || !this.isAwake) return
    if (this.leftOf(this.watchRest) > 0) return
    const { link, replica, random } = this.options
    const watching = {}
    this.watching = watching
    const { cursors } = replica
    try {
      const isChanged = await link.watch(cursors)
      if (this.watching !== watching) return
      this.watching = undefined
      this.watchFailures = 0
      if (this.isBusy || this.watchers === 0) return // the end of the round asks again
      // What a round has fetched since is no longer new: then only what comes after it is.
      if (isChanged && JSON.stringify(cursors) === JSON.stringify(replica.cursors)) this.now()
      else void this.beTold()
    } catch (error) {
      if (this.watching !== watching) return
      this.watching = undefined
      this.watchFailures += 1
      const ms = error instanceof Overloaded ? error.retryAfterMs : this.retryMs(this.watchFailures)
      this.watchRest = { since: this.options.now(), ms }
      if (!this.isBusy && this.watchers > 0) this.next(livePollMs * (0.5 + random()))
    }
  }

  private next(delayMs: number): void {
    this.options.clearTimer(this.timer)
    this.timer = this.options.setTimer(() => void this.round(), delayMs)
  }

  private after(error: unknown): number | undefined {
    this.watching = undefined // it was asked for over the same network
    if (error instanceof SignedOut) {
      this.options.onConnection('signed-out')
      return undefined // nothing goes up until its owner signs in; nothing is dropped either
    }
    this.failures += 1
    const isStorage = error instanceof StorageFull || error instanceof StorageBroken
    this.options.onConnection(isStorage ? 'storage-trouble' : 'offline')
    if (!(error instanceof Overloaded)) return this.retryMs(this.failures)
    this.rest = { since: this.options.now(), ms: error.retryAfterMs }
    return error.retryAfterMs
  }

  private retryMs(failures: number): number {
    return this.options.random() * Math.min(longestRetryMs, firstRetryMs * 2 ** Math.min(failures, 10))
  }

  /** What is left of it; nothing when the clock was set back meanwhile, for then nobody can say. */
  private leftOf({ since, ms }: Rest): number {
    const passedMs = this.options.now() - since
    return passedMs < 0 ? 0 : Math.max(0, ms - passedMs)
  }
}
