import { audit, expectWhole } from '../support/crowd-audit'
import { underKills } from '../support/killed-server'

/** Two servers on one database; every phone goes to the other one at each attempt, so a command whose
 *  answer died with one server is asked for at the other. */
const nodes = 2
const kills = Number(process.env.KILLS ?? 15)

jest.setTimeout(120_000 + 8_000 * kills)

test(`one of two servers killed between commit and reply, ${kills} times: nothing lost, nothing doubled`, () =>
  underKills({ nodes }, async (server) => {
    const { crowd } = server
    let [tried, counted] = [0, 0]
    while (counted < kills && tried < 10 + 1.5 * kills) {
      const { isCommitted, isAnswered } = await server.killAround({
        keepsBack: 'its-answer',
        passes: (7 * tried) % 12,
        node: tried % nodes,
      })
      await server.answeredElsewhere()
      tried += 1
      if (isCommitted && !isAnswered) counted += 1
      expect(server.problems).toEqual([])
    }
    const isSettled = await server.settle()

    const { checkIns, lost, doubled } = await audit(crowd)
    console.log(
      `SIGKILL of one of two servers: tried ${tried}, counted ${counted}, lost ${lost}, doubled ${doubled}\n` +
        `${checkIns} check-ins, ${crowd.turnedAway} attempts turned away`,
    )
    expect({ counted, isSettled, problems: server.problems }).toEqual({
      counted: kills,
      isSettled: true,
      problems: [],
    })
    await expectWhole(crowd)
  }))

test('one of two killed while COMMIT is on its way: found uncommitted, then decided by the other', () =>
  underKills({ nodes }, async (server) => {
    for (const node of [0, 1]) {
      const kill = await server.killAround({ keepsBack: 'commit', passes: 5, node })
      expect(kill).toEqual({ isCommitted: false, isAnswered: false })
      await server.answeredElsewhere()
    }
    expect(await server.settle()).toBe(true)
    expect(server.problems).toEqual([])
    await expectWhole(server.crowd)
  }))

describe('the count would notice', () => {
  test('phones that take no answer for done: lost', () =>
    underKills({ nodes, manner: 'takes-it-for-done' }, async (server) => {
      await server.killAround({ keepsBack: 'commit', passes: 3 })
      expect(await server.settle()).toBe(true)
      expect((await audit(server.crowd)).lost).toBeGreaterThan(0)
    }))

  test('phones that do it again under a new number at the other server: doubled', () =>
    underKills({ nodes, manner: 'does-it-anew' }, async (server) => {
      await server.killAround({ keepsBack: 'its-answer', passes: 3 })
      expect(await server.settle()).toBe(true)
      expect((await audit(server.crowd)).doubled).toBeGreaterThan(0)
    }))
})
