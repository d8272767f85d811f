import { memberScope, reviewScope } from '#domain/scopes'
import { elsewhere, home } from '../support/branch'
import { KilledServer } from '../support/killed-server'
import type { Manner } from '../support/patient-phone'

/** Only the server's process is killed and PostgreSQL lives on: what it has committed it keeps,
 *  with or without fsync, which the tests' PostgreSQL does without. */
const kills = Number(process.env.KILLS ?? 100)

jest.setTimeout(120_000 + 5_000 * kills)

async function underCheckIns(
  { weeks, manner }: { weeks: number; manner?: Manner },
  work: (server: KilledServer) => Promise<void>,
): Promise<void> {
  const server = await KilledServer.prepare(weeks, manner)
  try {
    await work(server)
  } finally {
    await server.close()
  }
}

const problemsOf = ({ phones, process: { complaints } }: KilledServer) => [
  ...phones.flatMap((phone) => phone.problems),
  ...complaints,
]

/** What the phones did, held against what PostgreSQL has of it. */
async function audit({ phones, database }: KilledServer) {
  const { rows: lines } = await database.pool.query<{ name: string }>(
    `SELECT scope || ' ' || key AS name FROM rows WHERE type = 'register-line'`,
  )
  const { rows: devices } = await database.pool.query<{ device: string; last: number }>(
    'SELECT device, last FROM devices',
  )
  // Each record there is written once and has a number of its scope: a second writing of one
  // leaves a number without a record.
  const { rows: scopes } = await database.pool.query<{ overwritten: number }>(
    `SELECT scopes.head - count(rows.scope) AS overwritten
      FROM scopes LEFT JOIN rows ON rows.scope = scopes.scope
      WHERE scopes.scope LIKE 'member:%' OR scopes.scope LIKE 'review:%' GROUP BY scopes.scope`,
  )
  const kept = new Set(lines.map(({ name }) => name))
  const lastOf = new Map(devices.map(({ device, last }) => [device, last]))
  let [checkIns, lost, doubled] = [0, 0, 0]
  for (const { who, branch, device, weeks } of phones) {
    const isKept = (week: string) =>
      kept.has(`${memberScope(who)} ${week}/${branch}`) && kept.has(`${reviewScope(branch)} ${week}/${who}`)
    checkIns += weeks.length
    lost += weeks.filter((week) => !isKept(week)).length
    doubled += Math.max((lastOf.get(device) ?? 0) - weeks.length, 0)
  }
  for (const { overwritten } of scopes) doubled += overwritten
  return { checkIns, lost, doubled }
}

test(`SIGKILL between commit and reply, ${kills} times: nothing lost, nothing doubled`, () =>
  underCheckIns({ weeks: 200 + 3 * kills }, async (server) => {
    const { phones, database } = server
    let [tried, counted] = [0, 0]
    while (counted < kills && tried < 10 + 1.5 * kills) {
      const { isCommitted, isAnswered } = await server.killAround('its-answer', (7 * tried) % 12)
      tried += 1
      if (isCommitted && !isAnswered) counted += 1
      expect(problemsOf(server)).toEqual([])
    }
    const isSettled = await server.settle()

    const { checkIns, lost, doubled } = await audit(server)
    const attempts = phones.reduce((sum, phone) => sum + phone.attempts, 0)
    const starts = [...server.process.startMs].sort((a, b) => a - b)
    console.log(
      `SIGKILL between commit and reply: tried ${tried}, counted ${counted}, lost ${lost}, doubled ${doubled}\n` +
        `${checkIns} check-ins, ${attempts} attempts to send, median start ${starts[tried >> 1]?.toFixed(0)} ms`,
    )
    expect({ counted, isSettled, lost, doubled, problems: problemsOf(server) }).toEqual({
      counted: kills,
      isSettled: true,
      lost: 0,
      doubled: 0,
      problems: [],
    })

    // Every command was answered to its phone, once and for all, and the phone's copy is whole.
    for (const phone of phones) {
      const outcomes = phone.weeks.map((_, index) => [index + 1, 'accepted'])
      expect([...phone.answered].sort(([a], [b]) => a - b)).toEqual(outcomes)
      expect([...phone.lines].sort()).toEqual(phone.weeks.map((week) => [week, 1]))
    }
    const devices = await database.query.selectFrom('devices').select(['device', 'last']).execute()
    expect(new Map(devices.map(({ device, last }) => [device, last]))).toEqual(
      new Map(phones.map(({ device, weeks }) => [device, weeks.length])),
    )
    // Every check-in is one line of the register, in its first version.
    const registers = await database.pool.query(
      `SELECT scope, count(*), array_agg(DISTINCT value->'version') AS versions FROM rows
        WHERE type = 'register-line' AND value->>'via' = 'own' AND scope LIKE 'review:%'
        GROUP BY scope ORDER BY scope`,
    )
    const sentTo = (branch: typeof home) =>
      phones.reduce((sum, phone) => sum + (phone.branch === branch ? phone.weeks.length : 0), 0)
    expect(registers.rows).toEqual(
      [home, elsewhere].map((id) => ({ scope: reviewScope(id), count: sentTo(id), versions: [1] })),
    )
    const misnumbered = await database.pool.query(
      `SELECT scopes.scope FROM scopes JOIN rows ON rows.scope = scopes.scope GROUP BY scopes.scope
        HAVING max(rows.seq) <> scopes.head OR count(DISTINCT rows.seq) <> count(*)`,
    )
    expect(misnumbered.rows).toEqual([])
    expect(await database.query.selectFrom('set_aside').selectAll().execute()).toEqual([])
  }))

test('SIGKILL while COMMIT is on its way to PostgreSQL: found uncommitted, not counted, nothing lost', () =>
  underCheckIns({ weeks: 200 }, async (server) => {
    for (const passes of [0, 5]) {
      expect(await server.killAround('commit', passes)).toEqual({ isCommitted: false, isAnswered: false })
    }
    expect(await server.settle()).toBe(true)
    expect(await audit(server)).toMatchObject({ lost: 0, doubled: 0 })
    expect(problemsOf(server)).toEqual([])
  }))

describe('the count would notice', () => {
  test('a phone that takes no answer for done: lost', () =>
    underCheckIns({ weeks: 2000, manner: 'takes-it-for-done' }, async (server) => {
      await server.killAround('commit', 3)
      expect(await server.settle()).toBe(true)
      expect((await audit(server)).lost).toBeGreaterThan(0)
    }))

  test('a phone that does it again under a new number: doubled', () =>
    underCheckIns({ weeks: 200, manner: 'does-it-anew' }, async (server) => {
      expect(await server.killAround('its-answer', 3)).toEqual({ isCommitted: true, isAnswered: false })
      expect(await server.settle()).toBe(true)
      const { lost, doubled } = await audit(server)
      expect(lost).toBe(0)
      expect(doubled).toBeGreaterThan(0)
    }))
})
