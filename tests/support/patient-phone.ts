import { setTimeout as sleep } from 'node:timers/promises'
import * as v from 'valibot'
import { wireName } from '#domain/commands'
import type { Week } from '#domain/day'
import type { BranchId, PersonId } from '#domain/ids'
import { registerLineSchema } from '#domain/register'
import { branchScope } from '#domain/scopes'
import { problemSchema } from '#protocol/problem'
import type { Session } from '#protocol/sessions'
import { type SentCommand, type SyncAnswer, type SyncRequest, syncAnswerSchema } from '#protocol/sync'

/** What a phone does when no answer came. The last two are wrong, to see that a test notices:
 *  one takes it for done, one does it again under a new number. */
export type Manner = 'asks-again' | 'takes-it-for-done' | 'does-it-anew'

interface Act {
  readonly command: SentCommand
  readonly week: Week
}

export interface PhoneOptions {
  /** Where the server is: each attempt goes to the next of them. */
  readonly addresses: readonly string[]
  readonly signIn: () => Promise<Session | undefined>
  readonly manner: Manner
  /** The longest it rests before it checks in again. */
  readonly restMs: number
}

/** An answer, or how long to wait for the next attempt, where the server said so. */
type Heard = { readonly text: string } | { readonly comeBackMs?: number }

let phones = 0
/** It comes back so many times sooner than it is told, to be more of a load. */
const impatience = 10
/** The server may have to wait 5 s for a connection to the database, twice. */
const patienceMs = 20_000

/** A member's phone that checks in to one week after the other, over the network. It speaks the wire
 *  by hand, so that it shares nothing with the app's own client. */
export class PatientPhone {
  readonly device = `patientphone${String(++phones).padStart(8, '0')}`
  /** Every week it checked in to. */
  readonly weeks: Week[] = []
  /** Sent, and not answered yet. */
  open: readonly Act[] = []
  /** Outcomes by id. */
  readonly answered = new Map<number, string>()
  /** Its own copy of its lines, from what the server told it: versions by week. */
  readonly lines = new Map<string, number>()
  /** Answers that should never be, whatever happens to the server and its database. */
  readonly problems: string[] = []
  attempts = 0
  /** Attempts that were answered with: come back later. */
  turnedAway = 0
  /** The request under way; never rejects. */
  attempt: Promise<unknown> = Promise.resolve()
  private session: Session | undefined
  private cursors: SyncRequest['pull'] = {}
  private next = 1
  private state: 'busy' | 'finishing' | 'off' = 'busy'
  private failures = 0
  private stillness: { readonly over: Promise<void>; readonly end: () => void } | undefined

  constructor(
    readonly who: PersonId,
    readonly branch: BranchId,
    private readonly options: PhoneOptions,
  ) {}

  /** Until told to finish; then until everything is answered and its copy is complete. */
  async run(weeks: readonly Week[]): Promise<void> {
    for (let done = 0; this.state === 'busy'; done = this.weeks.length) {
      const some = weeks.slice(done, done + 1 + (done % 3)) // one to three at once
      if (some.length === 0) throw new Error('there are not enough weeks for so many check-ins')
      this.weeks.push(...some)
      await this.checkIn(some)
      await sleep(this.options.restMs * Math.random())
    }
    while (this.isOn && !(await this.sync())?.isComplete);
  }

  finish(): void {
    this.state = 'finishing'
  }

  switchOff(): void {
    this.state = 'off'
    this.goOn()
  }

  /** It begins no further attempt until it may go on. */
  standStill(): void {
    if (this.stillness !== undefined) return
    let end = () => {}
    const over = new Promise<void>((resolve) => {
      end = resolve
    })
    this.stillness = { over, end }
  }

  goOn(): void {
    this.stillness?.end()
    this.stillness = undefined
  }

  private get isOn(): boolean {
    return this.state !== 'off'
  }

