/** What a schedule has more of than others. What takes several rare things together would hardly ever be seen. */
type Kind =
  | 'plain'
  /** The server goes back to a backup while people are at it, and requests that waited on the way come then. */
  | 'late'
  /** Everybody at once, at two servers that are slow. */
  | 'rush'
  /** Phones without room, on which what waits becomes unreadable. */
  | 'cramped'

/** By the remainder of the seed, so that no draw of the others moves, and seeds kept before
 *  there were kinds mean what they meant. */
const kinds: Readonly<Record<number, Kind>> = { 1: 'late', 9: 'late', 4: 'rush', 12: 'rush', 6: 'cramped' }

/** All that is left to chance in a schedule, drawn from a seed and written down, so that it can be
 *  repeated, and made plainer. 0 is always the plainest answer: nothing goes wrong, nobody does more. */
export class Choices {
  readonly kind: Kind
  readonly taken: number[] = []
  private at = 0
  private state: number

  constructor(
    readonly seed: number,
    /** What to answer instead of drawing; beyond its end everything is plain. */
    private readonly given?: readonly number[],
  ) {
    this.state = seed >>> 0
    this.kind = kinds[seed % 16] ?? 'plain'
  }

  /** Whether most people are there at the same moment, and do much. */
  get isBusy(): boolean {
    return this.kind === 'late' || this.kind === 'rush'
  }

  /** One of 0 … count - 1. */
  pick(count: number): number {
    const drawn = this.given === undefined ? Math.floor(this.draw() * count) : (this.given[this.at] ?? 0)
    this.at += 1
    const value = Math.min(drawn, count - 1)
    this.taken.push(value)
    return value
  }

  /** Whether something happens that does so in one of so many cases. */
  oneIn(cases: number): boolean {
    return this.pick(cases) === cases - 1 && cases > 1
  }

  /** One of these; the first is the plainest. */
  of<T>(values: readonly [T, ...T[]]): T {
    return values[this.pick(values.length)] ?? values[0]
  }

  /** By weight; the first is the plainest. */
  weighted<T>(values: readonly (readonly [T, number])[]): T {
    const total = values.reduce((sum, [, weight]) => sum + weight, 0)
    let left = this.pick(total)
    for (const [value, weight] of values) {
      if (left < weight) return value
      left -= weight
    }
    throw new Error('there was nothing to choose from')
  }

  /** Like Math.random, and not written down: for what nobody wants plainer, such as a short delay. */
  noise = (): number => this.draw()

  /** mulberry32 */
  private draw(): number {
    this.state = (this.state + 0x6d2b79f5) | 0
    let t = Math.imul(this.state ^ (this.state >>> 15), 1 | this.state)
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296
  }
}
