import type { PersonId } from '#domain/ids'
import type { Scope } from '#domain/scopes'
import { check } from './check'
import { Choices } from './choices'
import type { State } from './database'
import { at, moves, people } from './people'
import { SimulatedPhone } from './phone'
import { SimulatedServer } from './server'
import { Violation } from './violation'
import { World } from './world'

export interface Outcome {
  readonly violation: Violation | undefined
  /** What was left to chance, for a repetition. */
  readonly taken: readonly number[]
}

/** One Monday, as chance has it; then everything heals, and the promises are checked. */
export async function runSchedule(seed: number, given?: readonly number[]): Promise<Outcome> {
  const choices = new Choices(seed, given)
  try {
    await aMonday(choices)
    return { violation: undefined, taken: choices.taken }
  } catch (error) {
    const violation =
      error instanceof Violation ? error : new Violation('it broke', (error as Error).stack ?? String(error))
    return { violation, taken: choices.taken }
  }
}

/** The same violation with less left to chance: parts of what was chosen are taken out or made plain,
 *  as long as the same promise is broken. */
export async function shrunk(seed: number, most = 2_000): Promise<Outcome> {
  let best = await runSchedule(seed)
  if (best.violation === undefined) return best
  let runs = 0
  const isStill = async (given: readonly number[]): Promise<boolean> => {
    if (runs >= most) return false
    runs += 1
    const outcome = await runSchedule(seed, given)
    if (outcome.violation?.promise !== best.violation?.promise) return false
    best = { ...outcome, taken: withoutPlainEnd(outcome.taken) }
    return true
  }
  await isStill(best.taken)
  for (let size = best.taken.length >> 1; size > 0; size >>= 1) {
    for (let from = 0; from < best.taken.length; from += size) {
      const { taken } = best
      const part = taken.slice(from, from + size)
      if (part.every((each) => each === 0)) continue
      const plain = [...taken.slice(0, from), ...part.map(() => 0), ...taken.slice(from + size)]
      if (!(await isStill(plain))) await isStill([...taken.slice(0, from), ...taken.slice(from + size)])
    }
  }
  return best
}

function withoutPlainEnd(taken: readonly number[]): number[] {
  let length = taken.length
  while (length > 0 && taken[length - 1] === 0) length -= 1
  return taken.slice(0, length)
}

async function aMonday(choices: Choices): Promise<void> {
  const world = new World(at('18:00', -1))
  const server = await SimulatedServer.open(world, choices)
  const all: PersonId[] = [people.member, people.secretary, people.mover, people.admin, people.committee]
  const count = choices.isBusy ? all.length : 1 + choices.pick(4)
  const phones = all.slice(0, count).map((who) => new SimulatedPhone(world, choices, server, who))
  if (choices.oneIn(choices.kind === 'rush' ? 2 : 5))
    phones.push(new SimulatedPhone(world, choices, server, people.member)) // a second one

  // Each was used before, so that most have something on them.
  for (const phone of phones) {
    if (choices.oneIn(4)) continue
    world.start(at('20:00', -1), () => phone.visit())
  }
  for (const phone of phones) {
    const visits = choices.weighted([
      [1, 3],
      [2, 4],
      [4, 3],
    ])
    for (let visit = 0; visit < visits; visit += 1) world.start(someTime(choices), () => phone.visit())
  }
  const events = choices.weighted([
    [0, 3],
    [1, 3],
    [3, 3],
    [6, 2],
  ])
  const befalls = new Befalling(choices, server)
  if (choices.kind === 'late') befalls.goBackMeanwhile(world)
  for (let event = 0; event < events; event += 1) {
    const happen = befalls.event()
    const when = choices.kind === 'rush' ? at('08:30') + choices.pick(200) * 50 : someTime(choices)
    world.start(when, happen)
  }
  await world.run(at('23:00', 1))

  server.heal()
  for (const phone of phones) phone.heal()
  let isDone = false
  world.start(world.now, async () => {
    await check(world, server, phones)
    isDone = true
  })
  for (let hour = 0; !isDone && hour < 1_000; hour += 1) await world.run(world.now + 3_600_000)
  if (!isDone) throw new Violation('6', 'the phones never came to rest')
}

/** Around the study mostly: it opens at 8:15 and closes at noon. */
function someTime(choices: Choices): number {
  if (choices.isBusy && choices.oneIn(2)) return at('08:30')
  const [from, minutes] = choices.of<readonly [number, number]>([
    [at('08:20'), 30],
    [at('08:30'), 0], // all at once
    [at('08:00'), 300],
    [at('20:00', -1), 60],
    [at('12:00'), 700],
    [at('08:00', 1), 600],
  ])
  return from + choices.pick(minutes * 6 + 1) * 10_000
}

/** What happens to the server and to people's places. */
class Befalling {
  private backup: State | undefined
  private hasMoved = false
  private floor = new Map<Scope, number>()

  constructor(
    private readonly choices: Choices,
    private readonly server: SimulatedServer,
  ) {}

  event(): () => void | Promise<void> {
    return this.choices.weighted<() => void | Promise<void>>([
      [() => this.server.crash(), 4],
      [() => this.backUp(), 3],
      [() => this.goBack(), 3],
      [() => this.move(), 3],
      [() => this.forget(), 2],
      [() => this.compact(), 2],
    ])
  }

  /** While most are at it. */
  goBackMeanwhile(world: World): void {
    const from = at('08:30') + this.choices.pick(4) * 10_000
    world.start(from, () => this.backUp())
    world.start(from + (1 + this.choices.pick(6)) * 10_000, () => this.goBack())
  }

  private backUp(): void {
    this.backup = this.server.database.committed
  }

  private goBack(): void {
    if (this.backup !== undefined) this.server.restore(this.backup)
  }

  private async move(): Promise<void> {
    const isBack = this.hasMoved
    this.hasMoved = !isBack
    await this.server.write(moves(people.mover, isBack))
  }

  /** As the end of an account: what was only theirs is taken away. */
  private async forget(): Promise<void> {
    const names = [...this.server.database.committed.feeds].flatMap(([scope, { rows }]) =>
      [...rows.keys()]
        .filter((name) => name.startsWith('leave ') || name.startsWith('correction '))
        .map((name) => {
          const space = name.indexOf(' ')
          return { scope, type: name.slice(0, space), key: name.slice(space + 1), value: null }
        }),
    )
    if (names.length > 0) await this.server.write(names)
    this.remember()
  }

  private remember(): void {
    for (const [scope, { seq }] of this.server.database.committed.feeds) this.floor.set(scope, seq)
  }

  private compact(): void {
    for (const [scope, seq] of this.floor) this.server.database.compact(scope, seq)
    this.remember()
  }
}
