import { memberScope, reviewScope } from '#domain/scopes'
import { elsewhere, home } from '../support/branch'
import { KilledServer } from '../support/killed-server'

/** Only the server's process is killed and PostgreSQL lives on: what it has committed it keeps,
 *  with or without fsync, which the tests' PostgreSQL does without. */
const kills = Number(process.env.KILLS ?? 100)

jest.setTimeout(60_000 + 5_000 * kills)

let server: KilledServer
afterEach(() => server.close())

const problems = () => [...server.phones.flatMap((phone) => phone.problems), ...server.process.complaints]

/** What the phones did, held against what PostgreSQL has of it. */
async function audit(): Promise<{ checkIns: number; lost: number; doubled: number }> {
  const { rows: lines } = await server.database.pool.query<{ scope: string; key: string }>(
    `SELECT scope, key FROM rows WHERE type = 'register-line'`,
  )
  const kept = new Set(lines.map(({ scope, key }) => `${scope} ${key}`))
  const { rows: devices } = await server.database.pool.query<{ device: string; last: number }>(
    'SELECT device, last FROM devices',
  )
  const taken = new Map(devices.map(({ device, last }) => [device, last]))
  const { rows: scopes } = await server.database.pool.query<{ scope: string; overwritten: number }>(
    `SELECT scopes.scope, scopes.head - count(rows.scope) AS overwritten
      FROM scopes LEFT JOIN rows ON rows.scope = scopes.scope
      WHERE scopes.scope LIKE 'member:%' OR scopes.scope LIKE 'review:%' GROUP BY scopes.scope`,
  )
  let [checkIns, lost] = [0, 0]
  // Where every record is written once, each has a number of the scope's; a second writing of one
  // leaves a number without a record.
  let doubled = scopes.reduce((sum, { overwritten }) => sum + overwritten, 0)
  for (const { who, branch, device, weeks } of server.phones) {
    checkIns += weeks.length
    lost += weeks.filter(
      (week) =>
        !kept.has(`${memberScope(who)} ${week}/${branch}`) || !kept.has(`${reviewScope(branch)} ${week}/${who}`),
    ).length
    doubled += Math.max((taken.get(device) ?? 0) - weeks.length, 0)
  }
  return { checkIns, lost, doubled }
}

test(`SIGKILL between commit and reply, ${kills} times: nothing lost, nothing doubled`, async () => {
  server = await KilledServer.prepare(200 + 6 * kills)
  server.beginCheckIns()
  let [tried, counted] = [0, 0]
  while (counted < kills && tried < 10 + 1.5 * kills) {
    const { isCommitted, isAnswered } = await server.killAround('its-answer', (7 * tried) % 12)
    tried += 1
    if (isCommitted && !isAnswered) counted += 1
    expect(problems()).toEqual([])
  }
  await server.settle()

  const { checkIns, lost, doubled } = await audit()
  const attempts = server.phones.reduce((sum, phone) => sum + phone.attempts, 0)
  const starts = [...server.process.startMs].sort((a, b) => a - b)
  console.log(
    `SIGKILL between commit and reply: tried ${tried}, counted ${counted}, lost ${lost}, doubled ${doubled}\n` +
      `${checkIns} check-ins in ${attempts} requests, median start ${starts[starts.length >> 1]?.toFixed(0)} ms`,
  )
  expect({ counted, lost, doubled, problems: problems() }).toEqual({
    counted: kills,
    lost: 0,
    doubled: 0,
    problems: [],
  })

  for (const phone of server.phones) {
    const ids = phone.weeks.map((_, index) => index + 1)
    expect([...phone.answered].sort(([a], [b]) => a - b)).toEqual(ids.map((id) => [id, 'accepted']))
    expect([...phone.lines].sort()).toEqual(phone.weeks.map((week) => [week, 1]))
  }
  const devices = await server.database.query.selectFrom('devices').select(['device', 'last']).execute()
  expect(new Map(devices.map(({ device, last }) => [device, last]))).toEqual(
    new Map(server.phones.map(({ device, weeks }) => [device, weeks.length])),
  )
  const lines = await server.database.pool.query<{ scope: string; count: number; versions: number[] }>(
    `SELECT scope, count(*), array_agg(DISTINCT value->'version') AS versions FROM rows
      WHERE type = 'register-line' AND value->>'via' = 'own' AND scope LIKE 'review:%' GROUP BY scope ORDER BY scope`,
  )
  const sentTo = (branch: typeof home) =>
    server.phones.reduce((sum, phone) => sum + (phone.branch === branch ? phone.weeks.length : 0), 0)
  expect(lines.rows).toEqual(
    [home, elsewhere].map((id) => ({ scope: reviewScope(id), count: sentTo(id), versions: [1] })),
  )
  const heads = await server.database.pool.query<{ scope: string }>(
    `SELECT scopes.scope FROM scopes JOIN rows ON rows.scope = scopes.scope GROUP BY scopes.scope
      HAVING max(rows.seq) <> scopes.head OR count(DISTINCT rows.seq) <> count(*)`,
  )
  expect(heads.rows).toEqual([])
  expect(sentTo(home)).toBeGreaterThan(kills)
  expect((await server.database.query.selectFrom('set_aside').selectAll().execute()).length).toBe(0)
})
