import { weeksFrom } from '#domain/day'
import type { Row } from '#protocol/sync'
import { ScopeCache } from '#sync/scope-cache'
import { home, linXiao } from '../support/branch'
import { memoryKeyValueStore } from '../support/memory-store'

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

async function cacheOf(weeks: readonly string[]) {
  const store = memoryKeyValueStore()
  const cache = ScopeCache.empty(store, 'p/x/', 'member:x')
  await cache.apply(
    weeks.map((week) => line(week, 1)),
    { epoch: 1, seq: weeks.length },
    true,
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

test('one row more costs one page and the manifest, however long the history', async () => {
  const written = async (length: number) => {
    const weeks = weeksFrom('2015-W01', length)
    const { store, cache } = await cacheOf(weeks)
    let bytes = 0
    store.fault = (call) => {
      if (call === 'set') bytes += 1
      return undefined
    }
    await cache.apply([line(weeks.at(-1) ?? '', 2)], { epoch: 1, seq: length + 1 }, false)
    return bytes
  }
  expect(await written(500)).toBe(await written(10))
})

test('what a newer server sends and this version cannot read is left out', async () => {
  const { cache } = await cacheOf(['2024-W01'])
  await cache.apply([['register-line', `2024-W02/${home}`, { is: 'new' }]], { epoch: 1, seq: 2 }, false)
  await cache.apply([['site-visit', '1', { is: 'new' }]], { epoch: 1, seq: 3 }, false)
  await cache.apply([['constructor', '1', null]], { epoch: 1, seq: 4 }, false)
  expect(cache.list('register-line', '')).toHaveLength(1)
  expect(cache.cursor.seq).toBe(4)
})
