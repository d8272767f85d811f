import { Violation } from './violation'

/** A schedule has about five hundred. */
const mostEvents = 200_000

interface Event {
  readonly at: number
  readonly order: number
  readonly work: () => void
}

/** Time that passes only when something happens. Everything that takes time waits here for its
 *  moment; between two moments all that can go on goes on. */
export class World {
  private readonly events: Event[] = []
  private order = 0
  private counted = 0
  private happened = 0
  private error: unknown

  constructor(public now: number) {}

  /** Returns how to call it off. */
  after(delayMs: number, work: () => void): () => void {
    let isCalledOff = false
    const event = {
      at: this.now + Math.max(delayMs, 0),
      order: this.order++,
      work: () => {
        if (!isCalledOff) work()
      },
    }
    let [low, high] = [0, this.events.length]
    while (low < high) {
      const middle = (low + high) >> 1
      const other = this.events[middle]
      // Kept in reverse, so that the next one is taken from the end.
      if (
        other !== undefined &&
        (other.at > event.at || (other.at === event.at && other.order > event.order))
      )
        low = middle + 1
      else high = middle
    }
    this.events.splice(low, 0, event)
    return () => {
      isCalledOff = true
    }
  }

  /** Work that nobody waits for; what it throws ends the schedule. */
  start(at: number, work: () => void | Promise<void>): void {
    this.after(at - this.now, () => {
      Promise.resolve()
        .then(work)
        .catch((error: unknown) => {
          this.error ??= error
        })
    })
  }

  /** A number nobody had before. */
  count(): number {
    this.counted += 1
    return this.counted
  }

  sleep(ms: number): Promise<void> {
    return new Promise((resolve) => {
      this.after(ms, resolve)
    })
  }

  /** Until nothing is left to happen before `until`. */
  async run(until: number): Promise<void> {
    await settled()
    for (let next = this.events.at(-1); next !== undefined && next.at <= until; next = this.events.at(-1)) {
      this.events.pop()
      this.now = Math.max(this.now, next.at)
      next.work()
      await settled()
      if (this.error !== undefined) throw this.error
      this.happened += 1
      if (this.happened > mostEvents) throw new Violation('6', 'it never comes to rest')
    }
    this.now = Math.max(this.now, until)
  }
}

/** All promises that can go on have gone on. */
const settled = () => new Promise<void>((resolve) => setImmediate(resolve))
