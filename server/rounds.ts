/** Too much is waiting already: this must come back later. */
export class QueueFull extends Error {
  override name = 'QueueFull'
}

interface Waiting<Ask, Answer> {
  readonly ask: Ask
  resolve(answer: Answer): void
  reject(reason: unknown): void
}

/** How one ask of a round ended. */
export type Ended<Answer> = { readonly answer: Answer } | { readonly error: unknown }

export interface RoundLimits {
  /** Asks in one round. */
  readonly most: number
  /** Asks that may wait at once. */
  readonly room: number
  /** When the first round begins; without it, after the requests that have already arrived. */
  readonly soon?: ((work: () => void) => unknown) | undefined
}

/** Work that is cheaper together. What is asked while a round is under way makes up the next one;
 *  when nothing is, it begins as soon as what has already arrived has been read. There is no timer: a
 *  single ask never waits for company.
 *
 *  One round at a time: measured, two in flight helped little and four hurt. */
export class Rounds<Ask, Answer> {
  private readonly queue: Waiting<Ask, Answer>[] = []
  private isRunning = false

  /** `run` tells for each ask, in order, how it ended; when it throws, all of them failed so. */
  constructor(
    private readonly run: (asks: readonly Ask[]) => Promise<readonly Ended<Answer>[]>,
    private readonly limits: RoundLimits,
  ) {}

  /** @throws {QueueFull} or what `run` threw or told */
  ask(ask: Ask): Promise<Answer> {
    if (this.queue.length >= this.limits.room) return Promise.reject(new QueueFull())
    return new Promise((resolve, reject) => {
      this.queue.push({ ask, resolve, reject })
      if (this.isRunning) return
      this.isRunning = true
      const { soon = setImmediate } = this.limits
      soon(() => void this.work())
    })
  }

  private async work(): Promise<void> {
    while (this.queue.length > 0) {
      const round = this.queue.splice(0, this.limits.most)
      try {
        const ends = await this.run(round.map(({ ask }) => ask))
        round.forEach((waiting, index) => {
          const end = ends[index]
          if (end === undefined) waiting.reject(new Error('a round ended without an answer'))
          else if ('answer' in end) waiting.resolve(end.answer)
          else waiting.reject(end.error)
        })
      } catch (error) {
        for (const waiting of round) waiting.reject(error)
      }
    }
    this.isRunning = false
  }
}

export const answered = <Answer>(answer: Answer): Ended<Answer> => ({ answer })
