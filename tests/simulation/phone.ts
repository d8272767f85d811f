import * as v from 'valibot'
import type { CommandName } from '#domain/commands'
import type { PersonId } from '#domain/ids'
import {
  branchScope,
  deskScope,
  leaveScope,
  organizationScope,
  reviewScope,
  type Scope,
  secretaryScope,
} from '#domain/scopes'
import { type SyncRequest, syncAnswerSchema } from '#protocol/sync'
import { unframed } from '#sync/frame'
import { StorageBroken, StorageFull } from '#sync/key-value-store'
import { Replica } from '#sync/replica'
import { type LiveLink, Overloaded, SignedOut, Unreachable } from '#sync/server-link'
import { SyncLoop } from '#sync/sync-loop'
import type { Choices } from './choices'
import { Disk, type DiskFault } from './disk'
import { association, home, people, week } from './people'
import type { SimulatedServer } from './server'
import type { World } from './world'

/** What somebody was told is recorded. */
export interface Saved {
  readonly who: PersonId
  readonly device: string
  readonly id: number
  readonly name: CommandName
  readonly words: string | undefined
  /** The true time. */
  readonly at: number
}

type Fate =
  | 'fine'
  | 'request-lost'
  | 'answer-lost'
  | 'doubled'
  | 'slow'
  | 'late-again'
  | 'signed-out'
  | 'busy'

const timeoutMs = 15_000
/** A phone with the real client on it, and what befalls it. Its people may change; each has an outbox
 *  of their own. */
export class SimulatedPhone {
  readonly disk = new Disk()
  readonly saved: Saved[] = []
  /** Check-ins, whether or not they were told that it is recorded: it may be. */
  readonly tried: { readonly who: PersonId; readonly at: number }[] = []
  /** Letters read and put away: `who device id`. */
  readonly dismissed = new Set<string>()
  /** Those of them that were told to be gone. */
  readonly gone = new Set<string>()
  /** Words that somebody was told are not saved, and that were taken back since. */
  private readonly takenBack = new Set<string>()
  /** Keys of what became unreadable. */
  readonly rotten = new Set<string>()
  readonly who: readonly PersonId[]
  private clockErrorMs = 0
  private run: Run | undefined
  private isCalm = false
  private readonly isSlow: boolean
  /** Older versions of the app know nothing of corrections. */
  private version = 'new'

  constructor(
    private readonly world: World,
    private readonly choices: Choices,
    private readonly server: SimulatedServer,
    who: PersonId,
  ) {
    this.who = choices.oneIn(6) ? [who, people.other] : [who]
    if (choices.oneIn(4)) this.version = 'old'
    this.isSlow = choices.oneIn(4)
    this.setClock()
  }

  /** People set it, and phones lose it. */
  private setClock(): void {
    this.clockErrorMs = this.choices.weighted([
      [0, 6],
      [-40_000, 1],
      [50_000, 1],
      [-2 * 86_400_000, 1],
      [3 * 86_400_000, 1],
    ])
  }

  private get clock(): number {
    return this.world.now + (this.isCalm ? 0 : this.clockErrorMs)
  }

  /** Somebody takes it, does a few things and puts it away, or it dies on them. */
  async visit(): Promise<void> {
    const { choices, world } = this
    if (choices.oneIn(8)) this.setClock()
    const run = await this.open(choices.of(this.who as [PersonId]))
    if (run === undefined) return
    const acts = choices.weighted([
      [1, 4],
      [0, 2],
      [2, 3],
      [4, choices.isBusy ? 6 : 1],
      [9, choices.isBusy ? 6 : 1],
    ])
    await world.sleep(choices.of([1_500, 0, 8_000, 40_000]))
    for (let act = 0; act < acts && run.isAlive; act += 1) {
      await this.act(run)
      await world.sleep(choices.of([500, 0, 3_000, 30_000]))
    }
    await world.sleep(choices.of([5_000, 0, 60_000]))
    if (run.isAlive) run.end()
  }

