import { StorageFull } from '#sync/key-value-store'
import type { Replica } from '#sync/replica'
import { type LiveLink, Overloaded, SignedOut, Unreachable } from '#sync/server-link'
import { type Connection, SyncLoop } from '#sync/sync-loop'

interface AskedWatch {
  readonly scopes: object
  answer(isChanged: boolean): Promise<void>
  fail(error: Error): Promise<void>
}

function loopOver(answers: (() => Promise<{ nextPollMs: number; hasMore: boolean }>)[], random = 0.5) {
  const waits: number[] = []
  const connections: Connection[] = []
  const watches: AskedWatch[] = []
  const clock = { now: 1_000_000 }
  const cursors = { 'branch:home': { epoch: 1, seq: 1 } }
  let rounds = 0
  let timer: (() => void) | undefined
  const settle = () => new Promise<void>((resolve) => setTimeout(resolve, 0))
  const replica = {
    exchange: () => {
      rounds += 1
      return (answers.shift() ?? quiet)()
    },
    get cursors() {
      return structuredClone(cursors)
    },
  }
  const link: LiveLink = {
    sync: () => Promise.reject(new Error('the loop talks through the replica')),
    watch: (scopes) =>
      new Promise((resolve, reject) => {
        const then = (act: () => void) => {
          act()
          return settle()
        }
        watches.push({
          scopes,
          answer: (isChanged) => then(() => resolve(isChanged)),
          fail: (error) => then(() => reject(error)),
        })
      }),
  }
  const loop = new SyncLoop({
    replica: replica as unknown as Replica, // the loop uses nothing else of it
    link,
    onConnection: (connection) => connections.push(connection),
    now: () => clock.now,
    random: () => random,
    setTimer: (work, delayMs) => {
      waits.push(delayMs)
      timer = work
      return work
    },
    clearTimer: () => {
      timer = undefined
    },
  })
  const tick = async () => {
    timer?.()
    await settle()
  }
  const woken = async () => {
    loop.wake()
    await settle()
  }
  /** Somebody looks, and the server keeps their request. */
  const watched = async () => {
    await woken()
    const stop = loop.watch()
    await settle()
    return stop
  }
  return {
    loop,
    waits,
    connections,
    watches,
    clock,
    cursors,
    rounds: () => rounds,
    isAtRest: () => timer === undefined,
    tick,
    settle,
    woken,
    watched,
  }
}
const fails = (error: Error) => () => Promise.reject(error)
const quiet = () => Promise.resolve({ nextPollMs: 25_000, hasMore: false })

test('after failures it waits longer, at random under a ceiling, and says offline', async () => {
  const { loop, waits, connections, tick, settle } = loopOver(
    Array.from({ length: 9 }, () => fails(new Unreachable('x'))),
  )
  loop.wake()
  await settle()
  for (let round = 0; round < 8; round++) await tick()
  expect(waits).toEqual([1000, 2000, 4000, 8000, 16000, 30000, 30000, 30000, 30000])
  expect(new Set(connections)).toEqual(new Set(['offline']))
})

test('it comes back when the server says so', async () => {
  const { loop, waits, settle } = loopOver([fails(new Overloaded(7_300))])
  loop.wake()
  await settle()
  expect(waits).toEqual([7_300])
})

test('signed out it stops asking; a full phone is said', async () => {
  const signedOut = loopOver([fails(new SignedOut('x'))])
  signedOut.loop.wake()
  await signedOut.settle()
  expect(signedOut.waits).toEqual([])
  expect(signedOut.connections).toEqual(['signed-out'])
  const full = loopOver([fails(new StorageFull('x'))])
  full.loop.wake()
  await full.settle()
  expect(full.connections).toEqual(['storage-trouble'])
})

test('asks at once when there is more, and not at all asleep', async () => {
  const { loop, waits, settle, tick } = loopOver([
    quiet,
    () => Promise.resolve({ nextPollMs: 25_000, hasMore: true }),
  ])
  loop.wake()
  await settle()
  await tick()
  await tick()
  expect(waits).toEqual([25_000, 0, 25_000])
  loop.sleep()
  loop.now()
  await settle()
  expect(waits).toHaveLength(3)
})

