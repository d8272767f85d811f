import { personId } from '#domain/ids'
import { branchScope, memberScope, organizationScope } from '#domain/scopes'
import type { Problem } from '#protocol/problem'
import type { RosterDone, RosterPreview } from '#protocol/roster'
import { verifyAudit } from '#server/audit'
import { WeekPlanner } from '#server/jobs/plan-weeks'
import { existingRoster } from '#server/roster/existing'
import { admin, association, chenLi, home, linXiao, week, zhouSecretary } from '../support/branch'
import { largeRoster } from '../support/rosters'
import { type TestServer, testServer } from '../support/server'

let server: TestServer
beforeEach(async () => {
  server = await testServer()
})
afterEach(() => server.close())

const header = '支部名称,类别,姓名,编号,党员身份,职务,加入日期'
const small = [
  header,
  '数学学会支部,科技社团,王建国,S001,正式党员,支部书记,2020-01-01',
  '数学学会支部,科技社团,李梅,S002,预备党员,,2024-06-01',
  '物理学会支部,科技社团,王建国,S003,正式党员,支部书记,2019-03-01',
].join('\n')

async function tokenOf(who = admin) {
  return (await server.phone(who)).session.accessToken
}

async function upload(file: string | Buffer, { who = admin, query = '', name = 'roster.csv' } = {}) {
  const edge = 'edge-of-the-part'
  const payload = Buffer.concat([
    Buffer.from(
      `--${edge}\r\ncontent-disposition: form-data; name="file"; filename="${name}"\r\ncontent-type: application/octet-stream\r\n\r\n`,
    ),
    Buffer.from(file),
    Buffer.from(`\r\n--${edge}--\r\n`),
  ])
  return server.app.inject({
    method: 'POST',
    url: `/v1/rosters${query}`,
    payload,
    headers: {
      'content-type': `multipart/form-data; boundary=${edge}`,
      authorization: `Bearer ${await tokenOf(who)}`,
    },
  })
}

const preview = async (...given: Parameters<typeof upload>) => {
  const response = await upload(...given)
  expect(response.statusCode).toBe(200)
  return response.json<RosterPreview>()
}

const confirm = async (id: string | undefined, { who = admin, query = '' } = {}) =>
  server.app.inject({
    method: 'POST',
    url: `/v1/rosters/confirm${query}`,
    payload: { id },
    headers: { authorization: `Bearer ${await tokenOf(who)}` },
  })

const problemOf = (response: { json(): unknown }) => (response.json() as Problem).error

async function rowCount(): Promise<number> {
  const { rows } = await server.database.pool.query<{ count: number }>('SELECT count(*) AS count FROM rows')
  return rows[0]?.count ?? 0
}

const people = async () => (await existingRoster(server.database.pool, association)).people

test('nothing is written until it is confirmed; then everybody is where the file says', async () => {
  const before = await rowCount()
  const shown = await preview(small)
  expect(shown).toMatchObject({
    newBranches: { count: 2 },
    added: { count: 3, items: [{ name: '王建国', number: 'S001', branchName: '数学学会支部' }, {}, {}] },
    problems: { count: 0 },
  })
  expect(await rowCount()).toBe(before)
  expect((await confirm(shown.id)).json<RosterDone>()).toEqual({ branches: 2, people: 3 })
  const secretary = (await people()).find(({ profile }) => profile.number === 'S001')
  expect(secretary?.profile.appointments).toMatchObject([{ role: 'secretary' }])
  expect(secretary?.memberships).toMatchObject([{ membership: 'full', spells: [{ from: '2020-01-01' }] }])
})

test('the same file again changes nothing, and a confirmation counts once', async () => {
  const { id } = await preview(small)
  await confirm(id)
  const count = await rowCount()
  expect((await confirm(id)).statusCode).toBe(404)
  const again = await preview(small)
  expect(again.id).toBeUndefined()
  expect(again.unchanged).toBe(3)
  expect(await rowCount()).toBe(count)
})

test('the difference is shown first: a name, an office, a transfer', async () => {
  await confirm((await preview(small)).id)
  const changed = [
    header,
    '数学学会支部,科技社团,王建国,S001,正式党员,支部委员,2020-01-01',
    '物理学会支部,科技社团,李梅,S002,正式党员,,2025-03-01',
  ].join('\n')
  const shown = await preview(changed)
  expect(shown.changed.items[0]?.differences.join()).toContain('职务')
  expect(shown.transferred.items[0]?.differences.join()).toContain('数学学会支部 → 物理学会支部')
  expect(shown.notInFile).toBe(1)
  await confirm(shown.id)
  const moved = (await people()).find(({ profile }) => profile.number === 'S002')
  expect(moved?.memberships.map((each) => each.spells.at(-1)?.until)).toContain('2025-03-01')
})

test('what somebody changed after the preview is not overwritten', async () => {
  await confirm((await preview(small)).id)
  const shown = await preview(small.replace('李梅', '李玫'))
  const li = (await people()).find(({ profile }) => profile.number === 'S002')?.profile
  if (li === undefined) throw new Error('she is not here')
  await server.write([
    { scope: memberScope(li.personId), type: 'profile', key: 'profile', value: { ...li, name: '李枚' } },
  ])
  const response = await confirm(shown.id)
  expect(problemOf(response).code).toBe('roster-changed')
  expect((await people()).find(({ profile }) => profile.number === 'S002')?.profile.name).toBe('李枚')
})

