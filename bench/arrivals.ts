/** A Monday's crowd at one server, worked out and not measured: the app's own loop on every phone and the
 *  server's own admission, before rounds that take as long as CAPACITY (check-ins a second of one server, from
 *  `npm run bench -- checkins`) says. The same every time. Renewals cost what `npm run bench -- footprint`
 *  measured; what a look and a refusal cost is supposed. */

import { monday } from './arrivals/curve'
import { type NodeOptions, scaledDown, wholeNode } from './arrivals/node'
import { type Course, courseOf, percentile, type Scenario } from './arrivals/scenario'
import { ratioText, table } from './table'

const capacity = Number(process.env.CAPACITY ?? 3_000)
const costs = {
  renewal: Number(process.env.RENEWAL_COST ?? 1.5),
  look: Number(process.env.LOOK_COST ?? 0.3),
  turnedAway: Number(process.env.TURNED_AWAY_COST ?? 0.05),
}
const [second, minute] = [1_000, 60_000]
/** Everything that is counted is so much smaller: people, places, rounds, capacity. */
const by = 20
/** Without slots there are so many requests that only a smaller piece can be worked out; and with slots
 *  none smaller than `by`, for the admission supposes a hundred a second at least. */
const byWithoutSlots = 100

/** A tenth of a minute past twice the ideal, whoever is not through then is counted as such. */
const patience = 2.1

type Kind = 'slots' | 'slots, renewals too' | 'no slots'

function nodeOf(kind: Kind, scale: number): NodeOptions {
  const hasSlots = kind !== 'no slots'
  const admitsRenewals = kind === 'slots, renewals too'
  return scaledDown(scale, { ...wholeNode, capacity, commitMs: 5, costs, hasSlots, admitsRenewals })
}

function overload(
  kind: Kind,
  times: number,
  forMs: number,
  scale: number,
  turnedAway = costs.turnedAway,
): Scenario {
  const people = (capacity / scale) * times * (forMs / second)
  return {
    seed: 'overload',
    people,
    parts: [{ share: 1, come: 'evenly', fromMs: 0, forMs }],
    node: { ...nodeOf(kind, scale), costs: { ...costs, turnedAway } },
    opens: false,
    crowd: { fromMs: 0, tappedByMs: forMs },
    untilMs: Math.max(2 * minute, patience * times * forMs),
  }
}

const mondayOf = (kind: Kind, people: number, scale: number, outageMs = 0): Scenario => ({
  seed: 'monday',
  people: people / scale,
  parts: monday,
  node: nodeOf(kind, scale),
  opens: true,
  ...(outageMs > 0 && { outage: { fromMs: 0, untilMs: outageMs } }),
  crowd: { fromMs: outageMs, tappedByMs: outageMs > 0 ? outageMs : 60 * minute },
  untilMs: 120 * minute,
})

const seconds = (ms: number) => (ms / second).toFixed(ms < 10 * second ? 1 : 0)
const head = ['', '÷ ideal', 'p50 s', 'p95 s', 'p99 s', 'requests each', 'not through']

function rowOf(what: string, course: Course, { people }: Scenario): string[] {
  const isThrough = course.neverAcknowledged === 0
  const latency = (share: number) => seconds(percentile(course.latencyMs, share))
  return [
    what,
    isThrough ? ratioText(course.emptyAfterMs / course.ideallyAfterMs) : '–',
    ...[0.5, 0.95, 0.99].map(latency),
    (course.asked / people).toFixed(1),
    isThrough ? '0' : `${((course.neverAcknowledged / people) * 100).toFixed(0)} %`,
  ]
}

async function show(title: string, scenarios: readonly (readonly [string, Scenario])[]): Promise<Course[]> {
  const courses: Course[] = []
  const rows: string[][] = []
  for (const [what, scenario] of scenarios) {
    const course = await courseOf(scenario)
    courses.push(course)
    rows.push(rowOf(what, course, scenario))
  }
  console.log(`\n${title}\n${table(head, rows)}`)
  return courses
}

async function main(): Promise<void> {
  Error.stackTraceLimit = 0 // being turned away is an error on the phone, and there are millions
  console.log(
    `One server that takes ${capacity} check-ins a second; in units of one a renewal costs ${costs.renewal}, ` +
      `a look ${costs.look}, a refusal ${costs.turnedAway}. Worked out, 1 : ${by} (no slots 1 : ${byWithoutSlots}).`,
  )
  await show('Ten times as many as it takes, all signed in', [
    ['for a minute, slots', overload('slots', 10, minute, by)],
    ['for a minute, no slots', overload('no slots', 10, minute, byWithoutSlots)],
    ['for a minute, no slots, refusals for nothing', overload('no slots', 10, minute, byWithoutSlots, 0)],
    ['for a second, slots, 1 : 1', overload('slots', 10, second, 1)],
  ])
  await show('A Monday from 08:15, every app closed before', [
    ['100,000 people, slots', mondayOf('slots', 100_000, by)],
    ['300,000, slots', mondayOf('slots', 300_000, by)],
    ['1,000,000, slots', mondayOf('slots', 1_000_000, by)],
    ['1,000,000, slots, renewals too', mondayOf('slots, renewals too', 1_000_000, by)],
  ])
  const [, herd] = await show('The same with no server from 08:15 to 08:25', [
    ['300,000, no slots', mondayOf('no slots', 300_000, byWithoutSlots, 10 * minute)],
    ['300,000, slots', mondayOf('slots', 300_000, by, 10 * minute)],
    ['300,000, slots, renewals too', mondayOf('slots, renewals too', 300_000, by, 10 * minute)],
  ])
  console.log('\n300,000 with slots, by the minute, times 1,000')
  const each = (count: number) => ((count * by) / 1_000).toFixed(1)
  const rows = (herd?.minutes ?? []).slice(0, 25).map(({ asked, acknowledged, turnedAway, waiting }, at) => {
    const clock = `08:${String(15 + at).padStart(2, '0')}`
    return [clock, each(asked), each(acknowledged), each(turnedAway), each(waiting)]
  })
  console.log(table(['', 'requests', 'check-ins', 'told to come back', 'waiting'], rows))
}

main().catch((error: Error) => {
  console.error(error)
  process.exitCode = 1
})
