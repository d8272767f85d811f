import { Admission } from '#server/admission'
import type { Random } from '../../server/demo/random'
import type { Agenda } from './agenda'

/** What a phone asks: a new access token, what is new, or to take a check-in. */
export type Asked = 'renewal' | 'look' | 'check-in'

export type Reply =
  | { readonly is: 'done' }
  | { readonly is: 'come-back'; readonly afterMs: number }
  /** No answer that says when. */
  | { readonly is: 'nothing' }

/** What things cost, a check-in in a full round being 1. */
export interface Costs {
  readonly renewal: number
  readonly look: number
  readonly turnedAway: number
}

export interface NodeOptions {
  /** Check-ins a second in full rounds. */
  readonly capacity: number
  /** Of a round's time, what does not grow with it. */
  readonly commitMs: number
  readonly costs: Costs
  /** Whether who is turned away is told when to come back. */
  readonly hasSlots: boolean
  /** Whether renewals, too, go through the admission; today they do not. */
  readonly admitsRenewals: boolean
  /** That the admission lets in at once. */
  readonly room: number
  readonly mostInRound: number
}

/** A whole node: its room is that of `server/app.ts`, its rounds those of `server/sync/pushes.ts`. */
export const wholeNode = { room: 1_024, mostInRound: 256 }

/** A node of which everything that is counted is so much smaller; times stay as they are. */
export const scaledDown = (by: number, node: NodeOptions): NodeOptions => ({
  ...node,
  capacity: node.capacity / by,
  room: Math.ceil(node.room / by),
  mostInRound: Math.ceil(node.mostInRound / by),
})

/** As `server/storage/database.ts` has it: who waits so long for a connection is sent away. Renewals wait
 *  one by one, everything else for its round. */
const longestForConnectionMs = 5_000

interface Waiting {
  readonly asked: Asked
  readonly since: number
  readonly reply: (reply: Reply) => void
}

/** One server as seen from outside: the real admission before rounds that take the time they would
 *  take. It does one round after the other; what has come meanwhile makes up the next. */
export class Node {
  private admission: Admission
  private waiting: Record<Asked, Waiting[]> = { renewal: [], look: [], 'check-in': [] }
  private isBusy = false
  private isDown = false
  private life = 0
  /** Spent on turning away, and not yet taken from the rounds. */
  private owedMs = 0
  readonly counted = { asked: 0, turnedAway: 0, renewals: 0, looks: 0, checkIns: 0 }

  constructor(
    private readonly agenda: Agenda,
    private readonly random: Random,
    private readonly options: NodeOptions,
  ) {
    this.admission = this.newAdmission()
  }

  ask(asked: Asked, reply: Waiting['reply']): void {
    this.counted.asked += 1
    if (this.isDown) {
      reply({ is: 'nothing' })
      return
    }
    if (this.isAdmitted(asked)) {
      // In this order in server/http/sync-routes.ts.
      const waitMs = this.admission.enter()
      if (waitMs !== undefined) {
        this.turnAway(reply, waitMs)
        return
      }
      const lookMs = asked === 'look' ? this.admission.startLook() : undefined
      if (lookMs !== undefined) {
        this.turnAway(reply, lookMs)
        this.admission.leave()
        return
      }
    }
    this.waiting[asked].push({ asked, since: this.agenda.now, reply })
    this.work()
  }

  /** Whoever waits never hears of it; what they asked is not done. */
  stop(): void {
    this.isDown = true
    this.life += 1
    const lost = Object.values(this.waiting).flat()
    this.waiting = { renewal: [], look: [], 'check-in': [] }
    this.isBusy = false
    for (const { reply } of lost) reply({ is: 'nothing' })
  }

  start(): void {
    this.isDown = false
    this.admission = this.newAdmission()
  }

  private newAdmission(): Admission {
    const { room } = this.options
    return new Admission({ room, now: () => this.agenda.now, random: () => this.random.next() })
  }

  private get checkInMs(): number {
    return 1_000 / this.options.capacity - this.options.commitMs / this.options.mostInRound
  }

  private isAdmitted(asked: Asked): boolean {
    return asked !== 'renewal' || this.options.admitsRenewals
  }

  private turnAway(reply: Waiting['reply'], afterMs?: number): void {
    this.counted.turnedAway += 1
    this.owedMs += (this.options.costs.turnedAway / this.options.capacity) * 1_000
    reply(this.options.hasSlots && afterMs !== undefined ? { is: 'come-back', afterMs } : { is: 'nothing' })
  }

  private sendAway(): void {
    const { renewal } = this.waiting
    const late = renewal.findIndex(({ since }) => since > this.agenda.now - longestForConnectionMs)
    for (const { reply } of renewal.splice(0, late < 0 ? renewal.length : late)) {
      if (this.options.admitsRenewals) this.admission.leave()
      this.turnAway(reply)
    }
  }

  private work(): void {
    if (this.isBusy) return
    this.sendAway()
    const { renewal, look, 'check-in': checkIn } = this.waiting
    const { costs, commitMs, mostInRound } = this.options
    const round = [
      ...checkIn.splice(0, mostInRound),
      ...look.splice(0, mostInRound),
      ...renewal.splice(0, mostInRound),
    ]
    if (round.length === 0) return
    this.isBusy = true
    const count = (kind: Asked) => round.filter(({ asked }) => asked === kind).length
    const units = count('check-in') + count('look') * costs.look + count('renewal') * costs.renewal
    const tookMs = (count('check-in') > 0 ? commitMs : 0) + units * this.checkInMs + this.owedMs
    this.owedMs = 0
    const life = this.life
    this.agenda.after(tookMs, () => {
      if (life !== this.life) {
        for (const { reply } of round) reply({ is: 'nothing' })
        return
      }
      this.counted.checkIns += count('check-in')
      this.counted.looks += count('look')
      this.counted.renewals += count('renewal')
      for (const { asked, reply } of round) {
        if (this.isAdmitted(asked)) this.admission.leave()
        if (asked === 'look') this.admission.endLook()
        reply({ is: 'done' })
      }
      this.isBusy = false
      this.work()
    })
  }
}
