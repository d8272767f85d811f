import { branchId } from '#domain/ids'
import { branchScope, organizationScope, reviewScope, totalsScope } from '#domain/scopes'
import { closeDue } from '#server/jobs/close-due'
import { PlanTotals } from '#server/jobs/plan-totals'
import { WeekPlanner } from '#server/jobs/plan-weeks'
import { Totals } from '#server/jobs/totals'
import { readRecords } from '#server/storage/rows'
import { admin, association, at, home, linXiao, TestBranch, week, zhouSecretary } from '../support/branch'
import { type TestServer, testServer } from '../support/server'
import { plan2025, topic } from '../support/study-plan'

let server: TestServer
beforeEach(async () => {
  server = await testServer()
})
afterEach(() => server.close())

const studyOf = async (key: string) => {
  const scope = branchScope(home)
  return (await readRecords(server.database.pool, [{ scope, type: 'weekly-study', key }])).get(
    scope,
    'weekly-study',
    key,
  )
}

describe('closing what is due', () => {
  test('a register closes by itself at twelve, as of twelve, once', async () => {
    await (await server.phone(linXiao)).does('check-in', { week })
    expect(await closeDue(server.database, at('11:59'))).toBe(0)
    expect(await closeDue(server.database, at('12:30'))).toBe(2) // both branches
    expect(await closeDue(server.database, at('12:31'))).toBe(0)
    expect(await studyOf(week)).toMatchObject({
      state: 'closed',
      closedAt: at('12:00'),
      tally: { expected: 5, 'on-time': 1, absent: 4 },
    })
  })

  test('one that cannot be closed is told, and the others are closed all the same', async () => {
    await server.database.pool.query(
      `UPDATE rows SET value = jsonb_set(value, '{heldOn}', '"a day"') WHERE scope = 'branch:branch-2' AND type = 'weekly-study'`,
    )
    const failures: Error[] = []
    expect(await closeDue(server.database, at('12:30'), (error) => failures.push(error))).toBe(1)
    expect(failures).toHaveLength(1)
    expect(await studyOf(week)).toMatchObject({ state: 'closed' })
  })

  test('a reopened one stays open for the rest of the day', async () => {
    await closeDue(server.database, at('12:30'))
    server.clock.now = at('14:00')
    const zhou = await server.phone(zhouSecretary)
    expect(await zhou.does('reopen-register', { week, reason: '漏记两人', version: 2 })).toBe('accepted')
    expect(await closeDue(server.database, at('23:59'))).toBe(0)
    expect(await closeDue(server.database, at('24:00'))).toBe(1)
  })
})

