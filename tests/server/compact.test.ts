import fc from 'fast-check'
import { personId } from '#domain/ids'
import { branchScope } from '#domain/scopes'
import { loadAuthority } from '#server/authority'
import { clearTombstones, tombstonesMs } from '#server/jobs/compact'
import { inTransaction } from '#server/storage/database'
import { removeRecords, writeChanges } from '#server/storage/rows'
import { syncStore } from '#server/storage/sync-store'
import { type Feeds, pull } from '#server/sync/pull'
import { at, home, linXiao } from '../support/branch'
import { RealPhone } from '../support/real-phone'
import { type TestServer, testServer } from '../support/server'

jest.setTimeout(120_000)

const scope = branchScope(home)
const day = 86_400_000
let server: TestServer
beforeEach(async () => {
  server = await testServer()
  server.clock.now = at('08:26')
})
afterEach(() => server.close())

const pass = (ms: number) => {
  server.clock.now += ms
}
const write = (names: readonly string[], note = '') =>
  inTransaction(server.database, (client) =>
    writeChanges(
      client,
      names.map((key) => ({
        scope,
        type: 'person',
        key,
        value: { id: personId(key), name: `${key}${note}` },
      })),
    ),
  )
const remove = (names: readonly string[]) =>
  inTransaction(server.database, (client) =>
    removeRecords(
      client,
      names.map((key) => ({ scope, type: 'person', key })),
    ),
  )
const tombstones = async () =>
  (await server.database.pool.query('SELECT FROM rows WHERE value IS NULL')).rowCount
const compact = () => clearTombstones(server.database, server.clock.now)
/** Marks, raises and deletes: as the job does over more than a month. */
const compactFully = async () => {
  await compact()
  pass(tombstonesMs)
  for (let rounds = 0; rounds < 20; rounds++) await compact()
}

async function sync(phone: RealPhone): Promise<RealPhone> {
  const session = await server.sessions.begin(linXiao) // the last one may be over by now
  if (session === undefined) throw new Error('she is nobody here')
  phone.connect(server.app, session)
  await phone.sync()
  return phone
}
const newPhone = async (): Promise<RealPhone> => {
  const phone = new RealPhone(linXiao, () => server.clock.now)
  await phone.start()
  return sync(phone)
}
/** In its copy, and in that of a phone that comes for the first time. */
const copies = async (phone: RealPhone) => [phone.copy(), (await newPhone()).copy()] as const
const namesOn = (phone: RealPhone) => phone.replica.list(scope, 'person', '').map(({ id }) => id)

test('a tombstone stays for thirty days, then goes; whoever was there is not disturbed', async () => {
  await write(['a', 'b', 'c'])
  const phone = await newPhone()
  await remove(['b'])
  await sync(phone)
  await compact()
  pass(tombstonesMs - 1)
  await compact()
  expect(await tombstones()).toBe(1)
  pass(1)
  await compact()
  expect(await tombstones()).toBe(0)
  phone.resets.length = 0
  await write(['d'])
  await sync(phone)
  expect(phone.resets).toEqual([])
  const [held, whole] = await copies(phone)
  expect(held).toEqual(whole)
})

test('a phone that was away begins that scope anew, and no other, and loses what was deleted', async () => {
  await write(['a', 'b', 'c'])
  const phone = await newPhone()
  await remove(['b'])
  await compactFully()
  phone.resets.length = 0
  await sync(phone)
  expect(phone.resets).toEqual([scope])
  expect(namesOn(phone)).not.toContain('b')
  const [held, whole] = await copies(phone)
  expect(held).toEqual(whole)
  await sync(phone)
  expect(phone.resets).toEqual([scope])
})

test('a copy that is complete is told nothing more, also when what came last is cleared', async () => {
  await write(['a', 'b'])
  await remove(['b'])
  await compactFully()
  const phone = await newPhone()
  phone.news.length = 0
  await sync(phone)
  expect(phone.news).toEqual([])
})

test('this would notice tombstones that go without a word', async () => {
  await write(['a', 'b', 'c'])
  const phone = await newPhone()
  await remove(['b'])
  await server.database.pool.query('DELETE FROM rows WHERE value IS NULL')
  await sync(phone)
  const [held, whole] = await copies(phone)
  expect(held).not.toEqual(whole)
})

