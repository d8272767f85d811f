import { phaseOf } from '#domain/check-in-window'
import { instantOf, type Week, weekOf } from '#domain/day'
import { branchScope, leaveScope, memberScope, reviewScope } from '#domain/scopes'
import { tallyOf } from '#domain/tally'
import { loadAuthority } from '#server/authority'
import { closeDue } from '#server/jobs/close-due'
import { WeekPlanner } from '#server/jobs/plan-weeks'
import { organizationOf } from '#server/organization-of'
import { type Database, openDatabase } from '#server/storage/database'
import { migrate } from '#server/storage/migrations'
import { headsOf, readRecords } from '#server/storage/rows'
import { syncStore } from '#server/storage/sync-store'
import { pull } from '#server/sync/pull'
import type { FeedAsked } from '#server/sync/store'
import { linXiao, secretary } from '#support/cast'
import { freshDatabase, type TestDatabase } from '#support/database'
import { castBranch, demoOrganizationId } from '../../server/demo/cast'
import { keepDemoCurrent } from '../../server/demo/keep-current'
import { seedDemo } from '../../server/demo/seed'

const wednesday = instantOf('2026-03-11', '14:33')
const week = weekOf('2026-03-11')

let test_: TestDatabase
let database: Database

beforeAll(async () => {
  test_ = await freshDatabase()
  database = openDatabase(test_.url)
  await migrate(database)
})
afterAll(async () => {
  await database.close()
  await test_.drop()
})

const studyOf = async (at: Week) => {
  const key = { scope: branchScope(castBranch.id), type: 'weekly-study', key: at } as const
  return (await readRecords(database.pool, [key])).get(key.scope, key.type, at)
}
const standingsOf = async (at: Week) => {
  const review = reviewScope(castBranch.id)
  const records = await readRecords(database.pool, [
    { scope: review, type: 'register-line', prefix: `${at}/` },
  ])
  return records.list(review, 'register-line', `${at}/`)
}
const allHeads = async () => (await database.pool.query('SELECT scope, head FROM scopes ORDER BY scope')).rows

test('a fresh database gets the demo association, once', async () => {
  const seeded = await seedDemo(database, { now: wednesday, scale: 'small' })
  expect(seeded).toMatchObject({ branches: 3, people: 120, weeks: 8 })
  expect(await organizationOf(database)).toBe(demoOrganizationId)
  const heads = await allHeads()
  expect(await seedDemo(database, { now: wednesday, scale: 'small' })).toMatchObject({ people: 0 })
  expect(await allHeads()).toEqual(heads)
})

test('its rows are numbered without a hole, and its indexes are all back', async () => {
  const { rows } = await database.pool.query(
    `SELECT scopes.scope FROM scopes JOIN rows USING (scope) GROUP BY scopes.scope, scopes.head
      HAVING count(*) <> head OR min(seq) <> 1 OR max(seq) <> head OR count(DISTINCT seq) <> head`,
  )
  expect(rows).toEqual([])
  const indexes = await database.pool.query(
    `SELECT indexname FROM pg_indexes WHERE tablename = 'rows' ORDER BY indexname`,
  )
  expect(indexes.rows.map((row) => row.indexname)).toEqual([
    'rows_cancellations',
    'rows_due',
    'rows_feed',
    'rows_people',
    'rows_pkey',
    'rows_starting',
    'rows_tombstones',
  ])
})

test('the first start opens this week, with some there and the cast not yet', async () => {
  expect(await keepDemoCurrent(database, wednesday)).toBe(3)
  const study = await studyOf(week)
  if (study?.state !== 'open') throw new Error('this week is not open')
  expect(study).toMatchObject({ heldOn: '2026-03-11', isOverridden: true, studyLead: { name: '唐书言' } })
  expect(phaseOf(study, wednesday)).toBe('checking-in')
  expect(study.opensAt).toBe(instantOf('2026-03-11', '14:10'))
  expect(study.registerClosesAt).toBe(instantOf('2026-03-11', '23:59'))
  expect(study.topic).not.toBe('')
  const lines = await standingsOf(week)
  expect(tallyOf(lines)).toMatchObject({
    'on-time': 24,
    late: 2,
    excused: 2,
    held: 1,
  })
  expect(lines.some((line) => line.memberId === linXiao.personId)).toBe(false)
  expect(lines.every((line) => line.receivedAt <= wednesday)).toBe(true)
  const leaves = leaveScope(castBranch.id)
  const records = await readRecords(database.pool, [{ scope: leaves, type: 'leave', prefix: `${week}/` }])
  const states = records.list(leaves, 'leave', `${week}/`).map((leave) => leave.state)
  expect(states.sort()).toEqual(['accepted', 'accepted', 'accepted', 'asked'])
})

