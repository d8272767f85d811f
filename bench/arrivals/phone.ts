import type { Replica } from '#sync/replica'
import { Overloaded, Unreachable } from '#sync/server-link'
import { SyncLoop } from '#sync/sync-loop'
import type { Random } from '../../server/demo/random'
import type { Agenda } from './agenda'
import type { Asked, Node, Reply } from './node'

/** A request that has no answer for so long counts as lost, as in `src/platform/http.ts`. */
const timeoutMs = 15_000
/** As the server asks for, see `server/sync/exchange.ts`. */
const nextPollMs = 25_000

export interface Habits {
  /** Whether the app was closed before: then its first request renews the session, and the second
   *  only looks, before anybody has tapped. */
  readonly opens: boolean
}

/** Somebody who opens the app, checks in, and puts the phone away once they see it acknowledged. How it
 *  asks and when it asks again is the real loop of the app. */
export class Phone {
  tappedAt: number | undefined
  acknowledgedAt: number | undefined
  private isSignedIn: boolean
  private readonly loop: SyncLoop

  constructor(
    private readonly agenda: Agenda,
    private readonly node: Node,
    private readonly random: Random,
    { opens }: Habits,
    onAcknowledged: (phone: Phone) => void,
  ) {
    this.isSignedIn = !opens
    this.loop = new SyncLoop({
      // The loop asks nothing else of it while nobody watches a register.
      replica: { exchange: () => this.exchange(onAcknowledged) } as unknown as Replica,
      link: { sync: neverAsked, watch: neverAsked },
      onConnection: () => undefined,
      now: () => agenda.now,
      random: () => random.next(),
      setTimer: (work, delayMs) => agenda.after(delayMs, work),
      clearTimer: (callOff) => (callOff as (() => void) | undefined)?.(), // made by setTimer
    })
  }

  open(): void {
    this.loop.wake()
  }

  tap(): void {
    this.tappedAt = this.agenda.now
    this.loop.now()
  }

  private async exchange(onAcknowledged: (phone: Phone) => void) {
    if (!this.isSignedIn) {
      await this.ask('renewal')
      this.isSignedIn = true
    }
    const isCheckIn = this.tappedAt !== undefined && this.acknowledgedAt === undefined
    await this.ask(isCheckIn ? 'check-in' : 'look')
    if (isCheckIn) {
      this.acknowledgedAt = this.agenda.now
      onAcknowledged(this)
      this.agenda.after(10_000 * this.random.next(), () => this.loop.sleep())
    }
    return { nextPollMs, hasMore: false }
  }

  private ask(asked: Asked): Promise<void> {
    return new Promise((resolve, reject) => {
      const lost = this.agenda.after(timeoutMs, () => reject(new Unreachable('no answer')))
      const answer = (reply: Reply) => {
        lost()
        if (reply.is === 'done') resolve()
        else if (reply.is === 'nothing') reject(new Unreachable('no answer'))
        else reject(new Overloaded(reply.afterMs))
      }
      this.agenda.after(this.wayMs(), () =>
        this.node.ask(asked, (reply) => this.agenda.after(this.wayMs(), () => answer(reply))),
      )
    })
  }

  private wayMs(): number {
    return 20 + 60 * this.random.next()
  }
}

const neverAsked = () => Promise.reject(new Error('the loop asks the replica'))