describe('when the server asks for time', () => {
  test('a new record and the app that comes back wait for it, and then it is sent', async () => {
    const { loop, waits, clock, rounds, settle, tick, woken } = loopOver([fails(new Overloaded(7_000))])
    await woken()
    clock.now += 2_000
    loop.now()
    await settle()
    loop.sleep()
    clock.now += 1_000
    await woken()
    expect(rounds()).toBe(1)
    expect(waits).toEqual([7_000, 5_000, 4_000])
    clock.now += 4_000
    await tick()
    expect(rounds()).toBe(2)
    loop.now()
    await settle()
    expect(rounds()).toBe(3)
  })

  test('what is recorded while it says so waits too', async () => {
    let answer: (error: Error) => void = () => undefined
    const busy = () => new Promise<never>((_, reject) => (answer = reject))
    const { loop, waits, settle, woken } = loopOver([busy])
    await woken()
    loop.now()
    answer(new Overloaded(7_000))
    await settle()
    expect(waits).toEqual([7_000])
  })

  test('a round that has come through ends it, whatever the phone’s clock says', async () => {
    const { loop, rounds, settle, tick, woken } = loopOver([fails(new Overloaded(7_000))])
    await woken()
    await tick()
    loop.now()
    await settle()
    expect(rounds()).toBe(3)
  })

  test('a phone whose clock was set back meanwhile does not wait for days', async () => {
    const { loop, clock, rounds, settle, woken } = loopOver([fails(new Overloaded(7_000))])
    await woken()
    clock.now -= 86_400_000
    loop.now()
    await settle()
    expect(rounds()).toBe(2)
  })
})

