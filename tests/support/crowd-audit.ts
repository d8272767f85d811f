import { memberScope, reviewScope } from '#domain/scopes'
import { elsewhere, home } from './branch'
import type { Crowd } from './crowd'

/** What the phones did, held against what PostgreSQL has of it. */
export async function audit({ phones, database }: Crowd) {
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

/** Of a crowd that has settled: everything was decided once, told once and for all, and is kept. */
export async function expectWhole(crowd: Crowd): Promise<void> {
  const { phones, database } = crowd
  expect(crowd.problems).toEqual([])
  expect(await audit(crowd)).toMatchObject({ lost: 0, doubled: 0 })

  // Every command was answered to its phone, and the phone's copy is whole.
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
}
