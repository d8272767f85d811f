import { flatLimit, notFlat, ratiosTo } from '../support/flat'
import { checkInCosts, type Kept, keptIn, type TapCosts } from '../support/history'
import { brokenDist, builtWeapp, requireBuiltWeapp } from '../support/weapp/built-weapp'

/** What `npm run bench -- history` prints for more and longer histories. */
async function ratiosOf(dist: string) {
  const { tap: short } = await checkInCosts(10, dist)
  const { tap: long, start, kept } = await checkInCosts(100, dist)
  return { ratios: ratiosTo<keyof TapCosts>(short, long), tap: long, start, kept }
}

/** WeChat keeps 1 MB under a key and 10 MB in all; half of the latter stays free. */
const isWithinStorage = ({ bytes, largestBytes }: Kept) => largestBytes <= 2 ** 20 && bytes < 5 * 2 ** 20

beforeAll(requireBuiltWeapp)

test('a check-in costs the same after a hundred weeks as after ten', async () => {
  const { ratios, tap, start, kept } = await ratiosOf(builtWeapp)
  console.log(`a check-in after 100 weeks, in multiples of 10 weeks: ${JSON.stringify(ratios)}`)
  expect(Object.keys(ratios)).toEqual(
    expect.arrayContaining(['setDataBytes', 'storageWrites', 'storageBytes', 'requestBytes', 'answerBytes']),
  )
  expect(notFlat(ratios)).toEqual([])
  // The hundred weeks were really there to be touched.
  expect(start.storageBytes).toBeGreaterThan(20 * tap.storageBytes)
  console.log(`a member with 100 weeks keeps ${JSON.stringify(kept)}`)
  expect(kept.bytes).toBeGreaterThanOrEqual(start.storageBytes)
  expect(isWithinStorage(kept)).toBe(true)
}, 90_000)

test.each([
  { what: 'a key above 1 MB', entries: [2 ** 20], told: false },
  { what: 'more than half of the storage', entries: Array.from({ length: 6 }, () => 1_000_000), told: false },
  { what: 'as much in one key as may be', entries: [2 ** 20 - 1], told: true },
])('$what: $told', ({ entries, told }) => {
  const storage = new Map(entries.map((bytes, index) => [`${index}`, 'x'.repeat(bytes)]))
  expect(isWithinStorage(keptIn(storage))).toBe(told)
})

test('a build that writes all its weeks with each check-in is told', async () => {
  // Pages of any size instead of 12 kB, and no room for the latest rows beside them.
  const { dist, remove } = brokenDist('app.js', (source) =>
    source.replace(/=12288,(\w+)=2048\b/, '=1e9,$1=0'),
  )
  try {
    const { ratios } = await ratiosOf(dist)
    expect(notFlat(ratios)).toContain('storageBytes')
    expect(ratios.storageBytes).toBeGreaterThan(3)
    expect(notFlat({ ...ratios, storageBytes: 1, storageWrites: 1 })).toEqual([])
  } finally {
    remove()
  }
}, 90_000)

describe('the comparison', () => {
  const costs: TapCosts = {
    setDataCalls: 2,
    setDataBytes: 1_499,
    storageWrites: 3,
    storageBytes: 624,
    requestBytes: 339,
    answerBytes: 531,
  }
  const compared = (change: Partial<TapCosts>) =>
    notFlat(ratiosTo<keyof TapCosts>(costs, { ...costs, ...change }))

  test.each([
    { change: {}, told: [] },
    { change: { requestBytes: Math.floor(339 * flatLimit) }, told: [] },
    { change: { requestBytes: Math.ceil(339 * flatLimit) }, told: ['requestBytes'] },
    { change: { storageBytes: Math.ceil(624 / flatLimit) }, told: [] },
    { change: { storageBytes: Math.floor(624 / flatLimit) }, told: ['storageBytes'] },
    { change: { setDataCalls: 3, setDataBytes: 2_000 }, told: ['setDataCalls', 'setDataBytes'] },
  ])('$change: $told', ({ change, told }) => expect(compared(change)).toEqual(told))

  test.each([{ storageBytes: 0 }, { answerBytes: Number.NaN }])('%j was not measured', (change) =>
    expect(() => compared(change)).toThrow('was not measured'),
  )

  test('without anything to compare is none', () => {
    expect(() => ratiosTo({}, {})).toThrow('nothing was measured')
  })
})
