import type { PersonId } from '#domain/ids'
import { recordTypes } from '#domain/records'
import type { Scope } from '#domain/scopes'
import { unframed } from '#sync/frame'
import type { Replica } from '#sync/replica'
import { at, TestBranch } from '../branch'
import type { Medium } from './medium'
import { PhoneOnTrial, type Told } from './phone-on-trial'
import { Run } from './run'
import { WatchedServer } from './watched-server'

type Disk = ReadonlyMap<string, string>

/** One person, their phone's disk and the server, with a record of what was told to whom. */
export class Trial {
  readonly clock = { now: at('08:26') }
  readonly branch = new TestBranch()
  server = new WatchedServer(this.branch, this.clock)
  readonly told: Told[] = []
  readonly dismissed = new Map<number, 'surely' | 'perhaps'>()
  /** Commands whose entry a scenario has spoilt: they are reported instead. */
  readonly spoilt = new Set<number>()
  private devices = 0

  constructor(readonly personId: PersonId) {}

  /** The app starts. @throws what opening its replica throws */
  async start(medium: Medium, run = new Run()): Promise<PhoneOnTrial> {
    const replica = await medium.start(run, {
      personId: this.personId,
      now: () => this.clock.now,
      newDevice: async () => `device${String(++this.devices).padStart(10, '0')}`,
    })
    return new PhoneOnTrial(this, run, replica)
  }

  /** The server is set up anew from a backup of before all this. */
  restoreServer(): void {
    const { planned, devicesSeen } = this.server
    this.server = new WatchedServer(new TestBranch(), this.clock)
    this.server.epoch = 2
    for (const [words, outcome] of planned) this.server.planned.set(words, outcome)
    for (const device of devicesSeen) this.server.devicesSeen.add(device)
  }

  /** What went wrong, by the promises of docs/architecture.md; the phone has come to rest. */
  violations(replica: Replica, disk: Disk): string[] {
    return [
      ...this.ofCommands(),
      ...this.ofLetters(replica, disk),
      ...this.ofTheOutbox(replica),
      ...this.ofTheCopy(replica, disk),
    ]
  }

  private ofCommands(): string[] {
    const found: string[] = []
    const { log, planned, decided, devicesSeen } = this.server
    if (new Set(decided).size !== decided.length) found.push('a command was decided twice')
    if (devicesSeen.size > 1) found.push(`the queue was begun anew: ${[...devicesSeen].join(', ')}`)
    for (const { words, answer } of this.told) {
      const results = log.filter((each) => each.words === words).map(({ result }) => result)
      const times = results.length
      const outcome = typeof answer === 'object' ? answer.outcome : answer
      const isReported = typeof answer === 'object' && 'id' in answer && this.spoilt.has(answer.id)
      if (outcome === 'recorded' && times !== (isReported ? 0 : 1))
        found.push(`«${words}» was recorded and decided ${times} times`)
      if (outcome !== 'recorded' && outcome !== undefined && times !== 0)
        found.push(`«${words}» was told ${outcome} and is decided all the same`)
      if (outcome === 'refused') found.push(`«${words}» was refused for no reason of the branch's`)
      if (times > 1) found.push(`«${words}» was decided ${times} times`)
      const expected = planned.get(words)?.outcome ?? 'accepted'
      for (const result of results)
        if (result.outcome !== expected) found.push(`«${words}» became ${result.outcome}, not ${expected}`)
    }
    return found
  }

  /** Refused or set aside ⇔ a letter, until it is dismissed; a hole has one when its command was
   *  found unreadable, and none when it was never recorded. */
  private ofLetters(replica: Replica, disk: Disk): string[] {
    const letters = new Set(replica.deadLetters().map(({ command }) => command.id))
    const due = new Set<number>()
    for (const { id, words, result } of this.server.log) {
      const isToTell = result.outcome === 'refused' || result.outcome === 'set-aside'
      const entries = ['x/o', 'x/d', 'o'].map((place) => `p/${this.personId}/${place}/${id}`)
      const isKnown = words !== undefined || entries.some((key) => disk.has(key))
      if (isToTell && isKnown) due.add(id)
    }
    const found: string[] = []
    for (const id of due)
      if (!letters.has(id) && !this.dismissed.has(id)) found.push(`no letter tells of ${id}`)
    for (const id of letters) {
      if (!due.has(id)) found.push(`a letter tells of ${id}, which was not refused`)
      if (this.dismissed.get(id) === 'surely') found.push(`the letter of ${id} was dismissed and is back`)
    }
    return found
  }

  private ofTheOutbox(replica: Replica): string[] {
    const sent = this.server.lastRequest?.push.length ?? 0
    return replica.pending().length + sent === 0 ? [] : ['the outbox does not empty']
  }

  private ofTheCopy(replica: Replica, disk: Disk): string[] {
    const found: string[] = []
    const copy = this.server.copyFor(this.personId)
    for (const [scope, rows] of copy) {
      const values = rows.map(([, , value]) => value)
      if (JSON.stringify(valuesIn(replica, scope)) !== JSON.stringify(values))
        found.push(`${scope}: the copy is not what the server has`)
    }
    const readable = new Set<string>(copy.keys())
    const kept = [...disk.keys()].map((key) => /\/c\/([^/]+)\//.exec(key)?.[1])
    for (const scope of new Set(kept))
      if (scope !== undefined && !readable.has(scope))
        found.push(`${scope} is kept, and is not theirs to read`)
    return found
  }
}

/** Pages that no manifest names. They may stay until pages of their scope are written. */
export function strayPages(disk: Disk): string[] {
  const isNamed = (copy: string, page: string) => {
    const manifest = unframed(disk.get(`${copy}/m`) ?? '')?.value as { pages: number[] } | undefined // as written
    return manifest?.pages.includes(Number(page)) ?? false
  }
  return [...disk.keys()].flatMap((key) => {
    const [, copy = '', page = ''] = /^(.*)\/p\/(\d+)$/.exec(key) ?? []
    return copy === '' || isNamed(copy, page) ? [] : [`${key} is kept for nothing`]
  })
}

const valuesIn = (replica: Replica, scope: Scope): unknown[] =>
  [...recordTypes].sort().flatMap((type): unknown[] => replica.list(scope, type, ''))
