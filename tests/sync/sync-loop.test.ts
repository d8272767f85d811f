import { StorageFull } from '#sync/key-value-store'
import type { Replica } from '#sync/replica'
import { Overloaded, type ServerLink, SignedOut, Unreachable } from '#sync/server-link'
import { type Connection, SyncLoop } from '#sync/sync-loop'

const link: ServerLink = { sync: () => Promise.reject(new Error('the loop talks through the replica')) }

function loopOver(answers: (() => Promise<{ nextPollMs: number; hasMore: boolean }>)[], random = 0.5) {
  const waits: number[] = []
  const connections: Connection[] = []
  let timer: (() => void) | undefined
  const replica = {
    exchange: () => (answers.shift() ?? (() => Promise.resolve({ nextPollMs: 25_000, hasMore: false })))(),
  }
  const loop = new SyncLoop({
    replica: replica as unknown as Replica, // the loop uses nothing else of it
    link,
    onConnection: (connection) => connections.push(connection),
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
  const settle = () => new Promise((resolve) => setTimeout(resolve, 0))
  const tick = async () => {
    timer?.()
    await settle()
  }
  return { loop, waits, connections, tick, settle }
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

test('asks often while somebody watches, at once when there is more, and not at all asleep', async () => {
  const { loop, waits, settle, tick } = loopOver([
    quiet,
    quiet,
    () => Promise.resolve({ nextPollMs: 25_000, hasMore: true }),
  ])
  loop.wake()
  await settle()
  const stop = loop.watch()
  await settle()
  stop()
  await tick()
  await tick()
  expect(waits).toEqual([25_000, 3_000, 0, 25_000])
  loop.sleep()
  loop.now()
  await settle()
  expect(waits).toHaveLength(4)
})