  /** Undefined when its storage cannot be read for now, or it died while starting. */
  private async open(who: PersonId): Promise<Run | undefined> {
    this.run?.end()
    this.rot(who)
    if (this.choices.oneIn(3)) this.version = 'new' // an update was waiting
    const run = new Run(this.world, this.choices, this.isCalm)
    this.run = run
    const store = this.disk.mount({
      fault: (call) => run.fault(call),
      kill: () => run.end(),
      pause: this.isSlow && !this.isCalm ? () => this.world.sleep(this.choices.noise() * 6) : undefined,
    })
    for (let tries = 0; tries < 3 && run.isAlive; tries += 1) {
      try {
        const replica = await Promise.race([
          Replica.open({
            store,
            personId: who,
            now: () => this.clock,
            version: this.version,
            newDevice: async () => `device${String(this.world.count()).padStart(12, '0')}`,
          }),
          run.ended,
        ])
        if (replica === 'ended') return undefined
        run.enter(who, replica)
        if (!this.isCalm) run.keepInStep(this.link(run, who), () => this.choices.noise())
        return run
      } catch (error) {
        if (!(error instanceof StorageBroken || error instanceof StorageFull)) throw error
        await this.world.sleep(1_000)
      }
    }
    run.end()
    return undefined
  }

  /** Sometimes a letter of what lies on it is another one when it is looked at again; never the only
   *  whole half of what the outbox stands on, the other being torn: of that one fault is borne, not two. */
  private rot(who: PersonId): void {
    const isCramped = this.choices.kind === 'cramped'
    if (this.isCalm || !this.choices.oneIn(isCramped ? 3 : 12)) return
    const kind = isCramped ? 'o/' : this.choices.of(['c/', 'o/', 'd/', 'm/1'])
    const keys = [...this.disk.entries.keys()].filter((key) => key.startsWith(`p/${who}/${kind}`)).sort()
    const key = keys[this.choices.pick(Math.max(keys.length, 1))]
    if (key === undefined) return
    const isOnlyHalf = kind === 'm/1' && unframed(this.disk.entries.get(`p/${who}/m/0`) ?? '') === undefined
    if (isOnlyHalf) return
    this.disk.rot(key)
    this.rotten.add(key)
  }

  private async act(run: Run): Promise<void> {
    const { replica, who } = run
    if (replica === undefined || who === undefined) return
    if (this.choices.oneIn(5)) {
      const letter = replica.deadLetters()[0]
      if (letter === undefined) return
      const device = deviceOf(replica)
      const name = `${who} ${device} ${letter.command.id}`
      const isGone = await this.surviving(
        run,
        replica.dismiss(letter.command.id).then(() => true),
      )
      if (isGone) this.gone.add(name)
      // Told or not: whoever pressed it may find it gone.
      this.dismissed.add(name)
      return
    }
    const wish = this.wish(replica, who)
    if (wish === undefined) return
    const { name, scope, args } = wish
    const words = wordsOf(args)
    const regardless = this.choices.oneIn(3)
    if (name === 'check-in') this.tried.push({ who, at: this.world.now })
    const submitted = await this.surviving(
      run,
      replica.submit(name, scope, args as never, { regardless }), // of this very command, as put together below
    )
    if (!run.isAlive) return
    if (submitted?.outcome === 'recorded') {
      const { id } = submitted
      const device = deviceOf(replica)
      if (this.saved.some((each) => each.who === who && each.device === device && each.id === id))
        this.server.database.violation('2', `${who} on ${device} was given the number ${id} again`)
      this.saved.push({ who, device, id, name, words, at: this.world.now })
      run.loop?.now()
    } else if (submitted?.outcome !== 'refused' && words !== undefined) run.notSaved.add(words)
  }