  private async checkIn(weeks: readonly Week[]): Promise<void> {
    this.open = weeks.map((week) => this.act(week))
    while (this.isOn && this.open.length > 0) {
      const answer = await this.sync()
      if (this.options.manner === 'takes-it-for-done') this.open = []
      if (answer !== undefined || this.options.manner !== 'does-it-anew') continue
      const anew = this.open
      this.open = []
      let last: number | undefined
      while (this.isOn && last === undefined) last = (await this.sync())?.last
      this.next = (last ?? 0) + 1
      this.open = anew.map(({ week }) => this.act(week))
    }
  }

  private act(week: Week): Act {
    const scope = branchScope(this.branch)
    const command = {
      id: this.next++,
      command: wireName('check-in'),
      scope,
      args: { week },
      claimedAt: Date.now(),
    }
    return { command, week }
  }

  /** One try; undefined when no answer came. */
  private async sync(): Promise<{ last: number; isComplete: boolean } | undefined> {
    await this.stillness?.over
    const trying = this.post()
    this.attempt = trying
    const heard = await trying
    if (!('text' in heard)) {
      const usualMs = Math.min(20 * 2 ** this.failures++, 160) * (0.5 + Math.random())
      await sleep(heard.comeBackMs ?? usualMs)
      return undefined
    }
    this.failures = 0
    const answer = v.parse(syncAnswerSchema, JSON.parse(heard.text))
    for (const { id, result } of answer.outcomes) this.answered.set(id, result.outcome)
    this.open = this.open.filter(({ command }) => !this.answered.has(command.id))
    return { last: answer.last, isComplete: this.keep(answer) }
  }

  private async post(): Promise<Heard> {
    this.session ??= await this.options.signIn()
    if (this.session === undefined) throw new Error(`${this.who} is nobody here`)
    const [first] = this.open
    const body: SyncRequest = {
      device: this.device,
      actor: this.who,
      acked: (first?.command.id ?? this.next) - 1,
      push: this.open.map(({ command }) => command),
      pull: this.cursors,
    }
    const { addresses } = this.options
    const address = addresses[this.attempts++ % addresses.length]
    try {
      const response = await fetch(`${address}/v1/sync`, {
        method: 'POST',
        headers: {
          'content-type': 'application/json',
          authorization: `Bearer ${this.session.accessToken}`,
        },
        body: JSON.stringify(body),
        signal: AbortSignal.timeout(patienceMs),
      })
      const text = await response.text()
      if (response.ok) return { text }
      const comeBackMs = response.status === 503 ? comeBackMsIn(text) : undefined
      if (comeBackMs !== undefined) {
        this.turnedAway += 1
        return { comeBackMs: comeBackMs / impatience }
      }
      // The token says when it ends in whole seconds.
      const isOver = this.session.expiresAt - 1_000 < Date.now()
      if (response.status === 401 && isOver) this.session = undefined
      else this.problems.push(`${response.status} ${text}`)
    } catch (error) {
      // Nobody there, or gone in the middle: that is what this phone is patient with.
      if (error instanceof Error && error.name === 'TimeoutError') this.problems.push(error.message)
    }
    return {}
  }

  /** Whether there is nothing more to ask for. */
  private keep({ scopes }: SyncAnswer): boolean {
    let isComplete = true
    for (const [scope, news] of Object.entries(scopes)) {
      if (news.is === 'gone') {
        this.problems.push(`${scope} is gone`)
        continue
      }
      this.cursors[scope] = { epoch: news.epoch, seq: news.seq }
      if (news.hasMore) isComplete = false
      for (const [type, , value] of news.rows) {
        if (type !== 'register-line') continue
        const { week, via, version } = v.parse(registerLineSchema, value)
        if (via === 'own') this.lines.set(week, version) // else the closing of another week
      }
    }
    return isComplete
  }
}

const problemTextSchema = v.pipe(v.string(), v.parseJson(), problemSchema)

function comeBackMsIn(text: string): number | undefined {
  const { success, output } = v.safeParse(problemTextSchema, text)
  return success && output.error.code === 'overloaded' ? output.error.retryAfterMs : undefined
}
