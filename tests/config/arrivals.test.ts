import { type NodeOptions, wholeNode } from '../../bench/arrivals/node'
import { courseOf, type Scenario } from '../../bench/arrivals/scenario'

/** The model of docs/scale.md, on a server small enough to be worked out whole. */

jest.setTimeout(60_000)

const node: NodeOptions = {
  ...wholeNode,
  capacity: 300,
  commitMs: 5,
  costs: { renewal: 1.5, look: 0.3, turnedAway: 0.05 },
  hasSlots: true,
  admitsRenewals: false,
}
const forMs = 2_000

/** Ten times as many as it takes. */
const overload = (change: Partial<NodeOptions> = {}): Scenario => ({
  seed: 'overload',
  people: 10 * node.capacity * (forMs / 1_000),
  parts: [{ share: 1, come: 'evenly', fromMs: 0, forMs }],
  node: { ...node, ...change },
  opens: false,
  crowd: { fromMs: 0, tappedByMs: forMs },
  untilMs: 60_000,
})

test('ten times too many, told when to come back, are through within twice the ideal time', async () => {
  const course = await courseOf(overload())
  expect(course.neverAcknowledged).toBe(0)
  expect(course.emptyAfterMs).toBeLessThan(2 * course.ideallyAfterMs)
  expect(course.emptyAfterMs).toBeGreaterThanOrEqual(course.ideallyAfterMs)
})

test('the same comes out every time', async () => {
  expect(await courseOf(overload())).toEqual(await courseOf(overload()))
})

test('it would be told if they were not: refusals that cost as much as check-ins, and no word when to come back', async () => {
  const costs = { ...node.costs, turnedAway: 1 }
  const course = await courseOf(overload({ hasSlots: false, costs }))
  expect(course.neverAcknowledged > 0 || course.emptyAfterMs > 2 * course.ideallyAfterMs).toBe(true)
})

test('whoever taps while there is no server is through once it is back', async () => {
  const outage = { fromMs: 0, untilMs: 60_000 }
  const crowd = { fromMs: 60_000, tappedByMs: 60_000 }
  const course = await courseOf({ ...overload(), people: 600, outage, crowd, untilMs: 180_000 })
  expect(course.minutes[0]?.acknowledged).toBe(0)
  expect(course.neverAcknowledged).toBe(0)
})
