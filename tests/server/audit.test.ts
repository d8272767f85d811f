import { reviewScope } from '#domain/scopes'
import { verifyAudit } from '#server/audit'
import { closeDue } from '#server/jobs/close-due'
import { at, chenLi, home, linXiao, week, zhouSecretary } from '../support/branch'
import { type TestServer, testServer } from '../support/server'

let server: TestServer
beforeEach(async () => {
  server = await testServer()
  server.clock.now = at('08:50')
  const secretary = await server.phone(zhouSecretary)
  await secretary.does('record-attendance', { week, memberId: chenLi, standing: 'on-time', version: 0 })
  await secretary.does('record-rest', { week, memberIds: [linXiao] })
  server.clock.now = at('12:30')
  expect(await closeDue(server.database, server.clock.now)).toBe(2) // ours, and the other branch's
  const later = await server.phone(zhouSecretary)
  expect(await later.does('reopen-register', { week, reason: '补记一位', version: 2 })).toBe('accepted')
})
afterEach(() => server.close())

const verify = (kept?: Parameters<typeof verifyAudit>[1]) => verifyAudit(server.database, kept)
const change = (text: string) => server.database.pool.query(text)

test('every act of an office is an entry, one after another, and all fit', async () => {
  const { rows } = await server.database.pool.query<{ entry: { act: string; by?: string } }>(
    'SELECT entry FROM audit WHERE scope = $1 ORDER BY seq',
    [reviewScope(home)],
  )
  expect(rows.map(({ entry }) => [entry.act, entry.by])).toEqual([
    ['record-attendance@1', zhouSecretary],
    ['record-rest@1', zhouSecretary],
    ['close-register@1', undefined],
    ['reopen-register@1', zhouSecretary],
  ])
  const report = await verify()
  expect(report.faults).toEqual([])
  expect(report.entries).toBe(5)
  expect(report.heads).toHaveLength(2)
})

test('a member’s own check-in is no act of an office', async () => {
  const before = (await verify()).entries
  await (await server.phone(linXiao)).does('check-in', { week })
  expect((await verify()).entries).toBe(before)
})

test('a refused act leaves no entry', async () => {
  const before = (await verify()).entries
  await (await server.phone(zhouSecretary)).does('reopen-register', { week, reason: '再开', version: 1 })
  expect((await verify()).entries).toBe(before)
})

test.each([
  ['an entry was changed', `UPDATE audit SET entry = jsonb_set(entry, '{by}', '"another"') WHERE seq = 2`],
  ['an entry is missing', 'DELETE FROM audit WHERE seq = 2'],
  ['the first is missing', 'DELETE FROM audit WHERE seq = 1'],
  ['two changed places', 'UPDATE audit SET seq = CASE seq WHEN 2 THEN 3 ELSE 2 END WHERE seq IN (2, 3)'],
  [
    'an amendment was changed behind its back',
    `UPDATE rows SET value = jsonb_set(value, '{reason}', '"别的原因"') WHERE type = 'amendment' AND value ? 'reason'`,
  ],
  ['an amendment is gone', `DELETE FROM rows WHERE type = 'amendment'`],
])('%s: it is found', async (_what, statement) => {
  // One statement may meet the key on its way; the constraint is not what is tested.
  if (statement.includes('CASE')) await change('ALTER TABLE audit DROP CONSTRAINT audit_pkey')
  await change(statement)
  expect((await verify()).faults).not.toEqual([])
})

test('a chain that was cut at its end or made anew is found by a head noted earlier', async () => {
  const { heads } = await verify()
  expect((await verify(heads)).faults).toEqual([])
  await change('DELETE FROM audit WHERE seq = 4')
  expect((await verify()).faults).toEqual([]) // nothing in the database can tell
  expect((await verify(heads)).faults).toEqual([expect.stringContaining('is gone')])
})

test('the words of a reason are nowhere in the audit', async () => {
  const { rows } = await server.database.pool.query('SELECT entry::text FROM audit')
  expect(JSON.stringify(rows)).not.toContain('补记一位')
})
