import { StorageBroken, StorageFull } from './key-value-store'
import type { Replica } from './replica'
import { Overloaded, type ServerLink, SignedOut } from './server-link'

/** How the phone stands with the server, for the screen. */
export type Connection = 'connecting' | 'online' | 'offline' | 'signed-out' | 'storage-trouble'

export interface LoopOptions {
  readonly replica: Replica
  readonly link: ServerLink
  readonly onConnection: (connection: Connection) => void
  /** Between 0 and 1. */
  readonly random: () => number
  readonly setTimer: (work: () => void, delayMs: number) => unknown
  readonly clearTimer: (timer: unknown) => void
}

const firstRetryMs = 1_000
const longestRetryMs = 60_000
/** While a register is open on the screen, until the server can say that there is something new. */
const livePollMs = 3_000

/** Keeps a replica in step: at once when something was recorded or the app came to the front, then
 *  at the pace the server asks for. After a failure it waits longer and longer, at random, so that
 *  a hall full of phones does not come back at the same moment. */
export class SyncLoop {
  private timer: unknown
  private failures = 0
  private isAwake = false
  private isBusy = false
  private isWanted = false
  private watchers = 0

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
    this.options.clearTimer(this.timer)
  }

  /** Something was recorded, or the signal is back. */
  now(): void {
    if (!this.isAwake) return
    if (this.isBusy) {
      this.isWanted = true
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
    let nextMs: number | undefined
    try {
      const result = await this.options.replica.exchange(this.options.link)
      this.failures = 0
      this.options.onConnection('online')
      nextMs = result?.hasMore ? 0 : this.watchers > 0 ? livePollMs : (result?.nextPollMs ?? livePollMs)
    } catch (error) {
      nextMs = this.after(error)
    } finally {
      this.isBusy = false
    }
    if (!this.isAwake || nextMs === undefined) return
    this.timer = this.options.setTimer(() => void this.round(), this.isWanted ? 0 : nextMs)
  }

  private after(error: unknown): number | undefined {
    if (error instanceof SignedOut) {
      this.options.onConnection('signed-out')
      return undefined // nothing goes up until its owner signs in; nothing is dropped either
    }
    this.failures += 1
    const isStorage = error instanceof StorageFull || error instanceof StorageBroken
    this.options.onConnection(isStorage ? 'storage-trouble' : 'offline')
    if (error instanceof Overloaded) return error.retryAfterMs
    const ceiling = Math.min(longestRetryMs, firstRetryMs * 2 ** Math.min(this.failures, 10))
    return this.options.random() * ceiling
  }
}
