import fc from 'fast-check'
import { branchScope, memberScope } from '#domain/scopes'
import type { SyncAnswer, SyncRequest } from '#protocol/sync'
import { Replica } from '#sync/replica'
import { type ServerLink, SignedOut, Unreachable } from '#sync/server-link'
import { at, home, linXiao, TestBranch, week, zhouSecretary } from '../support/branch'
import { MemoryServer } from '../support/memory-server'
import { type MemoryStore, memoryKeyValueStore } from '../support/memory-store'

const clock = { now: at('08:26') }
beforeEach(() => {
  clock.now = at('08:26')
})

let devices = 0
const openAs = (personId: typeof linXiao, store: MemoryStore) =>
  Replica.open({
    store,
    personId,
    now: () => clock.now,
    newDevice: async () => `device${String(++devices).padStart(10, '0')}`,
  })

const checkIn = (replica: Replica) => replica.submit('check-in', branchScope(home), { week })
const ownLine = (replica: Replica) =>
  replica.get(memberScope(replica.personId), 'register-line', `${week}/${home}`)
const settle = async (replica: Replica, link: ServerLink) => {
  for (let round = 0; round < 50; round++) if (!(await replica.exchange(link))?.hasMore) return
  throw new Error('it does not come to rest')
}

async function filled() {
  const branch = new TestBranch()
  const server = new MemoryServer(branch, clock)
  const store = memoryKeyValueStore()
  const replica = await openAs(linXiao, store)
  await settle(replica, server)
  return { branch, server, store, replica }
}

test('a check-in without signal is on the disk before it is said so, survives a restart, and arrives once', async () => {
  const { branch, server, store, replica } = await filled()
  expect(await checkIn(replica)).toMatchObject({ outcome: 'recorded' })
  expect(ownLine(replica)?.standing).toBe('on-time')

  const restarted = await openAs(linXiao, store)
  expect(restarted.pending()).toHaveLength(1)
  expect(ownLine(restarted)?.standing).toBe('on-time')
  expect(branch.line(linXiao)).toBeUndefined()

  await settle(restarted, server)
  expect(restarted.pending()).toEqual([])
  expect(branch.line(linXiao)?.standing).toBe('on-time')
  await settle(restarted, server)
  expect(server.decided).toHaveLength(1)
})

test('a first copy that comes in several answers is filled with the last one, also when restarted in between', async () => {
  const server = new MemoryServer(new TestBranch(), clock)
  server.rowLimit = 1
  const store = memoryKeyValueStore()
  let replica = await openAs(linXiao, store)
  let answers = 0
  for (let hasMore: boolean | undefined = true; hasMore; answers++) {
    expect(replica.isFilled).toBe(false)
    replica = await openAs(linXiao, store)
    hasMore = (await replica.exchange(server))?.hasMore
  }
  expect(replica.isFilled).toBe(true)
  expect(answers).toBeGreaterThan(3)

  server.epoch += 1 // it began anew, and so does the copy
  await replica.exchange(server)
  expect(replica.isFilled).toBe(false)
  await settle(replica, server)
  expect(replica.isFilled).toBe(true)
})

type Weather = 'clear' | 'request lost' | 'answer lost' | 'sent twice' | 'signed out'
const through = (weather: Weather, server: ServerLink): ServerLink => ({
  async sync(request) {
    if (weather === 'request lost') throw new Unreachable('lost')
    if (weather === 'signed out') throw new SignedOut('401')
    const answer = await server.sync(request)
    if (weather === 'sent twice') await server.sync(request)
    if (weather === 'answer lost') throw new Unreachable('lost')
    return answer
  },
})

test('whatever the network does, each command is decided once and the outbox empties', () =>
  fc.assert(
    fc.asyncProperty(
      fc.array(fc.constantFrom<Weather>('clear', 'request lost', 'answer lost', 'sent twice', 'signed out'), {
        maxLength: 12,
      }),
      async (days) => {
        const { branch, server, store } = await filled()
        let replica = await openAs(linXiao, store)
        await checkIn(replica)
        for (const day of days) {
          await replica.exchange(through(day, server)).catch(() => undefined)
          replica = await openAs(linXiao, store) // and the app is ended each time
        }
        await settle(replica, server)
        expect(replica.pending()).toEqual([])
        expect(new Set(server.decided).size).toBe(server.decided.length)
        expect(branch.line(linXiao)?.standing).toBe('on-time')
        expect(ownLine(replica)).toEqual(branch.ownLine(linXiao))
      },
    ),
    { numRuns: 100 },
  ))

