import { answered, type Ended, type RoundLimits, Rounds } from '../rounds'
import { type Decided, type DecidedTogether, decideAll, type Received } from './decide'
import type { SyncStore, Written } from './store'

/** Requests decided together: beyond this a larger transaction gains nothing and makes others wait. */
const mostInRound = 256
/** Requests that may wait: eight rounds. */
const room = 2_048

/** What was decided, and what its transaction knows of the scopes besides. */
export interface Taken extends Decided, Pick<DecidedTogether, 'heads'> {
  readonly written: Written
}

/** Group commit: requests that come while a transaction is under way are decided together in the next
 *  one, and each is answered only after its commit. */
export class Pushes {
  private readonly rounds: Rounds<Received, Taken>

  constructor(
    private readonly store: SyncStore,
    soon?: RoundLimits['soon'],
  ) {
    this.rounds = new Rounds((received) => this.round(received), { most: mostInRound, room, soon })
  }

  /** @throws {QueueFull} when too many are waiting; whatever kept the command after `last` from
   *  being decided. What was decided before it stands, and is told when the phone asks again. */
  take(received: Received): Promise<Taken> {
    return this.rounds.ask(received)
  }

  private async round(received: readonly Received[]): Promise<Ended<Taken>[]> {
    const decided = await this.decide(received)
    return decided.map((each) => ('failure' in each ? { error: each.failure } : answered(each)))
  }

  private async decide(received: readonly Received[]): Promise<Taken[]> {
    try {
      return await this.together(received)
    } catch (error) {
      if (this.store.isTransient(error)) throw error
      return this.apart(received, error)
    }
  }

  private async together(received: readonly Received[], failing?: { cause: unknown }): Promise<Taken[]> {
    const { result, written } = await this.store.transaction((transaction) =>
      decideAll(transaction, received, failing),
    )
    return result.decided.map((decided) => ({ ...decided, heads: result.heads, written }))
  }

  /** Something among them cannot be written. By halves the others are saved, and it is found and
   *  counted alone: a phone that sends it again and again costs the others little. */
  private async apart(received: readonly Received[], cause: unknown): Promise<Taken[]> {
    const [first, ...others] = received
    if (first === undefined) return []
    if (others.length > 0) {
      const middle = received.length >> 1
      const before = await this.decide(received.slice(0, middle))
      return [...before, ...(await this.decide(received.slice(middle)))]
    }
    const { request, at } = first
    const middle = request.push.length >> 1
    if (middle === 0) return this.together(received, { cause })
    const part = (push: typeof request.push) => this.decide([{ request: { ...request, push }, at }])
    const [earlier] = await part(request.push.slice(0, middle))
    if (earlier === undefined || 'failure' in earlier) return earlier ? [earlier] : []
    const [later] = await part(request.push.slice(middle))
    return later === undefined ? [] : [{ ...later, outcomes: [...earlier.outcomes, ...later.outcomes] }]
  }
}
