import { audit, expectWhole } from '../support/crowd-audit'
import { underKills } from '../support/killed-server'

/** Only the server's process is killed and PostgreSQL lives on: what it has committed it keeps,
 *  with or without fsync, which the tests' PostgreSQL does without. */
const kills = Number(process.env.KILLS ?? 40)

jest.setTimeout(120_000 + 5_000 * kills)

test(`SIGKILL between commit and reply, ${kills} times: nothing lost, nothing doubled`, () =>
  underKills({}, async (server) => {
    const { crowd } = server
    let [tried, counted] = [0, 0]
    while (counted < kills && tried < 10 + 1.5 * kills) {
      const moment = { keepsBack: 'its-answer', passes: (7 * tried) % 12 } as const
      const { isCommitted, isAnswered } = await server.killAround(moment)
      tried += 1
      if (isCommitted && !isAnswered) counted += 1
      expect(server.problems).toEqual([])
    }
    const isSettled = await server.settle()

    const { checkIns, lost, doubled } = await audit(crowd)
    const attempts = crowd.phones.reduce((sum, phone) => sum + phone.attempts, 0)
    const { startMs } = server
    console.log(
      `SIGKILL between commit and reply: tried ${tried}, counted ${counted}, lost ${lost}, doubled ${doubled}\n` +
        `${checkIns} check-ins, ${attempts} attempts to send, median start ${startMs[startMs.length >> 1]?.toFixed(0)} ms`,
    )
    expect({ counted, isSettled }).toEqual({ counted: kills, isSettled: true })
    expect({ problems: server.problems, turnedAway: crowd.turnedAway }).toEqual({
      problems: [],
      turnedAway: 0,
    })
    await expectWhole(crowd)
  }))

test('SIGKILL while COMMIT is on its way to PostgreSQL: found uncommitted, not counted, nothing lost', () =>
  underKills({}, async (server) => {
    for (const passes of [0, 5]) {
      const kill = await server.killAround({ keepsBack: 'commit', passes })
      expect(kill).toEqual({ isCommitted: false, isAnswered: false })
    }
    expect(await server.settle()).toBe(true)
    expect(server.problems).toEqual([])
    await expectWhole(server.crowd)
  }))

describe('the count would notice', () => {
  test('a phone that takes no answer for done: lost', () =>
    underKills({ manner: 'takes-it-for-done' }, async (server) => {
      await server.killAround({ keepsBack: 'commit', passes: 3 })
      expect(await server.settle()).toBe(true)
      expect((await audit(server.crowd)).lost).toBeGreaterThan(0)
    }))

  test('a phone that does it again under a new number: doubled', () =>
    underKills({ manner: 'does-it-anew' }, async (server) => {
      const kill = await server.killAround({ keepsBack: 'its-answer', passes: 3 })
      expect(kill).toEqual({ isCommitted: true, isAnswered: false })
      expect(await server.settle()).toBe(true)
      const { lost, doubled } = await audit(server.crowd)
      expect(lost).toBe(0)
      expect(doubled).toBeGreaterThan(0)
    }))
})
