import { branchScope, memberScope, type Scope } from '#domain/scopes'
import type { ScopeHead } from '#server/sync/store'
import { type Watch, Watchers } from '#server/watch/watchers'
import { home, linXiao } from '../support/branch'

beforeEach(() => jest.useFakeTimers({ doNotFake: ['nextTick', 'setImmediate'] }))
afterEach(() => jest.useRealTimers())

const scope = branchScope(home)
const has = (seq: number, epoch = 1) => ({ [scope]: { epoch, seq } })
const watch = (more: Partial<Watch> = {}): Watch => ({
  session: 'one',
  scopes: [scope],
  cursors: has(5),
  forMs: 25_000,
  ...more,
})

function registry() {
  const database = {
    heads: new Map<Scope, ScopeHead>([[scope, { epoch: 1, seq: 5, floor: 0 }]]),
    isAway: false,
  }
  const asked: (readonly Scope[])[] = []
  const failures: string[] = []
  const watchers = new Watchers({
    heads: async (scopes) => {
      asked.push(scopes)
      if (database.isAway) throw Object.assign(new Error('away'), { code: '57P01' })
      return new Map(database.heads)
    },
    onFailure: ({ code }) => failures.push(code ?? ''),
    room: 10,
  })
  const wait = (given = watch(), gone = new AbortController().signal) => {
    const told: boolean[] = []
    void watchers.wait(given, gone).then((isChanged) => told.push(isChanged))
    return told
  }
  return { database, asked, failures, watchers, wait }
}
const pass = (ms: number) => jest.advanceTimersByTimeAsync(ms)

test('tells of its own process’s writing at once, and of no other scope’s', async () => {
  const { watchers, wait } = registry()
  const told = wait()
  await pass(5_500)
  watchers.written(['branch:another'])
  await pass(100)
  expect(told).toEqual([])
  watchers.written([scope])
  await pass(1)
  expect(told).toEqual([true])
})

test('but never within a second of the question: a hall that checks in is told of once a second', async () => {
  const { watchers, wait } = registry()
  const told = wait()
  for (let writes = 0; writes < 9; writes += 1) {
    watchers.written([scope])
    await pass(100)
  }
  expect(told).toEqual([])
  await pass(100)
  expect(told).toEqual([true])
})

test.each([
  ['more of it', { epoch: 1, seq: 6 }, true],
  ['less of it, after a restore that did not say so', { epoch: 1, seq: 4 }, true],
  ['another epoch', { epoch: 2, seq: 5 }, true],
  ['the same', { epoch: 1, seq: 5 }, false],
])('with %s in the database the next look finds: %j → %s', async (_what, head, isTold) => {
  const { database, wait } = registry()
  const told = wait()
  database.heads.set(scope, { ...head, floor: 0 })
  await pass(1_100)
  expect(told).toEqual(isTold ? [true] : [])
})

test.each([
  ['that the phone has from before a restore is news', has(5), [true]],
  ['that the phone does not know either is none', {}, []],
])('a scope that nothing was ever written to, and %s', async (_what, cursors, expected) => {
  const { database, wait } = registry()
  database.heads.clear()
  const told = wait(watch({ cursors }))
  await pass(5_000)
  expect(told).toEqual(expected)
})

test('a look that began before somebody came says nothing to them', async () => {
  const { database, watchers, wait } = registry()
  wait(watch({ session: 'other' }))
  jest.advanceTimersByTime(1_000) // the look is under way
  database.heads.set(scope, { epoch: 1, seq: 6, floor: 0 })
  const told = wait(watch({ cursors: has(7) }))
  database.heads.set(scope, { epoch: 1, seq: 7, floor: 0 })
  await pass(3_000)
  expect(told).toEqual([])
  watchers.close()
})

test('looks once a second for all of them, and not at all for nobody', async () => {
  const { asked, watchers, wait } = registry()
  await pass(5_000)
  expect(asked).toEqual([])
  for (const session of ['a', 'b', 'c']) wait(watch({ session, scopes: [scope, memberScope(linXiao)] }))
  await pass(3_100)
  expect(asked).toEqual(Array(3).fill([scope, memberScope(linXiao)]))
  watchers.close()
  await pass(5_000)
  expect(asked).toHaveLength(3)
})

test('goes on when the database was away', async () => {
  const { database, failures, wait } = registry()
  const told = wait()
  database.isAway = true
  await pass(2_100)
  expect([told, failures]).toEqual([[], ['57P01', '57P01']])
  database.isAway = false
  database.heads.set(scope, { epoch: 1, seq: 6, floor: 0 })
  await pass(1_100)
  expect(told).toEqual([true])
})

test('is as it was before, however a watch ended', async () => {
  const { asked, watchers, wait } = registry()
  const leaving = new AbortController()
  const all = [
    wait(watch({ session: 'left' }), leaving.signal),
    wait(watch({ session: 'over', forMs: 1_500 })),
    wait(),
  ]
  leaving.abort()
  await pass(1_600)
  watchers.written([scope])
  await pass(10)
  expect(all).toEqual([[false], [false], [true]])
  const looks = asked.length
  await pass(5_000)
  expect(asked).toHaveLength(looks)
  expect(Object.values(watchers).filter((part) => part instanceof Map && part.size > 0)).toEqual([])
})

test('closed it keeps nobody', async () => {
  const { watchers, wait } = registry()
  watchers.close()
  const told = wait()
  await pass(0)
  expect(told).toEqual([false])
})
