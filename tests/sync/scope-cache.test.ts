import { weeksFrom } from '#domain/day'
import type { Row } from '#protocol/sync'
import { StorageFull } from '#sync/key-value-store'
import { ScopeCache } from '#sync/scope-cache'
import { home, linXiao } from '../support/branch'
import { type MemoryStore, memoryKeyValueStore } from '../support/memory-store'

const line = (week: string, version: number): Row => [
  'register-line',
  `${week}/${home}`,
  {
    week,
    branchId: home,
    memberId: linXiao,
    standing: 'on-time',
    via: 'own',
    source: 'on-site',
    receivedAt: 1,
    isLateSync: false,
    isBackfilled: false,
    isAmended: false,
    version,
  },
]

const begun = { isReset: true, isWhole: true }
const continued = { isReset: false, isWhole: true }

async function cacheOf(weeks: readonly string[]) {
  const store = memoryKeyValueStore()
  const cache = ScopeCache.empty(store, 'p/x/', 'member:x')
  await cache.apply(
    weeks.map((week) => line(week, 1)),
    { epoch: 1, seq: weeks.length },
    begun,
  )
  return { store, cache }
}

test('keeps rows in order over many pages, in any order they come', async () => {
  const weeks = weeksFrom('2018-W01', 400)
  const shuffled = [...weeks].sort((a, b) =>
    a.split('').reverse().join('') < b.split('').reverse().join('') ? -1 : 1,
  )
  const { store } = await cacheOf(shuffled)
  const reopened = await ScopeCache.open(store, 'p/x/', 'member:x')
  expect(reopened.list('register-line', '').map(([key]) => key)).toEqual(
    weeks.map((week) => `${week}/${home}`),
  )
  expect(reopened.list('register-line', '2020-W1').length).toBe(10)
  expect(reopened.get('register-line', `2024-W10/${home}`)).toMatchObject({ week: '2024-W10' })
  expect(reopened.get('register-line', '2024-W10/nowhere')).toBeUndefined()
  expect([...store.entries.values()].every((value) => value.length < 64 * 1024)).toBe(true)
})

