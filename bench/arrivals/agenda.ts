interface Entry {
  readonly at: number
  readonly order: number
  /** Undefined once it was called off. */
  work: (() => void) | undefined
}

const isBefore = (a: Entry, b: Entry) => a.at < b.at || (a.at === b.at && a.order < b.order)

/** Time, in whole ms, that passes only from one thing to do to the next. Between two instants every promise
 *  that can go on has gone on, so that real code runs here as it does on a clock. */
export class Agenda {
  private readonly heap: Entry[] = []
  private order = 0

  constructor(public now: number) {}

  /** Returns how to call it off. */
  after(delayMs: number, work: () => void): () => void {
    const entry: Entry = { at: this.now + Math.max(0, Math.ceil(delayMs)), order: this.order++, work }
    this.add(entry)
    return () => {
      entry.work = undefined
    }
  }

  /** Until an instant, or until there is nothing left to do. */
  async run(until: number): Promise<void> {
    for (let next = this.heap[0]; next !== undefined && next.at <= until; next = this.heap[0]) {
      this.now = next.at
      while (this.heap[0]?.at === this.now) this.take().work?.()
      await new Promise(setImmediate)
    }
  }

  private add(entry: Entry): void {
    let place = this.heap.push(entry) - 1
    while (place > 0) {
      const above = (place - 1) >> 1
      if (!isBefore(entry, this.at(above))) break
      this.heap[place] = this.at(above)
      place = above
    }
    this.heap[place] = entry
  }

  private take(): Entry {
    const first = this.at(0)
    const last = this.heap.pop() ?? first
    if (this.heap.length === 0) return first
    let place = 0
    for (;;) {
      let below = 2 * place + 1
      if (below >= this.heap.length) break
      if (below + 1 < this.heap.length && isBefore(this.at(below + 1), this.at(below))) below += 1
      if (!isBefore(this.at(below), last)) break
      this.heap[place] = this.at(below)
      place = below
    }
    this.heap[place] = last
    return first
  }

  private at(place: number): Entry {
    const entry = this.heap[place]
    if (entry === undefined) throw new RangeError('nothing is there')
    return entry
  }
}
