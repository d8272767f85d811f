import { Random } from '../../server/demo/random'
import { Agenda } from './agenda'
import { comingOf, type Part } from './curve'
import { type Costs, Node, type NodeOptions } from './node'
import { type Habits, Phone } from './phone'

export interface Scenario extends Habits {
  readonly seed: string
  readonly people: number
  readonly parts: readonly Part[]
  readonly node: NodeOptions
  /** The server is not there for this time, in ms from the beginning. */
  readonly outage?: { readonly fromMs: number; readonly untilMs: number }
  /** Of whom it is asked how soon they were through, and from when on: those who have tapped by its end, in
   *  ms from the beginning. */
  readonly crowd: { readonly fromMs: number; readonly tappedByMs: number }
  /** Nobody waits for the end of it any more. */
  readonly untilMs: number
}

export interface Minute {
  /** Requests of any kind that reached the server. */
  asked: number
  turnedAway: number
  acknowledged: number
  /** Have tapped and are not acknowledged, at the end of the minute. */
  waiting: number
}

export interface Course {
  readonly minutes: readonly Minute[]
  /** From the tap until the phone has the answer, sorted, in ms. */
  readonly latencyMs: readonly number[]
  /** Until the last of the crowd was through. */
  readonly emptyAfterMs: number
  /** The same for a server that loses no moment and turns nobody away, at the same costs. */
  readonly ideallyAfterMs: number
  readonly asked: number
  readonly turnedAway: number
  readonly neverAcknowledged: number
}

const minute = 60_000

/** The same every time for the same scenario. */
export async function courseOf(scenario: Scenario): Promise<Course> {
  const random = new Random(scenario.seed)
  const agenda = new Agenda(0)
  const node = new Node(agenda, random, scenario.node)
  const coming = comingOf(scenario.people, scenario.parts, random)
  const minutes: Minute[] = []
  const latencyMs: number[] = []
  const taps: number[] = []
  let waiting = 0
  let [acknowledged, lastAt] = [0, 0]

  for (const at of coming) {
    agenda.after(at, () => {
      const phone = new Phone(agenda, node, random, scenario, ({ tappedAt = 0 }) => {
        latencyMs.push(agenda.now - tappedAt)
        waiting -= 1
        acknowledged += 1
        if (tappedAt <= scenario.crowd.tappedByMs) lastAt = agenda.now
      })
      const tap = () => {
        taps.push(agenda.now)
        waiting += 1
        phone.tap()
      }
      phone.open()
      if (scenario.opens) agenda.after(2_000 + 6_000 * random.next(), tap)
      else tap()
    })
  }
  const { outage } = scenario
  if (outage !== undefined) {
    agenda.after(outage.fromMs, () => node.stop())
    agenda.after(outage.untilMs, () => node.start())
  }

  for (let end = minute; acknowledged < scenario.people && end <= scenario.untilMs; end += minute) {
    const before = { ...node.counted, acknowledged }
    await agenda.run(end)
    minutes.push({
      asked: node.counted.asked - before.asked,
      turnedAway: node.counted.turnedAway - before.turnedAway,
      acknowledged: acknowledged - before.acknowledged,
      waiting,
    })
  }
  return {
    minutes,
    latencyMs: latencyMs.sort((a, b) => a - b),
    emptyAfterMs: lastAt - scenario.crowd.fromMs,
    ideallyAfterMs: ideallyAt(taps, scenario) - scenario.crowd.fromMs,
    asked: node.counted.asked,
    turnedAway: node.counted.turnedAway,
    neverAcknowledged: scenario.people - acknowledged,
  }
}

/** When a server that works whenever there is something to do, and takes first who came first, is through
 *  with the crowd. */
function ideallyAt(taps: readonly number[], { node, opens, outage, crowd }: Scenario): number {
  const eachMs = (1_000 / node.capacity) * workOf(node.costs, opens)
  let freeAt = 0
  for (const at of taps.filter((tap) => tap <= crowd.tappedByMs).sort((a, b) => a - b)) {
    const begun = Math.max(at, freeAt)
    const isDown = outage !== undefined && begun >= outage.fromMs && begun < outage.untilMs
    freeAt = (isDown ? outage.untilMs : begun) + eachMs
  }
  return freeAt
}

/** A check-in brings what is new as well: who taps at once needs no look. */
const workOf = ({ renewal }: Costs, opens: boolean) => 1 + (opens ? renewal : 0)

export const percentile = (sorted: readonly number[], share: number) =>
  sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))] ?? Number.NaN