  /** What somebody in this place might do now, by what their phone shows. */
  private wish(
    replica: Replica,
    who: PersonId,
  ): { name: CommandName; scope: Scope; args: object } | undefined {
    const { choices } = this
    const said = () => `${who} ${this.world.count()}${choices.oneIn(25) ? '\u0000' : ''}`
    const feedback = () => ({
      name: 'send-feedback' as const,
      scope: organizationScope(association),
      args: { kind: 'suggestion', words: said() },
    })
    const branch = replica.authority()?.branches[0] ?? home
    const scope = branchScope(branch)
    if (who === people.admin) {
      const ticket = replica.list(deskScope(association), 'ticket', '')[0]
      if (ticket === undefined || choices.oneIn(3)) return feedback()
      return {
        name: 'answer-feedback',
        scope: organizationScope(association),
        args: { id: ticket.id, reply: '谢谢', version: ticket.version },
      }
    }
    const isKeeper = who === people.secretary || who === people.committee
    if (isKeeper && choices.oneIn(2)) {
      const study = replica.get(branchScope(home), 'weekly-study', week)
      const about = choices.of([people.member, people.other, people.mover])
      const line = replica.get(reviewScope(home), 'register-line', `${week}/${about}`)
      const leave = replica.get(leaveScope(home), 'leave', `${week}/${about}`)
      const correction = replica.list(secretaryScope(home), 'correction', '')[0]
      const version = study?.version ?? 0
      return choices.of<{ name: CommandName; scope: Scope; args: object }>([
        {
          name: 'record-attendance',
          scope: branchScope(home),
          args: {
            week,
            memberId: about,
            standing: choices.of(['on-time', 'late', 'absent']),
            reason: '按实际情况更正',
            version: line?.version ?? 0,
          },
        },
        { name: 'close-register', scope: branchScope(home), args: { week, version } },
        { name: 'reopen-register', scope: branchScope(home), args: { week, reason: '补登', version } },
        {
          name: 'decide-leave',
          scope: branchScope(home),
          args: { week, memberId: about, isAccepted: true, version: leave?.version ?? 0 },
        },
        {
          name: 'answer-correction',
          scope: branchScope(home),
          args: {
            id: correction?.id ?? 'none',
            isDone: true,
            reply: '已更正',
            version: correction?.version ?? 0,
          },
        },
      ])
    }
    return choices.weighted<{ name: CommandName; scope: Scope; args: object }>([
      [{ name: 'check-in', scope, args: { week } }, 4],
      [feedback(), 4],
      [{ name: 'ask-leave', scope, args: { week, kind: 'personal', note: '家里有事' } }, 2],
      [{ name: 'withdraw-leave', scope, args: { week } }, 1],
      [{ name: 'ask-correction', scope, args: { subject: 'name', words: said() } }, 2],
    ])
  }

  /** Undefined when the phone died over it, or storage failed and said so. */
  private async surviving<T>(run: Run, work: Promise<T>): Promise<T | undefined> {
    try {
      const result = await Promise.race([work, run.ended])
      return result === 'ended' ? undefined : (result as T) // or what the work gave
    } catch (error) {
      if (error instanceof StorageBroken || error instanceof StorageFull) return undefined
      throw error
    }
  }

  private link(run: Run, who: PersonId): LiveLink {
    return {
      watch: () => new Promise(() => undefined), // nobody watches here
      sync: (request: SyncRequest) =>
        new Promise((resolve, reject) => {
          const { world, version } = this
          const fate = this.fate()
          const settle = (work: () => void) => {
            if (run.isAlive) work()
          }
          // Nothing is sent before what failed is taken back.
          for (const words of run.notSaved) this.takenBack.add(words)
          for (const { args } of request.push) {
            if (this.takenBack.has(wordsOf(args) ?? ''))
              this.server.database.violation('1', `${who} sends «${wordsOf(args)}», told to be not saved`)
          }
          const text = JSON.stringify(request)
          const send = async (isHeard: boolean) => {
            try {
              const answer = await this.server.receive(text, who)
              if (!isHeard) return
              await world.sleep(10 + this.choices.noise() * 80)
              stop()
              settle(() => resolve(v.parse(syncAnswerSchema, JSON.parse(understood(answer, version)))))
            } catch (error) {
              if (isHeard) settle(() => reject(error))
            }
          }
          const deliver = (delayMs: number, isHeard: boolean) =>
            world.after(delayMs, () => void send(isHeard))
          const stop = world.after(timeoutMs, () => settle(() => reject(new Unreachable('no answer'))))
          const soon = 10 + this.choices.noise() * 80
          if (fate === 'signed-out')
            world.after(soon, () => settle(() => reject(new SignedOut('signed out'))))
          if (fate === 'busy') world.after(soon, () => settle(() => reject(new Overloaded(9_000))))
          if (fate === 'answer-lost') deliver(soon, false)
          if (fate === 'fine' || fate === 'doubled' || fate === 'late-again') deliver(soon, true)
          if (fate === 'doubled') deliver(soon + this.choices.noise() * 30, false)
          if (fate === 'slow') deliver(timeoutMs - 40 + this.choices.noise() * 20_000, true)
          if (fate === 'late-again') deliver(this.choices.of([60_000, 1_000_000, 20_000_000]), false)
          if (this.choices.kind === 'late' && request.push.length > 0)
            this.server.whenRestored(() => void send(false))
        }),
    }
  }

