import type { KeyValueStore } from '#sync/key-value-store'

/** A store, and the ways in which a phone can let it down. `reopened` is the same store as the app
 *  finds it at its next start. */
export interface StoreUnderTest {
  readonly store: KeyValueStore
  reopened(): Promise<KeyValueStore>
  /** From now on there is no room for anything more. */
  fill(): void | Promise<void>
  /** From now on every call fails. */
  breakDown(): void | Promise<void>
  mend(): void | Promise<void>
}

/** What is kept is never empty: every entry carries its length and checksum. */
const values = {
  'a plain word': 'recorded',
  Chinese: '已记录在本机，联网后自动上传',
  'an emoji of two units': '🧧签到🎋',
  'a family of joined emoji': '👩‍👩‍👧‍👦',
  'what looks like JSON': '{"a":[1,"\\u4e2d",null]}',
  'what looks like a number': '0042',
  'line ends, quotes and a zero': 'a\r\nb"\'\\\u0000c',
  '64 KB of Chinese': '学'.repeat(64 * 1024),
}

const awkwardKeys = [
  'p/lin-xiao/c/branch:b-1/p/12',
  'a:b:c',
  'sp ace',
  '键',
  'p/',
  '__proto__',
  'constructor',
]

/** The promise of {@link KeyValueStore}, whatever it is made of. Errors are told apart by name: a
 *  store may live in another realm than the test. */
export function keepsTheKeyValueContract(makeStore: () => Promise<StoreUnderTest>): void {
  let under: StoreUnderTest
  let store: KeyValueStore
  beforeEach(async () => {
    under = await makeStore()
    store = under.store
  })

  test.each(Object.entries(values))('keeps %s as it was, and over the next start', async (_, value) => {
    await store.set('key', value)
    expect(await store.get('key')).toBe(value)
    expect(await (await under.reopened()).get('key')).toBe(value)
  })

  test('what was never there, or was deleted, is undefined', async () => {
    expect(await store.get('nothing')).toBeUndefined()
    await store.set('key', 'value')
    await store.delete('key')
    expect(await store.get('key')).toBeUndefined()
    expect(await (await under.reopened()).get('key')).toBeUndefined()
  })

  test('deleting what is not there is no error', async () => {
    await store.delete('nothing')
    expect(await store.keys('')).toEqual([])
  })

  test('a second value takes the place of the first', async () => {
    await store.set('key', 'a long first value')
    await store.set('key', 'second')
    expect(await store.get('key')).toBe('second')
    expect(await store.keys('')).toEqual(['key'])
  })

  test.each(awkwardKeys)('the key %s is a key like any other', async (key) => {
    expect(await store.get(key)).toBeUndefined()
    await store.set(key, 'value')
    await store.set(`${key}x`, 'another')
    expect([await store.get(key), await store.get(`${key}x`)]).toEqual(['value', 'another'])
    expect((await store.keys(key)).sort()).toEqual([key, `${key}x`].sort())
    await store.delete(key)
    expect(await store.keys(key)).toEqual([`${key}x`])
  })

  test('lists the keys with a beginning, and only those', async () => {
    for (const key of ['p/a/o/1', 'p/a/o/2', 'p/a/d/1', 'p/ab/o/1', 'q']) await store.set(key, 'value')
    expect((await store.keys('p/a/o/')).sort()).toEqual(['p/a/o/1', 'p/a/o/2'])
    expect((await store.keys('p/a')).sort()).toEqual(['p/a/d/1', 'p/a/o/1', 'p/a/o/2', 'p/ab/o/1'])
    expect(await store.keys('nothing/')).toEqual([])
    expect((await store.keys('')).length).toBe(5)
  })

  test('writes to different keys at the same moment do not disturb each other', async () => {
    const keys = Array.from({ length: 20 }, (_, index) => `k/${index}`)
    await Promise.all(keys.map((key) => store.set(key, `value of ${key}`)))
    expect(await Promise.all(keys.map((key) => store.get(key)))).toEqual(keys.map((key) => `value of ${key}`))
  })

  test('when it is full it says so, and what was there is still there', async () => {
    await store.set('key', 'old')
    await under.fill()
    await expect(store.set('key', 'new '.repeat(1000))).rejects.toMatchObject({ name: 'StorageFull' })
    await expect(store.set('another', 'new '.repeat(1000))).rejects.toMatchObject({ name: 'StorageFull' })
    expect(await store.get('key')).toBe('old')
    expect(await store.get('another')).toBeUndefined()
    await store.delete('key') // making room is always possible
    expect(await store.get('key')).toBeUndefined()
  })

  test('when it fails it says so: no failed read looks like an empty one', async () => {
    await store.set('key', 'old')
    await under.breakDown()
    const broken = { name: 'StorageBroken' }
    await expect(store.get('key')).rejects.toMatchObject(broken)
    await expect(store.get('nothing')).rejects.toMatchObject(broken)
    await expect(store.set('key', 'new')).rejects.toMatchObject(broken)
    await expect(store.delete('key')).rejects.toMatchObject(broken)
    await expect(store.keys('')).rejects.toMatchObject(broken)
    await under.mend()
    expect(await store.get('key')).toBe('old')
  })
}