test('bad rows are named and the good ones can still be taken', async () => {
  const shown = await preview(
    `${small}\n数学学会支部,,赵一,110101199003077512,,,\n数学学会支部,,=1+1,S009,,,`,
  )
  expect(shown.problems.items.map(({ row }) => row)).toEqual([5, 6])
  expect(shown.problems.items[0]?.words).toContain('身份证')
  expect(shown.added.count).toBe(3)
  await confirm(shown.id)
  expect((await people()).some(({ profile }) => profile.name === '赵一')).toBe(false)
})

test('a file that is no roster is turned away in words, and kept nowhere', async () => {
  for (const file of [
    Buffer.from('d0cf11e0a1b11ae1', 'hex'),
    '你好',
    Buffer.alloc(0),
    [header, ...Array.from({ length: 10_000 }, (_, i) => `支部,机关,张三,N${i},,,`)].join('\n'),
  ]) {
    const response = await upload(file)
    expect([response.statusCode, problemOf(response).code]).toEqual([422, 'roster-unreadable'])
    expect(problemOf(response).message).toMatch(/请/)
  }
  expect((await upload(Buffer.alloc(3 * 1024 * 1024, 'a'))).statusCode).toBe(413)
  const { rows } = await server.database.pool.query('SELECT * FROM roster_uploads')
  expect(rows).toEqual([])
})

describe('a secretary', () => {
  const query = `?branch=${home}`
  const own = async () => {
    const { rows } = await server.database.pool.query<{ name: string }>(
      `SELECT value->>'name' AS name FROM rows WHERE scope = $1 AND type = 'branch'`,
      [branchScope(home)],
    )
    return rows[0]?.name ?? ''
  }

  test('enters their own branch’s people, and gives nobody an office', async () => {
    const shown = await preview(`支部名称,姓名,编号,职务\n${await own()},孙悦,H001,支部书记`, {
      who: zhouSecretary,
      query,
    })
    expect(shown.added.count).toBe(1)
    await confirm(shown.id, { who: zhouSecretary, query })
    const sun = (await people()).find(({ profile }) => profile.number === 'H001')
    expect(sun?.profile.appointments).toEqual([])
    // From now on they are somebody of the branch: their phone gets it all.
    const phone = await server.phone(sun?.profile.personId ?? personId('nobody'))
    expect(Object.keys((await phone.sync()).scopes)).toContain(branchScope(home))
  })

  test('cannot touch another branch, nor use the admin’s upload', async () => {
    const shown = await preview(`支部名称,姓名,编号\n另一个支部,孙悦,H001`, { who: zhouSecretary, query })
    expect([shown.added.count, shown.problems.count]).toEqual([0, 1])
    const byAdmin = await preview(small)
    expect((await confirm(byAdmin.id, { who: zhouSecretary, query })).statusCode).toBe(404)
    expect((await confirm(byAdmin.id)).statusCode).toBe(200)
  })
})

test('it is noted in the audit, without names', async () => {
  await confirm((await preview(small)).id)
  const { rows } = await server.database.pool.query<{ entry: { act: string; by: string } }>(
    'SELECT entry FROM audit WHERE scope = $1',
    [organizationScope(association)],
  )
  expect(rows.map(({ entry }) => [entry.act, entry.by])).toEqual([['import-roster', admin]])
  expect(JSON.stringify(rows)).not.toContain('王建国')
  expect((await verifyAudit(server.database)).faults).toEqual([])
})

test('who is in the file can be expected on the day they joined, and earlier registers stay', async () => {
  const before = await (await server.phone(linXiao)).does('check-in', { week })
  expect(before).toBe('accepted')
  await confirm((await preview(small)).id)
  const planned = await new WeekPlanner(server.database, association).pass(server.clock.now)
  expect(planned).toBeGreaterThan(50)
  const secretary = (await people()).find(({ profile }) => profile.number === 'S001')?.profile.personId
  const phone = await server.phone(secretary ?? chenLi)
  await phone.sync()
  const [branch] = Object.keys(phone.cursors).filter((scope) => scope.startsWith('branch:'))
  expect(await phone.does('check-in', { week }, branch as `branch:${string}`)).toBe('accepted')
})

test('three thousand rows are shown, confirmed and found unchanged', async () => {
  const file = await largeRoster({ branches: 110, people: 3_000 })
  const shown = await preview(file, { name: 'roster.xlsx' })
  expect([shown.newBranches.count, shown.added.count, shown.added.items.length]).toEqual([110, 3_000, 100])
  expect((await confirm(shown.id)).json<RosterDone>()).toEqual({ branches: 110, people: 3_000 })
  const count = await rowCount()
  const again = await preview(file, { name: 'roster.xlsx' })
  expect([again.id, again.unchanged]).toEqual([undefined, 3_000])
  expect(await rowCount()).toBe(count)
}, 60_000)