  private fate(): Fate {
    if (this.isCalm) return 'fine'
    return this.choices.weighted<Fate>([
      ['fine', 14],
      ['request-lost', 2],
      ['answer-lost', 2],
      ['doubled', 1],
      ['slow', 1],
      ['late-again', 1],
      ['signed-out', 1],
      ['busy', 1],
    ])
  }

  heal(): void {
    this.run?.end()
    this.isCalm = true
    this.version = 'new'
  }

  /** After everything has healed: until there is nothing more to say or to hear. */
  async settle(who: PersonId): Promise<Replica> {
    const run = await this.open(who)
    const replica = run?.replica
    if (run === undefined || replica === undefined) throw new Error('a healed phone does not start')
    const link = this.link(run, who)
    let isQuiet = false
    for (let round = 0; !isQuiet && round < 120; round += 1) {
      const result = await replica.exchange(link).catch((error: Error) => {
        if (error instanceof Unreachable || error instanceof Overloaded) return undefined
        throw error
      })
      isQuiet = result !== undefined && !result.hasMore
    }
    run.end()
    return replica
  }

  /** As the next start finds it. */
  async reopened(who: PersonId): Promise<Replica> {
    const replica = (await this.open(who))?.replica
    this.run?.end()
    if (replica === undefined) throw new Error('a healed phone does not start')
    return replica
  }
}

/** One run of the app, from its start to its end or death. */
class Run {
  isAlive = true
  who: PersonId | undefined
  replica: Replica | undefined
  loop: SyncLoop | undefined
  /** Words that somebody was told are not saved. */
  readonly notSaved = new Set<string>()
  readonly ended: Promise<'ended'>
  private die: () => void = () => undefined
  private readonly trouble: { readonly at: number; readonly until: number; readonly what: DiskFault }
  private calls = 0

  constructor(
    private readonly world: World,
    choices: Choices,
    isCalm: boolean,
  ) {
    this.ended = new Promise((resolve) => {
      this.die = () => resolve('ended')
    })
    const what = isCalm
      ? 'none'
      : choices.weighted<DiskFault>([
          ['none', 14],
          ['kill-before', 2],
          ['kill-torn', 2],
          ['kill-after', 2],
          ['full', choices.kind === 'cramped' ? 14 : 2],
          ['broken', 2],
          ['broken-after', 1],
          ['broken-torn', 1],
        ])
    const isAtStart = what === 'none' || (what === 'full' && choices.kind === 'cramped')
    const at = isAtStart ? 0 : choices.pick(60)
    const until = at + (what === 'none' ? 0 : choices.of([1, 2, 12, 1_000]))
    this.trouble = { at, until, what }
  }

  fault(_call: string): DiskFault {
    if (!this.isAlive) return 'kill-before' // what is dead writes no more
    const call = this.calls++
    return call >= this.trouble.at && call < this.trouble.until ? this.trouble.what : 'none'
  }

  enter(who: PersonId, replica: Replica): void {
    this.who = who
    this.replica = replica
  }

  keepInStep(link: LiveLink, random: () => number): void {
    const { replica } = this
    if (replica === undefined) return
    this.loop = new SyncLoop({
      replica,
      link,
      onConnection: () => undefined,
      now: () => this.world.now,
      random,
      setTimer: (work, delayMs) => this.world.after(delayMs, () => this.isAlive && work()),
      clearTimer: (timer) => (timer as (() => void) | undefined)?.(), // as setTimer gave it
    })
    this.loop.wake()
  }

  end(): void {
    if (!this.isAlive) return
    this.isAlive = false
    this.loop?.sleep()
    this.die()
  }
}

const wordsOf = (args: unknown): string | undefined => {
  const { words } = args as { words?: unknown }
  return typeof words === 'string' ? words : undefined
}

/** To an older version a record type of a newer server is only a name. */
const understood = (answer: string, version: string) =>
  version === 'new' ? answer : answer.replaceAll('["correction",', '["correction-of-a-newer-server",')

/** The id its outbox goes under; nobody but a test needs to know. */
export const deviceOf = (replica: Replica): string =>
  (replica as unknown as { meta: { device: string } }).meta.device
