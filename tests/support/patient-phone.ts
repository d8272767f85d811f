import * as v from 'valibot'
import { wireName } from '#domain/commands'
import type { Week } from '#domain/day'
import type { BranchId, PersonId } from '#domain/ids'
import { registerLineSchema } from '#domain/register'
import { branchScope } from '#domain/scopes'
import type { Session } from '#protocol/sessions'
import { type SentCommand, type SyncAnswer, type SyncRequest, syncAnswerSchema } from '#protocol/sync'

/** What a phone does when no answer came. The last two are wrong, to see that a test notices:
 *  one takes it for done, one does it again under a new number. */
export type Manner = 'asks-again' | 'takes-it-for-done' | 'does-it-anew'

interface Act {
  readonly command: SentCommand
  readonly week: Week
}

let phones = 0

/** A member's phone that checks in to one week after the other, over the network, as fast as it is
 *  answered. It speaks the wire by hand, so that it shares nothing with the app's own client. */
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
  /** Answers that should not be, at a server that only ever dies. */
  readonly problems: string[] = []
  attempts = 0
  /** The request under way; never rejects. */
  attempt: Promise<unknown> = Promise.resolve()
  private session: Session | undefined
  private cursors: SyncRequest['pull'] = {}
  private next = 1
  private state: 'busy' | 'finishing' | 'off' = 'busy'
  private failures = 0

  constructor(
    readonly who: PersonId,
    readonly branch: BranchId,
    private readonly url: string,
    private readonly signIn: () => Promise<Session | undefined>,
    private readonly manner: Manner = 'asks-again',
  ) {}

  /** Until told to finish; then until everything is answered and its copy is complete. */
  async run(weeks: readonly Week[]): Promise<void> {
    for (let done = 0; this.state === 'busy'; done = this.weeks.length) {
      const some = weeks.slice(done, done + 1 + (done % 3)) // one to three at once
      if (some.length === 0) throw new Error('there are not enough weeks for so many check-ins')
      this.weeks.push(...some)
      await this.checkIn(some)
    }
    while (this.isOn && !(await this.sync())?.isComplete);
  }

  finish(): void {
    this.state = 'finishing'
  }

  switchOff(): void {
    this.state = 'off'
  }

  private get isOn(): boolean {
    return this.state !== 'off'
  }

  private async checkIn(weeks: readonly Week[]): Promise<void> {
    this.open = weeks.map((week) => this.act(week))
    while (this.isOn && this.open.length > 0) {
      const answer = await this.sync()
      if (this.manner === 'takes-it-for-done') this.open = []
      if (answer !== undefined || this.manner !== 'does-it-anew') continue
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
    const trying = this.post()
    this.attempt = trying
    const text = await trying
    if (text === undefined) {
      const pauseMs = Math.min(20 * 2 ** this.failures++, 160) * (0.5 + Math.random())
      await new Promise((resolve) => setTimeout(resolve, pauseMs))
      return undefined
    }
    this.failures = 0
    const answer = v.parse(syncAnswerSchema, JSON.parse(text))
    for (const { id, result } of answer.outcomes) this.answered.set(id, result.outcome)
    this.open = this.open.filter(({ command }) => !this.answered.has(command.id))
    return { last: answer.last, isComplete: this.keep(answer) }
  }

  /** The body of a good answer. */
  private async post(): Promise<string | undefined> {
    this.session ??= await this.signIn()
    if (this.session === undefined) throw new Error(`${this.who} is nobody here`)
    const [first] = this.open
    const body: SyncRequest = {
      device: this.device,
      actor: this.who,
      acked: (first?.command.id ?? this.next) - 1,
      push: this.open.map(({ command }) => command),
      pull: this.cursors,
    }
    this.attempts += 1
    try {
      const response = await fetch(`${this.url}/v1/sync`, {
        method: 'POST',
        headers: {
          'content-type': 'application/json',
          authorization: `Bearer ${this.session.accessToken}`,
        },
        body: JSON.stringify(body),
        signal: AbortSignal.timeout(10_000),
      })
      const text = await response.text()
      if (response.ok) return text
      if (response.status === 401 && this.session.expiresAt < Date.now()) this.session = undefined
      else this.problems.push(`${response.status} ${text}`)
    } catch (error) {
      // Nobody there, or gone in the middle: that is what this phone is patient with.
      if (error instanceof Error && error.name === 'TimeoutError') this.problems.push(error.message)
    }
    return undefined
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