describe('the latest rows', () => {
  const weeks = weeksFrom('2015-W01', 500)
  const open = (store: MemoryStore) => ScopeCache.open(store, 'p/x/', 'member:x')
  /** The last week changed so many times after a history of this length, one answer at a time. */
  async function changed(history: number, times: number) {
    const { store, cache } = await cacheOf(weeks.slice(0, history))
    const costs: { keys: string[]; bytes: number }[] = []
    for (let time = 1; time <= times; time += 1) {
      const cost = { keys: [] as string[], bytes: 0 }
      costs.push(cost)
      const set = store.set
      store.set = async (key, value) => {
        cost.keys.push(key)
        cost.bytes += value.length
        await set(key, value)
      }
      const week = weeks[history + time - 1] ?? ''
      await cache.apply([line(week, 1)], { epoch: 1, seq: history + time }, continued)
      store.set = set
    }
    return { store, cache, costs }
  }

  test('cost what they say and one entry, however long the history', async () => {
    for (const history of [1, 10, 33, 47, 100, 250, 490]) {
      const { costs } = await changed(history, 1)
      expect(costs[0]?.keys).toEqual(['p/x/c/member:x/r'])
      expect(costs[0]?.bytes).toBeLessThan(450)
    }
  })

  test('go into the pages before they are 2 kB, and are then gone from their own entry', async () => {
    const { costs, store, cache } = await changed(100, 30)
    const pagesWritten = costs.filter(({ keys }) => keys.some((key) => key.includes('/p/')))
    expect(pagesWritten.length).toBeGreaterThan(2)
    expect(pagesWritten.length).toBeLessThan(10)
    expect(Math.max(...costs.map(({ keys }) => keys.length))).toBeLessThanOrEqual(4)
    for (const cost of costs.filter(({ keys }) => keys.length === 1)) expect(cost.bytes).toBeLessThan(2_200)
    const reopened = await open(store)
    expect(reopened.cursor).toEqual(cache.cursor)
    expect(reopened.list('register-line', '')).toEqual(cache.list('register-line', ''))
    expect(reopened.list('register-line', '')).toHaveLength(130)
  })

  test('torn, they come again from where the pages end', async () => {
    const { store } = await changed(10, 2)
    store.entries.set('p/x/c/member:x/r', store.entries.get('p/x/c/member:x/r')?.slice(0, 60) ?? '')
    const reopened = await open(store)
    expect(reopened.cursor.seq).toBe(10)
    expect(reopened.list('register-line', '')).toHaveLength(10)
  })

  test('left over beside other pages, as by an older version, they count for nothing', async () => {
    const { store, cache } = await changed(10, 2)
    const leftOver = store.entries.get('p/x/c/member:x/r') ?? ''
    await cache.apply([line('2015-W01', 2)], { epoch: 1, seq: 40 }, begun)
    store.entries.set('p/x/c/member:x/r', leftOver)
    const reopened = await open(store)
    expect(reopened.cursor.seq).toBe(40)
    expect(reopened.list('register-line', '')).toHaveLength(1)
  })

  test('a row that is gone stays gone over a restart', async () => {
    const { store, cache } = await cacheOf(weeks.slice(0, 10))
    await cache.apply([['register-line', `2015-W03/${home}`, null]], { epoch: 1, seq: 11 }, continued)
    expect((await open(store)).get('register-line', `2015-W03/${home}`)).toBeUndefined()
    expect((await open(store)).list('register-line', '')).toHaveLength(9)
  })

  test('wherever storage fails while pages are cut, another try ends with every row once', async () => {
    for (let failing = 1; failing < 12; failing += 1) {
      const { store, cache } = await cacheOf(weeks.slice(0, 60))
      const more = weeks.slice(60, 140).map((week) => line(week, 1))
      let calls = 0
      store.fault = () => {
        calls += 1
        if (calls === failing) throw new StorageFull('full')
        return undefined
      }
      const cursor = { epoch: 1, seq: 140 }
      await cache.apply(more, cursor, continued).catch(() => cache.apply(more, cursor, continued))
      store.fault = undefined
      for (const each of [cache, await open(store)]) {
        expect(each.list('register-line', '').map(([key]) => key)).toEqual(
          weeks.slice(0, 140).map((week) => `${week}/${home}`),
        )
      }
    }
  })

  test('leave the phone with the rest of the copy', async () => {
    const { store, cache } = await changed(10, 1)
    await cache.drop()
    expect([...store.entries]).toEqual([])
  })
})

test('what a newer server sends and this version cannot read is left out', async () => {
  const { cache } = await cacheOf(['2024-W01'])
  await cache.apply([['register-line', `2024-W02/${home}`, { is: 'new' }]], { epoch: 1, seq: 2 }, continued)
  await cache.apply([['site-visit', '1', { is: 'new' }]], { epoch: 1, seq: 3 }, continued)
  await cache.apply([['constructor', '1', null]], { epoch: 1, seq: 4 }, continued)
  expect(cache.list('register-line', '')).toHaveLength(1)
  expect(cache.cursor.seq).toBe(4)
})

test('a copy that is being filled says so, also when it is opened anew, until its last answer', async () => {
  const store = memoryKeyValueStore()
  const cache = ScopeCache.empty(store, 'p/x/', 'member:x')
  expect(cache.isWhole).toBe(true)
  await cache.apply([line('2024-W02', 1)], { epoch: 1, seq: 1 }, { isReset: true, isWhole: false })
  expect(cache.isWhole).toBe(false)
  const reopened = await ScopeCache.open(store, 'p/x/', 'member:x')
  expect(reopened.isWhole).toBe(false)
  await reopened.apply([line('2024-W03', 1)], { epoch: 1, seq: 2 }, continued)
  expect(reopened.isWhole).toBe(true)
  expect((await ScopeCache.open(store, 'p/x/', 'member:x')).isWhole).toBe(true)
})