describe('planning ahead', () => {
  const planner = () => new WeekPlanner(server.database, association)

  test('plans a year by the published holidays, and running it again changes nothing', async () => {
    await planner().pass(at('08:00'))
    expect(await planner().pass(at('08:00'))).toBe(0)
    expect(await studyOf('2025-W15')).toMatchObject({ heldOn: '2025-04-07', state: 'open' })
    expect(await studyOf('2025-W19')).toMatchObject({ heldOn: '2025-05-06', moved: '劳动节顺延至周二' })
    expect(await studyOf('2026-W08')).toMatchObject({ state: 'not-held' })
  })

  test('past the published holidays nothing is assumed: the admin is asked, and decides', async () => {
    server.clock.now = at('08:00', '2026-11-23')
    const one = planner()
    await one.pass(server.clock.now)
    expect(await studyOf('2026-W52')).toMatchObject({ state: 'open', heldOn: '2026-12-21' })
    expect(await studyOf('2027-W10')).toMatchObject({ state: 'unconfirmed' })
    const scope = organizationScope(association)
    const records = await readRecords(server.database.pool, [{ scope, type: 'horizon', key: 'horizon' }])
    expect(records.get(scope, 'horizon', 'horizon')).toMatchObject({ knownUntil: '2026-12-31' })

    const notice = { year: 2027, daysOff: { '2027-03-08': '测试假' }, workdays: {}, source: 'notice' }
    const phone = await server.phone(admin)
    expect(await phone.does('confirm-calendar', { notice }, scope)).toBe('accepted')
    await one.pass(server.clock.now)
    expect(await studyOf('2027-W10')).toMatchObject({ state: 'open', heldOn: '2027-03-09' })
  })

  test('a topic handed down reaches the weeks ahead, but not what a branch named itself', async () => {
    const one = planner()
    await one.pass(at('08:00'))
    const zhou = await server.phone(zhouSecretary)
    const named = {
      week: '2025-W13',
      topic: '支部自己的主题',
      place: '实验室',
      studyLeadId: linXiao,
      version: 1,
    }
    expect(await zhou.does('plan-weekly-study', named)).toBe('accepted')
    const phone = await server.phone(admin)
    for (const topic of ['第一稿', '第二稿']) {
      for (const ahead of ['2025-W12', '2025-W13']) {
        await phone.does('hand-down-topic', { week: ahead, topic }, organizationScope(association))
      }
      await one.pass(at('08:00'))
    }
    expect(await studyOf('2025-W12')).toMatchObject({ topic: '第二稿' })
    expect(await studyOf('2025-W13')).toMatchObject({
      topic: '支部自己的主题',
      place: '实验室',
      studyLead: { personId: linXiao },
    })
  })

  test('a plan handed down gives every branch its topics, under what was handed down for a week and what it names itself', async () => {
    const one = planner()
    await one.pass(at('08:00'))
    const above = organizationScope(association)
    const phone = await server.phone(admin)
    await phone.does('hand-down-topic', { week: '2025-W14', topic: '上级指定的主题' }, above)
    await phone.does('save-study-plan', { plan: plan2025() }, above)
    expect(await one.pass(at('08:00'))).toBe(2) // the week that was named; a draft is nobody's
    await phone.does('hand-down-plan', { year: 2025, version: 1 }, above)
    expect(await one.pass(at('08:00'))).toBeGreaterThan(0)
    expect(await studyOf('2025-W12')).toMatchObject({
      topic: '专题t1',
      material: '第一章',
      planTopicId: 't1',
    })
    expect(await studyOf('2025-W13')).toMatchObject({ topic: '专题t2', planTopicId: 't2' })
    expect(await studyOf('2025-W14')).toMatchObject({ topic: '上级指定的主题' })
    expect(await studyOf('2025-W14')).not.toHaveProperty('planTopicId')

    const zhou = await server.phone(zhouSecretary)
    const plan = { year: 2025, topics: [{ phaseId: 'p1', topic: topic('t2', '2025-03-17') }], version: 0 }
    expect(await zhou.does('keep-branch-plan', { plan })).toBe('accepted')
    expect(await one.pass(at('08:00'))).toBe(1)
    expect(await studyOf('2025-W12')).toMatchObject({ planTopicId: 't2' })
    expect(await one.pass(at('08:00'))).toBe(0)
  })

  test('a plan handed down once reaches a hundred and ten branches', async () => {
    const records = new TestBranch().records
    const branch = records.get(branchScope(home), 'branch', 'branch')
    if (branch === undefined) throw new Error('the branch of the tests is not there')
    const ids = Array.from({ length: 110 }, (_, index) => branchId(`many-${index}`))
    await server.write(
      ids.map((id) => ({
        scope: branchScope(id),
        type: 'branch' as const,
        key: 'branch',
        value: { ...branch, id, name: `第${id}支部` },
      })),
    )
    await planner().pass(at('08:00'))
    const phone = await server.phone(admin)
    const above = organizationScope(association)
    await phone.does('save-study-plan', { plan: plan2025() }, above)
    await phone.does('hand-down-plan', { year: 2025, version: 1 }, above)
    await planner().pass(at('08:00'))
    const studies = await readRecords(
      server.database.pool,
      ids.map((id) => ({ scope: branchScope(id), type: 'weekly-study' as const, key: '2025-W12' })),
    )
    const weeks = ids.map((id) => studies.get(branchScope(id), 'weekly-study', '2025-W12'))
    expect(weeks.filter((study) => study?.state === 'open' && study.topic === '专题t1')).toHaveLength(110)
  })

  test('an assumption that comes late does not undo a published notice, and an empty notice is none', async () => {
    const scope = organizationScope(association)
    const phone = await server.phone(admin)
    const published = { year: 2027, daysOff: { '2027-03-08': '测试假' }, workdays: {}, source: 'notice' }
    expect(await phone.does('confirm-calendar', { notice: { ...published, daysOff: {} } }, scope)).toBe(
      'malformed',
    )
    expect(await phone.does('confirm-calendar', { notice: published }, scope)).toBe('accepted')
    const assumed = { year: 2027, daysOff: {}, workdays: {}, source: 'assumed' }
    expect(await phone.does('confirm-calendar', { notice: assumed }, scope)).toBe('changed-meanwhile')
  })

  test('what a branch chose itself, and what has begun, is left alone', async () => {
    await planner().pass(at('08:00'))
    const zhou = await server.phone(zhouSecretary)
    const override = { week: '2025-W12', heldOn: '2025-03-19', reason: '会议室占用', version: 1 }
    expect(await zhou.does('override-week', override)).toBe('accepted')
    expect(await zhou.does('override-week', { ...override, heldOn: '2025-03-24', version: 2 })).toBe(
      'day-outside-week',
    )
    const rule = { weekRule: { kind: 'skip' }, version: 1 }
    await (await server.phone(admin)).does('change-week-rule', rule, organizationScope(association))
    await planner().pass(at('09:00'))
    expect(await studyOf('2025-W12')).toMatchObject({ heldOn: '2025-03-19', moved: '会议室占用' })
    expect(await studyOf(week)).toMatchObject({ state: 'open', heldOn: '2025-03-10' })
    expect(await studyOf('2025-W19')).toMatchObject({ state: 'not-held' })
  })
})

