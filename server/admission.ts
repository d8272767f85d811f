export interface AdmissionOptions {
  /** Requests that may be under way at once. */
  readonly room: number
  /** In ms. */
  readonly now: () => number
  /** Between 0 and 1. */
  readonly random: () => number
}

const windowMs = 1_000
/** Beyond it nothing is known of how busy it was; rounds on a slow disk take seconds. */
const longestWindowMs = 5 * windowMs
/** Assumed until something has been measured, in requests per ms. */
const assumedPerMs = 1
const leastPerMs = 0.1
const shortestMs = 1_000
const longestMs = 600_000

/** Turns requests away before they cost anything while too many are under way, and tells each when
 *  to come back: the next free place in a queue that moves as fast as requests have lately been
 *  answered. So a crowd comes back spread out, and no one sooner than they can be served. */
export class Admission {
  private underWay = 0
  private looking = 0
  private slotAt = 0
  private perMs = 0
  private window = { since: 0, answered: 0 }

  constructor(private readonly options: AdmissionOptions) {}

  /** Takes a place and returns undefined, or says in how many ms to come back. */
  enter(): number | undefined {
    if (this.underWay >= this.options.room) return this.slot()
    this.underWay += 1
    return undefined
  }

  /** For a request that has entered and only looks: such have a quarter of the places at most, so that who
   *  has something to say goes before. As {@link enter}; {@link endLook} gives it back. */
  startLook(): number | undefined {
    if (this.looking >= this.options.room / 4) return this.slot()
    this.looking += 1
    return undefined
  }

  endLook(): void {
    this.looking -= 1
  }

  /** The request that entered has been answered, or has gone. */
  leave(): void {
    this.underWay -= 1
    const now = this.options.now()
    const elapsed = now - this.window.since
    if (elapsed >= windowMs) {
      // A quiet time says nothing of how fast it could be.
      const isBusy = elapsed < longestWindowMs && this.underWay > this.options.room / 2
      if (isBusy) this.perMs = this.window.answered / elapsed
      this.window = { since: now, answered: 0 }
    }
    this.window.answered += 1
  }

  /** A place in the queue of those who come back, in ms from now. */
  private slot(): number {
    const now = this.options.now()
    const elapsed = now - this.window.since
    const lately = elapsed > windowMs / 10 && elapsed < longestWindowMs ? this.window.answered / elapsed : 0
    const perMs = Math.max(this.perMs || assumedPerMs, lately, leastPerMs)
    this.slotAt = Math.max(this.slotAt, now) + 1 / perMs
    const waitMs = this.slotAt - now
    // Past the end nobody can say: the server may be another by then.
    if (waitMs > longestMs) return longestMs * (0.5 + this.options.random() / 2)
    return shortestMs + waitMs
  }
}