describe('while somebody watches', () => {
  test('one request waits at the server, with what the phone has, and the usual pace is enough', async () => {
    const { watches, waits, watched, tick, loop, settle } = loopOver([])
    await watched()
    loop.watch()
    await settle()
    await tick()
    expect(watches.map(({ scopes }) => scopes)).toEqual([{ 'branch:home': { epoch: 1, seq: 1 } }])
    expect(waits).toEqual([25_000, 25_000, 25_000, 25_000])
  })

  test('nothing is asked before the first round has come through, and nothing when nobody looks', async () => {
    const { watches, tick, watched } = loopOver([fails(new Unreachable('x')), fails(new Unreachable('x'))])
    await watched()
    expect(watches).toHaveLength(0)
    await tick()
    expect(watches).toHaveLength(1)
    const unwatched = loopOver([])
    await unwatched.woken()
    await unwatched.tick()
    expect(unwatched.watches).toHaveLength(0)
  })

  test('told of something new it fetches at once, and waits again', async () => {
    const { watches, rounds, watched } = loopOver([])
    await watched()
    const before = rounds()
    await watches[0]?.answer(true)
    expect(rounds()).toBe(before + 1)
    expect(watches).toHaveLength(2)
  })

  test('told that nothing is new it waits again, and fetches nothing', async () => {
    const { watches, rounds, watched } = loopOver([])
    await watched()
    const before = rounds()
    await watches[0]?.answer(false)
    expect(rounds()).toBe(before)
    expect(watches).toHaveLength(2)
  })

  test('told of what a round has fetched since, it only waits again', async () => {
    const { watches, rounds, cursors, tick, watched } = loopOver([])
    await watched()
    cursors['branch:home'].seq = 2 // its own record, come back
    await tick()
    const before = rounds()
    await watches[0]?.answer(true)
    expect(rounds()).toBe(before)
    expect(watches.map(({ scopes }) => scopes).at(-1)).toEqual({ 'branch:home': { epoch: 1, seq: 2 } })
  })

  test('told during a round it asks again after it: what the round saw may be older', async () => {
    let finish: () => void = () => undefined
    const slow = () =>
      new Promise<{ nextPollMs: number; hasMore: boolean }>((resolve) => {
        finish = () => resolve({ nextPollMs: 25_000, hasMore: false })
      })
    const { loop, watches, waits, rounds, settle, watched } = loopOver([quiet, quiet, slow])
    await watched()
    loop.now()
    await watches[0]?.answer(true)
    expect([rounds(), watches.length]).toEqual([3, 1])
    finish()
    await settle()
    expect([rounds(), watches.length, waits.at(-1)]).toEqual([3, 2, 25_000])
  })

  test('its own record is sent at once, beside the request that waits', async () => {
    const { loop, rounds, settle, watched } = loopOver([])
    await watched()
    const before = rounds()
    loop.now()
    await settle()
    expect(rounds()).toBe(before + 1)
  })

  test('a server that cannot tell is asked every three seconds, and to tell again later and later', async () => {
    const { watches, waits, clock, tick, watched } = loopOver([])
    await watched()
    await watches[0]?.fail(new Unreachable('x'))
    expect(waits.at(-1)).toBe(3_000)
    clock.now += 999 // of the 1,000 it waits before it tries again
    await tick()
    expect([waits.at(-1), watches.length]).toEqual([3_000, 1])
    clock.now += 1
    await tick()
    expect([waits.at(-1), watches.length]).toEqual([25_000, 2])
    await watches[1]?.fail(new Unreachable('x'))
    clock.now += 1_999
    await tick()
    expect(watches).toHaveLength(2)
    clock.now += 1
    await tick()
    await watches[2]?.answer(false) // it can again
    expect(watches).toHaveLength(4)
    await watches[3]?.fail(new Unreachable('x'))
    clock.now += 1_000
    await tick()
    expect(watches).toHaveLength(5)
  })

  test('a server with too many waiting is asked to tell when it says so, and meanwhile as before', async () => {
    const { watches, waits, clock, tick, watched } = loopOver([])
    await watched()
    await watches[0]?.fail(new Overloaded(40_000))
    clock.now += 39_999
    await tick()
    expect([waits.at(-1), watches.length]).toEqual([3_000, 1])
    clock.now += 1
    await tick()
    expect(watches).toHaveLength(2)
  })

  test('when the last one leaves, what still waits is left alone; who comes back finds it waiting', async () => {
    const { loop, watches, rounds, settle, watched } = loopOver([])
    const stop = await watched()
    stop()
    const stopAgain = loop.watch()
    await settle()
    expect(watches).toHaveLength(1)
    stopAgain()
    const before = rounds()
    await watches[0]?.answer(true)
    expect([rounds(), watches.length]).toEqual([before, 1])
    const failing = loopOver([])
    const leave = await failing.watched()
    leave()
    await failing.watches[0]?.fail(new Unreachable('x'))
    expect(failing.waits.at(-1)).toBe(25_000)
  })

  test.each(['sleeps and wakes', 'fails to synchronise'])(
    'once the app %s, an answer to what it asked before is none',
    async (what) => {
      const { loop, watches, rounds, tick, watched, woken } = loopOver([
        quiet,
        quiet,
        ...(what === 'sleeps and wakes' ? [] : [fails(new Unreachable('x'))]),
      ])
      await watched()
      if (what === 'sleeps and wakes') loop.sleep()
      else await tick()
      await woken()
      expect(watches).toHaveLength(2)
      const before = rounds()
      await watches[0]?.answer(true)
      expect([rounds(), watches.length]).toEqual([before, 2])
      await watches[1]?.answer(true)
      expect([rounds(), watches.length]).toEqual([before + 1, 3])
    },
  )

  test('asleep or signed out nothing comes of it', async () => {
    const asleep = loopOver([])
    await asleep.watched()
    asleep.loop.sleep()
    await asleep.watches[0]?.fail(new Unreachable('x'))
    expect(asleep.isAtRest()).toBe(true)
    const signedOut = loopOver([quiet, quiet, fails(new SignedOut('x'))])
    await signedOut.watched()
    await signedOut.tick()
    const waits = signedOut.waits.length
    await signedOut.watches[0]?.fail(new SignedOut('x'))
    expect(signedOut.waits).toHaveLength(waits)
  })
})
