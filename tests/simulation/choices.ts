/** All that is left to chance in a schedule, drawn from a seed and written down, so that it can be
 *  repeated, and made plainer. 0 is always the plainest answer: nothing goes wrong, nobody does more. */
export class Choices {
  readonly taken: number[] = []
  private at = 0
  private state: number

  constructor(
    readonly seed: number,
    /** What to answer instead of drawing; beyond its end everything is plain. */
    private readonly given?: readonly number[],
  ) {
    this.state = seed >>> 0
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
