import type { PersonId } from '#domain/ids'
import { branchScope } from '#domain/scopes'
import { WeekPlanner } from '#server/jobs/plan-weeks'
import {
  activist,
  admin,
  association,
  at,
  chenLi,
  committeeMember,
  elsewhere,
  home,
  inspector,
  linXiao,
  outsider,
  plan,
  TestBranch,
  week,
  zhouSecretary,
} from '../support/branch'
import { type TestServer, testServer } from '../support/server'

const lines: string[] = []
let server: TestServer
const branch = new TestBranch({ place: '三楼会议室' })
const notified = branch.planned({ kind: 'theme-day', heldOn: '2025-03-20', topic: '慰问林晓同志' })
const unnotified = branch.planned({ kind: 'party-class', heldOn: '2025-03-21' })
const cancelled = branch.planned({ kind: 'general-meeting', heldOn: '2025-03-24' })
beforeAll(async () => {
  server = await testServer({ branch, logStream: { write: (line) => void lines.push(line) } })
  server.clock.now = at('07:00')
  const scope = branchScope(home)
  const at3 = { ...branch.meeting(notified), notifiedAt: at('06:00') }
  const gone = {
    ...branch.meeting(cancelled),
    notifiedAt: at('06:00'),
    state: 'cancelled',
    reason: '会议室占用',
  }
  await server.write([
    { scope, type: 'meeting', key: notified, value: at3 },
    { scope, type: 'meeting', key: cancelled, value: gone as never },
  ])
  await new WeekPlanner(server.database, association).pass(server.clock.now)
})
afterAll(() => server.close())

const pathFor = async (who: PersonId, of = home) => {
  const { session } = await server.phone(who)
  const headers = { authorization: `Bearer ${session.accessToken}` }
  return server.app.inject({ url: `/v1/branches/${of}/calendar`, headers })
}
const path = async () => (await pathFor(linXiao)).json<{ path: string }>().path
const fetched = async (headers: Record<string, string> = {}) =>
  server.app.inject({ url: await path(), headers })

/** The events, each by its properties. */
function eventsIn(text: string): Map<string, Record<string, string>> {
  const unfolded = text.replaceAll('\r\n ', '')
  const events = unfolded.split('BEGIN:VEVENT').slice(1)
  return new Map(
    events.map((event) => {
      const own = event.split('BEGIN:VALARM')[0] ?? ''
      const properties = Object.fromEntries(
        own
          .split('\r\n')
          .filter((line) => line.includes(':'))
          .map((line) => [line.slice(0, line.indexOf(':')), line.slice(line.indexOf(':') + 1)]),
      )
      return [properties.UID ?? '', properties]
    }),
  )
}
const uidOf = (key: string) => `${key}.${home}@morning-study`

describe('who is given the path', () => {
  test.each([
    { who: linXiao, status: 200 },
    { who: activist, status: 200 },
    { who: committeeMember, status: 200 },
    { who: zhouSecretary, status: 200 },
    { who: outsider, status: 403 },
    { who: admin, status: 403 },
    { who: inspector, status: 403 },
  ])('$who: $status', async ({ who, status }) => {
    expect((await pathFor(who)).statusCode).toBe(status)
  })

  test('the same for everybody in the branch, and another for another branch', async () => {
    const { path: ours } = (await pathFor(linXiao)).json<{ path: string }>()
    expect((await pathFor(chenLi)).json()).toEqual({ path: ours })
    expect(ours).toMatch(/^\/v1\/calendar\/branch-1\/[\w-]{22}\.ics$/)
    const { path: theirs } = (await pathFor(outsider, elsewhere)).json<{ path: string }>()
    expect(theirs.split('/').at(-1)).not.toBe(ours.split('/').at(-1))
  })
})