describe('killed at any call to storage', () => {
  // Each call in turn fails before it is done, is torn, or is done and then the app dies.
  const paths: { name: string; run: (replica: Replica, server: MemoryServer) => Promise<unknown> }[] = [
    { name: 'recording', run: (replica) => checkIn(replica) },
    { name: 'synchronising', run: (replica, server) => replica.exchange(server) },
  ]
  const ways = ['before', 'torn', 'after'] as const

  test.each(paths.flatMap((path) => ways.map((way) => ({ ...path, way }))))(
    '$name, $way',
    async ({ run, way, name }) => {
      let cases = 0
      for (let nth = 1; nth < 200; nth++) {
        const { branch, server, store, replica } = await filled()
        if (name === 'synchronising') {
          await checkIn(replica)
          server.rowLimit = 3
        }
        let calls = 0
        let isDead = false
        store.fault = (call) => {
          if (isDead) throw new Error('dead')
          calls += 1
          if (calls !== nth) return undefined
          isDead = true
          if (way === 'torn' && call === 'set') return 'torn'
          if (way !== 'after') throw new Error('killed')
          return undefined // done; the next call finds the app dead
        }
        const saidRecorded = await run(replica, server).then(
          (result) => (result as { outcome?: string } | undefined)?.outcome === 'recorded',
          () => false,
        )
        store.fault = undefined
        const isOver = calls < nth
        server.rowLimit = 1000

        const restarted = await openAs(linXiao, store)
        await settle(restarted, server)
        expect(restarted.pending()).toEqual([])
        if (saidRecorded || name === 'synchronising') expect(branch.line(linXiao)?.standing).toBe('on-time')
        expect(ownLine(restarted)).toEqual(branch.ownLine(linXiao))
        expect(new Set(server.decided).size).toBe(server.decided.length)
        if (isOver) break
        cases += 1
      }
      expect(cases).toBeGreaterThan(0)
    },
  )
})

describe('a store that fails', () => {
  test('a full phone says not saved, and nothing comes to life later', async () => {
    const { branch, server, store, replica } = await filled()
    store.room = 0
    expect(await checkIn(replica)).toEqual({ outcome: 'not-saved' })
    expect(ownLine(replica)).toBeUndefined()
    store.room = undefined
    const restarted = await openAs(linXiao, store)
    await settle(restarted, server)
    expect(branch.line(linXiao)).toBeUndefined()
    expect(restarted.deadLetters()).toEqual([])
  })

  test('copies that can be fetched again give way to what cannot', async () => {
    const branch = new TestBranch()
    const server = new MemoryServer(branch, clock)
    const store = memoryKeyValueStore()
    const replica = await openAs(zhouSecretary, store)
    await settle(replica, server)
    const used = [...store.entries].reduce((sum, [key, value]) => sum + key.length + value.length, 0)
    store.room = used + 20
    expect(await checkIn(replica)).toMatchObject({ outcome: 'recorded' })
    expect(replica.pending()).toHaveLength(1)
  })

  test('one that cannot be read is trouble, never an empty outbox', async () => {
    const { store, replica } = await filled()
    await checkIn(replica)
    store.fault = (call) => {
      if (call === 'get') throw new Error('EIO')
      return undefined
    }
    await expect(openAs(linXiao, store)).rejects.toThrow('EIO')
    store.fault = undefined
    expect((await openAs(linXiao, store)).pending()).toHaveLength(1)
  })

  test('a rotten command is kept aside, told, and the next one passes', async () => {
    const { branch, server, store, replica } = await filled()
    await replica.submit('ask-leave', branchScope(home), { week, kind: 'sick', note: '' })
    await checkIn(replica)
    const key = [...store.entries.keys()].find((each) => each.endsWith('o/1')) ?? ''
    store.entries.set(key, `${store.entries.get(key)?.slice(0, -3)}#}}`)

    const restarted = await openAs(linXiao, store)
    await settle(restarted, server)
    expect(branch.line(linXiao)?.standing).toBe('on-time')
    expect(restarted.deadLetters().map(({ refusal }) => refusal?.code)).toEqual(['unreadable-on-device'])
    expect([...store.entries.keys()].some((each) => each.includes('x/o/1'))).toBe(true)
  })

  test('a rotten page is fetched anew', async () => {
    const { server, store } = await filled()
    for (const [key, value] of store.entries)
      if (key.includes('/p/')) store.entries.set(key, value.slice(0, -9))
    const restarted = await openAs(linXiao, store)
    expect(restarted.isFilled).toBe(false)
    await settle(restarted, server)
    expect(restarted.isFilled).toBe(true)
  })

  test('one rotten meta slot leaves the other', async () => {
    const { server, store, replica } = await filled()
    await checkIn(replica)
    await settle(replica, server)
    const device = new Set(server.decided.map((each) => each.split('.')[0]))
    const newest = [...store.entries.keys()].filter((key) => /\/m\/[01]$/.test(key)).at(-1) ?? ''
    store.entries.set(newest, 'rot')
    const restarted = await openAs(linXiao, store)
    await settle(restarted, server)
    expect(new Set(server.decided.map((each) => each.split('.')[0]))).toEqual(device)
  })
})