describe('how far the branches have come with the plan', () => {
  const scope = totalsScope(association)
  const rows = async () =>
    (await readRecords(server.database.pool, [{ scope, type: 'branch-topics', prefix: '' }])).list(
      scope,
      'branch-topics',
      '',
    )

  test('one row for each branch, written when it changed, with nobody’s name', async () => {
    const counts = new PlanTotals(server.database, association)
    expect(await counts.pass(at('08:00'))).toBe(0)
    const above = organizationScope(association)
    const phone = await server.phone(admin)
    await phone.does('save-study-plan', { plan: plan2025() }, above)
    await phone.does('hand-down-plan', { year: 2025, version: 1 }, above)
    await new WeekPlanner(server.database, association).pass(at('08:00'))
    expect(await counts.pass(at('08:00'))).toBe(2)
    expect(await counts.pass(at('08:00'))).toBe(0)
    const zhou = await server.phone(zhouSecretary)
    const plan = { year: 2025, topics: [{ phaseId: 'p1', topic: topic('x1', '2025-05-05') }], version: 0 }
    await zhou.does('keep-branch-plan', { plan: { ...plan, confirmed: 1 } })
    expect(await counts.pass(at('08:00'))).toBe(1)
    expect(await rows()).toMatchObject([
      {
        ...{ branchId: home, confirmed: 1, adapted: 0, own: 1 },
        topics: [
          { id: 't1', held: 0, planned: 2 },
          { id: 't2', held: 0, planned: 2 },
          { id: 't3', held: 0, planned: 2 },
        ],
      },
      { own: 0 },
    ])
    expect(JSON.stringify(await rows())).not.toContain(linXiao)
    // A server that starts anew finds nothing to write.
    expect(await new PlanTotals(server.database, association).pass(at('08:00'))).toBe(0)
  })
})

describe('totals', () => {
  test('one row for each branch, from what changed, with nobody’s name', async () => {
    const totals = new Totals(server.database, association)
    await totals.pass(week)
    await (await server.phone(linXiao)).does('check-in', { week })
    expect(await totals.pass(week)).toBe(1)
    expect(await totals.pass(week)).toBe(0)
    const scope = totalsScope(association)
    const records = await readRecords(server.database.pool, [{ scope, type: 'branch-totals', prefix: '' }])
    const rows = records.list(scope, 'branch-totals', '')
    expect(rows).toMatchObject([
      { branchId: home, tally: { expected: 5, 'on-time': 1, unrecorded: 4 } },
      { tally: { expected: 1 } },
    ])
    expect(JSON.stringify(rows)).not.toContain(linXiao)
  })

  test('no check-in touches the totals: their scope is not locked', async () => {
    const { rows: before } = await server.database.pool.query('SELECT scope, head FROM scopes ORDER BY scope')
    await (await server.phone(linXiao)).does('check-in', { week })
    const { rows: after } = await server.database.pool.query('SELECT scope, head FROM scopes ORDER BY scope')
    const touched = after.filter((row, index) => row.head !== before[index]?.head).map((row) => row.scope)
    expect(touched).toEqual([`member:${linXiao}`, reviewScope(home)])
  })
})