test('a scope of many answers is filled after a compaction, by a new phone and by one that was away', async () => {
  const many = Array.from({ length: 2_500 }, (_, index) => `p-${String(index).padStart(5, '0')}`)
  await write(many)
  const phone = await newPhone()
  await remove(many.slice(0, 40))
  await write(['last'])
  await compactFully()
  expect(await tombstones()).toBe(0)
  await sync(phone)
  expect(phone.resets.filter((each) => each === scope)).toHaveLength(2) // its first time, and now
  const [held, whole] = await copies(phone)
  expect(held).toEqual(whole)
})

test('one that was cut off in the middle of filling begins anew when tombstones were cleared meanwhile', async () => {
  const many = Array.from({ length: 1_500 }, (_, index) => `p-${String(index).padStart(5, '0')}`)
  await write(many)
  const phone = new RealPhone(linXiao, () => server.clock.now)
  await phone.start()
  const session = await server.sessions.begin(linXiao)
  if (session === undefined) throw new Error('she is nobody here')
  phone.connect(server.app, session)
  await phone.exchangeOnce()
  const begun = namesOn(phone).length
  expect(begun).toBeGreaterThan(0)
  expect(begun).toBeLessThan(many.length)
  await remove(many.slice(0, 10))
  await compactFully()
  await sync(phone)
  const [held, whole] = await copies(phone)
  expect(held).toEqual(whole)
})

test('no more than some hundreds at once', async () => {
  const many = Array.from({ length: 700 }, (_, index) => `p-${String(index).padStart(5, '0')}`)
  await write(many)
  await remove(many)
  await compact()
  pass(tombstonesMs)
  const cleared = [await compact(), await compact(), await compact(), await compact()]
  expect(cleared).toEqual([300, 300, 100, 0])
})

type Step =
  | { do: 'write' | 'remove'; key: string }
  | { do: 'sync'; who: 0 | 1 }
  | { do: 'compact'; days: number }
const key = fc.constantFrom('a', 'b', 'c', 'd')
const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 3, arbitrary: fc.record({ do: fc.constantFrom('write' as const, 'remove' as const), key }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('sync' as const), who: fc.constantFrom(0, 1) }) },
  {
    weight: 3,
    arbitrary: fc.record({ do: fc.constant('compact' as const), days: fc.constantFrom(0, 10, 31) }),
  },
)

test('however long a phone is away, and whatever is deleted and cleared, it ends as the server is', () =>
  fc.assert(
    fc.asyncProperty(fc.array(step, { minLength: 5, maxLength: 25 }), async (steps) => {
      const phones = [await newPhone(), await newPhone()] as const
      let turn = 0
      for (const each of steps) {
        if ('who' in each) await sync(phones[each.who])
        else if ('key' in each && each.do === 'write') await write([each.key], String(++turn))
        else if ('key' in each) await remove([each.key])
        else {
          pass(each.days * day)
          await compact()
        }
      }
      for (const phone of phones) {
        await sync(phone)
        const [held, whole] = await copies(phone)
        expect(held).toEqual(whole)
      }
    }),
    { numRuns: Number(process.env.RUNS ?? 12) },
  ))

test('who asks while deletions are being cleared begins that scope anew, and keeps nothing that was deleted', async () => {
  await write(['a', 'b', 'c'])
  const store = syncStore(server.database)
  const heads = await store.heads([scope])
  const known = heads.get(scope)
  if (known === undefined) throw new Error('the branch has no head')
  await remove(['b'])
  const authority = await loadAuthority(server.database.pool, linXiao, server.clock.now)
  const feeds: Feeds = {
    async heads(scopes) {
      const before = await store.heads(scopes)
      await compactFully() // between the two questions of one answer
      return before
    },
    feed: async (asked) => (await store.feeds([asked]))[0] ?? { floor: 0, rows: [] },
  }
  const news = (await pull(feeds, authority, { [scope]: { epoch: known.epoch, seq: known.seq } }))[scope]
  expect(await tombstones()).toBe(0)
  if (news?.is !== 'rows') throw new Error('nothing came')
  expect(news).toMatchObject({ isReset: true, from: 0, floor: known.seq + 1 })
  const names = news.rows.filter(([type]) => type === 'person').map(([, key]) => key)
  expect(names).toEqual(expect.arrayContaining(['a', 'c']))
  expect(names).not.toContain('b')
})
