import { addDays } from '#domain/day'
import type { PersonId } from '#domain/ids'
import { belongsOn } from '#domain/membership'
import { branchScope, memberScope, reviewScope } from '#domain/scopes'
import type { Problem } from '#protocol/problem'
import { verifyAudit } from '#server/audit'
import { readRecords } from '#server/storage/rows'
import {
  admin,
  chenLi,
  committeeMember,
  elsewhere,
  home,
  linXiao,
  monday,
  outsider,
  wuGuifang,
  zhouSecretary,
} from '../support/branch'
import { type TestServer, testServer } from '../support/server'

let server: TestServer
beforeEach(async () => {
  server = await testServer()
})
afterEach(() => server.close())

async function post(url: string, payload: object, by: PersonId = admin) {
  const phone = await server.phone(by)
  const response = await server.app.inject({
    method: 'POST',
    url,
    payload,
    headers: { authorization: `Bearer ${phone.session.accessToken}` },
  })
  if (response.statusCode === 204) return 'done'
  const { error } = response.json<Problem>()
  return `${response.statusCode} ${error.message}`
}
const transfer = (person: PersonId, change: object = {}) =>
  post('/v1/people/transfer', { personId: person, from: home, to: elsewhere, on: monday, ...change })
const appoint = (person: PersonId, role: string, change: object = {}) =>
  post('/v1/people/appoint', { personId: person, branchId: home, role, ...change })

async function recordsOf(person: PersonId) {
  const records = await readRecords(server.database.pool, [
    { scope: memberScope(person), type: 'profile', key: 'profile' },
    { scope: memberScope(person), type: 'membership', prefix: '' },
    ...[home, elsewhere].flatMap((branch) => [
      { scope: reviewScope(branch), type: 'membership', key: person } as const,
      { scope: branchScope(branch), type: 'person', key: person } as const,
    ]),
  ])
  return {
    profile: records.get(memberScope(person), 'profile', 'profile'),
    at: (branch: typeof home) => records.get(reviewScope(branch), 'membership', person),
    own: (branch: typeof home) => records.get(memberScope(person), 'membership', branch),
    named: (branch: typeof home) => records.get(branchScope(branch), 'person', person),
  }
}

describe('转接', () => {
  test('from its day on somebody belongs to the other branch, on every record of it', async () => {
    expect(await transfer(linXiao)).toBe('done')
    const { at, own, named } = await recordsOf(linXiao)
    const days = [addDays(monday, -1), monday]
    const belongs = (branch: typeof home) => days.map((day) => belongsOn(at(branch) ?? fail(), day))
    expect(belongs(home)).toEqual([true, false])
    expect(belongs(elsewhere)).toEqual([false, true])
    for (const branch of [home, elsewhere]) expect(own(branch)).toEqual(at(branch))
    expect(named(home)).toMatchObject({ until: monday })
    expect(named(elsewhere)).toEqual({ id: linXiao, name: named(home)?.name })
    expect((await verifyAudit(server.database)).faults).toEqual([])
  })

  test('their phone reads the new branch, and the old one’s records no more', async () => {
    const phone = await server.phone(linXiao)
    await phone.sync()
    await transfer(linXiao)
    const { scopes } = await phone.sync()
    expect(scopes[branchScope(home)]).toEqual({ is: 'gone' })
    expect(scopes[branchScope(elsewhere)]?.is).toBe('rows')
  })

  test('an office in the branch they leave ends with it; why they are not expected goes along', async () => {
    expect(await transfer(committeeMember)).toBe('done')
    expect((await recordsOf(committeeMember)).profile?.appointments).toEqual([])
  })

  test('and back again', async () => {
    await transfer(linXiao, { on: addDays(monday, -7) })
    expect(await transfer(linXiao, { from: elsewhere, to: home })).toBe('done')
    const { at } = await recordsOf(linXiao)
    expect(at(home)?.spells).toHaveLength(2)
    expect(at(elsewhere)?.spells).toEqual([{ from: addDays(monday, -7), until: monday }])
  })

  test.each([
    { what: 'a day to come', change: { on: addDays(monday, 1) }, says: /^400 日期晚于今天/ },
    { what: 'a day before they came', change: { on: '1990-01-01' }, says: /^400 日期与/ },
    { what: 'to where they are', change: { to: home }, says: /^409 这位同志已经在这个支部/ },
    { what: 'from where they are not', change: { from: elsewhere, to: home }, says: /^409 这位同志现在不在/ },
    { what: 'to a branch that is none', change: { to: 'no-branch' }, says: /^403/ },
    { what: 'somebody unknown', change: { personId: 'nobody' }, says: /^403/ },
    { what: 'no day', change: { on: 'soon' }, says: /^400/ },
  ])('$what is said to be wrong, and changes nothing', async ({ change, says }) => {
    const before = JSON.stringify(await recordsOf(linXiao))
    expect(await transfer(linXiao, change)).toMatch(says)
    expect(JSON.stringify(await recordsOf(linXiao))).toBe(before)
  })

  test('two admins at once: one moves them, the other is told', async () => {
    const both = await Promise.all([transfer(chenLi), transfer(chenLi)])
    expect(both.sort()).toEqual(['409 这位同志现在不在这个支部了，请返回刷新后再办理', 'done'])
  })
})

describe('任职', () => {
  test('gives one office in the branch, and takes it back', async () => {
    expect(await appoint(chenLi, 'committee-member')).toBe('done')
    expect(await appoint(chenLi, 'secretary')).toBe('done')
    expect((await recordsOf(chenLi)).profile?.appointments).toEqual([{ role: 'secretary', branchId: home }])
    expect(await appoint(chenLi, 'none')).toBe('done')
    expect((await recordsOf(chenLi)).profile?.appointments).toEqual([])
  })

  test('counts at once, on the phone too', async () => {
    const phone = await server.phone(wuGuifang)
    await phone.sync()
    await appoint(wuGuifang, 'secretary')
    expect((await phone.sync()).scopes[reviewScope(home)]?.is).toBe('rows')
    await appoint(wuGuifang, 'none')
    expect((await phone.sync()).scopes[reviewScope(home)]).toEqual({ is: 'gone' })
  })

  test('is for those of the branch; anybody can be relieved', async () => {
    expect(await appoint(outsider, 'secretary')).toMatch(/^409 这位同志不在这个支部/)
    expect(await appoint(outsider, 'none', { branchId: elsewhere })).toBe('done')
    expect((await recordsOf(outsider)).profile?.appointments).toEqual([])
    expect(await appoint(zhouSecretary, 'chairman')).toMatch(/^400/)
  })
})

function fail(): never {
  throw new Error('there is no membership')
}
