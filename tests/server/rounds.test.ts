import { answered, type Ended, QueueFull, Rounds } from '#server/rounds'

/** Rounds that end when the test says so. */
function heldRounds(limits = { most: 3, room: 5 }) {
  const begun: { asks: readonly number[]; end(ends: Ended<number>[]): void; fail(error: Error): void }[] = []
  const rounds = new Rounds<number, number>(
    (asks) => new Promise((resolve, reject) => begun.push({ asks, end: resolve, fail: reject })),
    limits,
  )
  return { rounds, begun }
}

const turn = () => new Promise((resolve) => setImmediate(resolve))
const doubled = (asks: readonly number[]) => asks.map((ask) => answered(2 * ask))

test('what is asked at once makes one round, and what comes meanwhile the next, no larger than allowed', async () => {
  const { rounds, begun } = heldRounds()
  const asked = [1, 2].map((ask) => rounds.ask(ask))
  await turn()
  expect(begun.map(({ asks }) => asks)).toEqual([[1, 2]])
  const later = [3, 4, 5, 6].map((ask) => rounds.ask(ask))
  await turn()
  expect(begun).toHaveLength(1) // one at a time
  begun[0]?.end(doubled([1, 2]))
  expect(await Promise.all(asked)).toEqual([2, 4])
  await turn()
  begun[1]?.end(doubled([3, 4, 5]))
  await turn()
  begun[2]?.end(doubled([6]))
  expect(await Promise.all(later)).toEqual([6, 8, 10, 12])
  expect(begun.map(({ asks }) => asks)).toEqual([[1, 2], [3, 4, 5], [6]])
})

test('one may fail without the others, and a round as a whole', async () => {
  const { rounds, begun } = heldRounds()
  const [good, bad] = [1, 2].map((ask) => rounds.ask(ask))
  await turn()
  begun[0]?.end([answered(1), { error: new Error('bad') }])
  expect(await good).toBe(1)
  await expect(bad).rejects.toThrow('bad')
  const next = rounds.ask(3)
  await turn()
  begun[1]?.fail(new Error('lost'))
  await expect(next).rejects.toThrow('lost')
  const after = rounds.ask(4)
  await turn()
  begun[2]?.end([answered(4)])
  expect(await after).toBe(4)
})

test('more than there is room for are turned away at once', async () => {
  const { rounds, begun } = heldRounds()
  const asked = [1, 2, 3].map((ask) => rounds.ask(ask))
  await turn()
  const waiting = [4, 5, 6, 7, 8].map((ask) => rounds.ask(ask))
  await expect(rounds.ask(9)).rejects.toBeInstanceOf(QueueFull)
  begun[0]?.end(doubled([1, 2, 3]))
  expect(await Promise.all(asked)).toEqual([2, 4, 6])
  await turn()
  begun[1]?.end(doubled([4, 5, 6]))
  await turn()
  begun[2]?.end(doubled([7, 8]))
  expect(await Promise.all(waiting)).toEqual([8, 10, 12, 14, 16])
})