test('a refusal reaches the tray of who was told it was recorded, and stays until dismissed', async () => {
  const { server, store, replica } = await filled()
  expect(await checkIn(replica)).toMatchObject({ outcome: 'recorded' })
  clock.now = at('07:00') // the phone's clock was wrong: the study has not opened
  await settle(replica, server)
  expect(replica.deadLetters()[0]?.refusal).toMatchObject({ code: 'not-open-yet' })
  expect(ownLine(replica)).toBeUndefined()

  const restarted = await openAs(linXiao, store)
  expect(restarted.deadLetters()).toHaveLength(1)
  await restarted.dismiss(restarted.deadLetters()[0]?.command.id ?? 0)
  expect((await openAs(linXiao, store)).deadLetters()).toEqual([])
})

test('the rule answers at once; a phone with a wrong clock may still ask the server', async () => {
  const { branch, server, replica } = await filled()
  clock.now = at('07:00')
  expect(await checkIn(replica)).toEqual({
    outcome: 'refused',
    refusal: { code: 'not-open-yet', opensAt: at('08:15') },
  })
  expect(replica.pending()).toEqual([])
  await replica.submit('check-in', branchScope(home), { week }, { regardless: true })
  clock.now = at('08:20')
  await settle(replica, server)
  expect(branch.line(linXiao)?.standing).toBe('on-time')
})

test('an answer to an older question is ignored', async () => {
  const { branch, server, replica } = await filled()
  let stale: SyncAnswer | undefined
  await replica
    .exchange({
      async sync(request) {
        branch.enrol(linXiao)
        stale = await server.sync({ ...request, pull: {} })
        throw new Unreachable('late')
      },
    })
    .catch(() => undefined)
  await checkIn(replica)
  await settle(replica, server)
  const before = ownLine(replica)
  const news = Object.entries(stale?.scopes ?? {}).map(([scope, each]) => [
    scope,
    each.is === 'rows' ? { ...each, isReset: false, from: 0 } : each,
  ])
  await replica.exchange({
    sync: async () => ({ ...stale, last: 1, outcomes: [], scopes: Object.fromEntries(news) }) as SyncAnswer,
  })
  expect(ownLine(replica)).toEqual(before)
})

test('losing a scope takes its copy away and never the outbox', async () => {
  const branch = new TestBranch()
  const server = new MemoryServer(branch, clock)
  const store = memoryKeyValueStore()
  const replica = await openAs(zhouSecretary, store)
  await settle(replica, server)
  clock.now = at('09:00')
  await replica.submit('record-attendance', branchScope(home), {
    week,
    memberId: linXiao,
    standing: 'late',
    version: 0,
  })
  branch.enrol(zhouSecretary, {}, []) // the appointment has ended
  await settle(replica, server)
  expect(replica.list(`review:${home}`, 'membership', '')).toEqual([])
  expect([...store.entries.keys()].filter((key) => key.includes('review:'))).toEqual([])
  expect(replica.deadLetters().map(({ refusal }) => refusal?.code)).toEqual(['not-allowed'])
})

test('a server that went back to a backup is told again what it forgot', async () => {
  const { server, store, replica } = await filled()
  await checkIn(replica)
  await settle(replica, server)
  const restoredBranch = new TestBranch()
  const restored = new MemoryServer(restoredBranch, clock)
  restored.epoch = 2
  const restarted = await openAs(linXiao, store)
  await settle(restarted, restored)
  expect(restoredBranch.line(linXiao)?.standing).toBe('on-time')
  expect(ownLine(restarted)).toEqual(restoredBranch.ownLine(linXiao))
})