describe('the calendar at it', () => {
  test('is iCalendar, for whoever has the path', async () => {
    const response = await fetched()
    expect(response.statusCode).toBe(200)
    expect(response.headers['content-type']).toBe('text/calendar; charset=utf-8')
    expect(response.headers['x-content-type-options']).toBe('nosniff')
    expect(
      Math.max(...response.body.split('\r\n').map((line) => Buffer.byteLength(line))),
    ).toBeLessThanOrEqual(75)
  })

  test('has the studies of the coming weeks and the meetings that the branch was told of', async () => {
    const events = eventsIn((await fetched()).body)
    expect(events.get(uidOf(week))).toMatchObject({
      SUMMARY: '周汇朝学',
      LOCATION: '三楼会议室',
      DTSTART: '20250310T003000Z',
      DTEND: '20250310T013000Z',
      STATUS: 'CONFIRMED',
      SEQUENCE: expect.stringMatching(/^\d+$/),
    })
    // 5 May is a holiday, moved to Tuesday.
    expect(events.get(uidOf('2025-W19'))?.DTSTART).toBe('20250506T003000Z')
    expect(events.get(uidOf(notified))).toMatchObject({ SUMMARY: '主题党日', STATUS: 'CONFIRMED' })
    expect(events.get(uidOf(cancelled))).toMatchObject({
      SUMMARY: '已取消：支部党员大会',
      STATUS: 'CANCELLED',
    })
    expect(events.has(uidOf(unnotified))).toBe(false)
    expect([...events.keys()].filter((uid) => uid.includes('-W'))).toHaveLength(12)
  })

  test('names nobody, and no topic', async () => {
    const { body } = await fetched()
    const text = body.replaceAll('\r\n ', '')
    for (const name of ['林晓', '慰问', linXiao, plan.host, plan.recorder, plan.topic, '会议室占用'])
      expect(text).not.toContain(name)
  })

  test('a week that is not held takes back what a phone already shows, under the same name', async () => {
    const zhou = await server.phone(zhouSecretary)
    const before = eventsIn((await fetched()).body).get(uidOf('2025-W13'))
    expect(before?.STATUS).toBe('CONFIRMED')
    expect(await zhou.does('override-week', { week: '2025-W13', reason: '集中调研', version: 1 })).toBe(
      'accepted',
    )
    expect(eventsIn((await fetched()).body).get(uidOf('2025-W13'))).toMatchObject({
      SUMMARY: '停学：周汇朝学',
      STATUS: 'CANCELLED',
      SEQUENCE: '2',
      DTSTART: '20250324T003000Z',
    })
  })

  test('what has not changed is not sent again', async () => {
    const first = await fetched()
    const etag = String(first.headers.etag)
    server.clock.now += 60_000
    const again = await fetched({ 'if-none-match': etag })
    expect([again.statusCode, again.body]).toEqual([304, ''])
    expect((await fetched({ 'if-none-match': `"x", ${etag.replace('W/', '')}` })).statusCode).toBe(304)
    expect((await fetched({ 'if-none-match': '"x"' })).statusCode).toBe(200)
    const zhou = await server.phone(zhouSecretary)
    await zhou.does('override-week', { week: '2025-W14', reason: '集中调研', version: 1 })
    expect((await fetched({ 'if-none-match': etag })).statusCode).toBe(200)
  })

  test.each([
    { what: 'no signature', change: (path: string) => path.replace(/[\w-]{22}\.ics$/, '.ics') },
    {
      what: 'another signature',
      change: (path: string) => path.replace(/[\w-]{22}\.ics$/, `${'A'.repeat(22)}.ics`),
    },
    { what: 'a shorter one', change: (path: string) => path.replace(/.\.ics$/, '.ics') },
    { what: 'another ending', change: (path: string) => path.replace('.ics', '.txt') },
    { what: 'another branch', change: (path: string) => path.replace(home, elsewhere) },
    { what: 'no such branch', change: (path: string) => path.replace(home, 'branch-99') },
    { what: 'no branch at all', change: (path: string) => path.replace(home, '%20') },
  ])('$what is not found, like anything unknown', async ({ change }) => {
    const response = await server.app.inject(change(await path()))
    const unknown = await server.app.inject('/v1/no-such-thing')
    const told = (answer: typeof response) => {
      const { traceId: _, ...error } = answer.json<{ error: { traceId: string } }>().error
      return [answer.statusCode, error]
    }
    expect(told(response)).toEqual(told(unknown))
  })

  test('the log does not hold what lets its reader in', async () => {
    const signature = (await path()).split('/').at(-1) ?? ''
    lines.length = 0
    await fetched()
    expect(lines.some((line) => line.includes('/v1/calendar/branch-1/'))).toBe(true)
    expect(lines.filter((line) => line.includes(signature.slice(0, 22)))).toEqual([])
  })
})