test('a second start the same day changes nothing', async () => {
  const heads = await allHeads()
  expect(await keepDemoCurrent(database, wednesday + 3_600_000)).toBe(0)
  expect(await allHeads()).toEqual(heads)
})

test('the secretary gets the branch, its register and the leaves', async () => {
  const authority = await loadAuthority(database.pool, secretary.personId, wednesday)
  const store = syncStore(database)
  const feed = async (asked: FeedAsked) => (await store.feeds([asked]))[0] ?? { floor: 0, rows: [] }
  const news = await pull({ heads: store.heads, feed }, authority, {})
  const scopes = [memberScope(secretary.personId), branchScope(castBranch.id), reviewScope(castBranch.id)]
  expect(Object.keys(news)).toEqual(expect.arrayContaining([...scopes, leaveScope(castBranch.id)]))
  const branch = news[branchScope(castBranch.id)]
  const rows = branch?.is === 'rows' ? branch.rows : []
  expect(rows.filter(([type]) => type === 'person')).toHaveLength(42)
  expect(rows.filter(([type]) => type === 'weekly-study')).toHaveLength(9)
})

test('planning leaves the week of the demo as it is', async () => {
  const before = await studyOf(week)
  await new WeekPlanner(database, demoOrganizationId).pass(wednesday)
  expect(await studyOf(week)).toEqual(before)
})

test('a start on a later day opens it again and keeps what was recorded', async () => {
  const before = await standingsOf(week)
  expect(await closeDue(database, instantOf('2026-03-12', '00:01'))).toBe(3)
  expect(await studyOf(week)).toMatchObject({ state: 'closed' })

  expect(await keepDemoCurrent(database, instantOf('2026-03-13', '08:02'))).toBe(3)
  const study = await studyOf(week)
  expect(study).toMatchObject({ state: 'open', heldOn: '2026-03-13', isReopened: false })
  const after = await standingsOf(week)
  const present = (lines: typeof before) => lines.filter((line) => line.standing !== 'unrecorded')
  expect(present(after)).toEqual(present(before))
  expect(after.find((line) => line.memberId === linXiao.personId)?.standing).toBe('unrecorded')
})

test('late in the evening it stays open past midnight, and the next week gets its own', async () => {
  const sunday = instantOf('2026-03-15', '22:40')
  await keepDemoCurrent(database, sunday)
  const study = await studyOf(week)
  if (study?.state !== 'open') throw new Error('this week is not open')
  expect(study.registerClosesAt).toBeGreaterThanOrEqual(sunday + 12 * 3_600_000)

  const monday = instantOf('2026-03-16', '00:03')
  expect(await keepDemoCurrent(database, monday)).toBe(3)
  const next = await studyOf(weekOf('2026-03-16'))
  expect(next).toMatchObject({
    state: 'open',
    heldOn: '2026-03-16',
    opensAt: instantOf('2026-03-16', '00:00'),
  })
  expect((await standingsOf(weekOf('2026-03-16'))).length).toBeGreaterThan(20)
  await closeDue(database, instantOf('2026-03-16', '12:00'))
  expect(await studyOf(week)).toMatchObject({ state: 'closed', heldOn: '2026-03-15' })
})

test('an association in earnest is left alone', async () => {
  const scope = `organization:${demoOrganizationId}` as const
  await database.pool.query(
    `UPDATE rows SET value = jsonb_set(value, '{isDemo}', 'false') WHERE scope = $1 AND type = 'organization'`,
    [scope],
  )
  const heads = await headsOf(database.pool, [scope])
  expect(await keepDemoCurrent(database, instantOf('2026-03-18', '09:00'))).toBe(0)
  expect(await headsOf(database.pool, [scope])).toEqual(heads)
})