test('what a restored server refuses by an old request, having accepted it, is told once, and not again once read', async () => {
  const { server, store, replica } = await filled()
  const requests: SyncRequest[] = []
  const listening: ServerLink = {
    sync: (request) => {
      requests.push(request)
      return server.sync(request)
    },
  }
  await checkIn(replica)
  await settle(replica, listening)
  const old = requests.find(({ push }) => push.length > 0)
  if (old === undefined) throw new Error('nothing was sent')

  const restoredWithout = (epoch: number) => {
    const branch = new TestBranch()
    branch.enrol(linXiao, { spells: [] }) // who joined after the backup was taken
    const restored = new MemoryServer(branch, clock)
    restored.epoch = epoch
    return restored
  }
  const restored = restoredWithout(2)
  await restored.sync(old) // hours late
  await settle(replica, restored)
  expect(replica.deadLetters().map(({ command }) => command.command)).toEqual(['check-in@1'])

  await replica.dismiss(1)
  await settle(replica, restoredWithout(3))
  expect((await openAs(linXiao, store)).deadLetters()).toEqual([])
})

test('more than a request holds is asked about again in turns, to the last', async () => {
  const { server, replica } = await filled()
  for (let done = 0; done < 60; done++)
    await replica.submit('check-in', branchScope(home), { week }, { regardless: true })
  await settle(replica, server)
  server.epoch = 2
  const asked: number[] = []
  await settle(replica, {
    sync: (request) => {
      asked.push(...request.push.map(({ id }) => id))
      return server.sync(request)
    },
  })
  expect(asked).toEqual(Array.from({ length: 60 }, (_, index) => index + 1))
})

test('no number is given out twice, though what had it is gone and the app ends while it asks again', async () => {
  const { server, store, replica } = await filled()
  await replica.submit('check-in', branchScope(home), { week: '2024-W01' }, { regardless: true }) // refused
  await checkIn(replica)
  await settle(replica, server)
  expect(replica.deadLetters()).toHaveLength(1)
  clock.now += 15 * 86_400_000
  await settle(replica, server) // the commands are forgotten, the letter is not
  server.epoch = 2
  await replica.exchange(server)
  const restarted = await openAs(linXiao, store)
  expect(await restarted.submit('check-in', branchScope(home), { week }, { regardless: true })).toMatchObject(
    { id: 3 },
  )
})

describe('a number is not given out again when one half of the meta is gone', () => {
  const refusedLate = { week: '2024-W01' }
  const submit = (replica: Replica, args = { week }) =>
    replica.submit('check-in', branchScope(home), args, { regardless: true })
  const slots = [0, 1].map((slot) => ({ slot, key: `p/${linXiao}/m/${slot}` }))

  test.each(slots)('what had it was told and put away, slot $slot', async ({ key }) => {
    const { server, store, replica } = await filled()
    await submit(replica, refusedLate)
    await settle(replica, server)
    await replica.dismiss(1)
    store.entries.delete(key)
    expect(await submit(await openAs(linXiao, store))).toMatchObject({ id: 2 })
  })

  test.each(slots)('it was decided after a fortnight without signal, slot $slot', async ({ key }) => {
    const { server, store, replica } = await filled()
    await submit(replica)
    clock.now += 15 * 86_400_000
    await settle(replica, server)
    store.entries.delete(key)
    expect(await submit(await openAs(linXiao, store))).toMatchObject({ id: 2 })
  })

  test('what is settled long ago goes with the next write', async () => {
    const { server, store, replica } = await filled()
    await submit(replica)
    clock.now += 15 * 86_400_000
    await settle(replica, server)
    clock.now += 600_000
    await settle(replica, server)
    expect([...store.entries.keys()].filter((key) => key.includes('/o/'))).toEqual([])
  })
})

test('a number is not given out again when the app died between the letter and the meta', async () => {
  const { server, store, replica } = await filled()
  await replica.submit('check-in', branchScope(home), { week: '2024-W01' }, { regardless: true })
  const before = [0, 1].map((slot) => `p/${linXiao}/m/${slot}`).map((key) => [key, store.entries.get(key)])
  await settle(replica, server)
  for (const [key = '', entry] of before) {
    if (entry === undefined) store.entries.delete(key)
    else store.entries.set(key, entry)
  }
  const restarted = await openAs(linXiao, store)
  await restarted.dismiss(1) // without signal
  expect(await (await openAs(linXiao, store)).submit('check-in', branchScope(home), { week })).toMatchObject({
    id: 2,
  })
})

test('two people on one phone have two outboxes', async () => {
  const { server, store, replica } = await filled()
  await checkIn(replica)
  const other = await openAs(zhouSecretary, store)
  await settle(other, server)
  expect(other.pending()).toEqual([])
  expect(server.decided).toEqual([])
  expect((await openAs(linXiao, store)).pending()).toHaveLength(1)
})
