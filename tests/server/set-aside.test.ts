import { lineKey } from '#domain/attendance'
import { branchScope, organizationScope, reviewScope } from '#domain/scopes'
import type { SyncAnswer } from '#protocol/sync'
import { dropSetAside, listSetAside, retrySetAside } from '#server/operations/set-aside'
import { readRecords } from '#server/storage/rows'
import { association, at, home, linXiao, week } from '../support/branch'
import { type TestServer, testServer } from '../support/server'

let server: TestServer
beforeEach(async () => {
  server = await testServer()
})
afterEach(() => server.close())

const spoil = (value: string) =>
  server.database.pool.query(
    `UPDATE rows SET value = jsonb_set(value, '{heldOn}', $1::jsonb) WHERE scope = $2 AND type = 'weekly-study'`,
    [value, branchScope(home)],
  )
const lineOf = async () => {
  const read = { scope: reviewScope(home), type: 'register-line', key: lineKey(week, linXiao) } as const
  return (await readRecords(server.database.pool, [read])).get(read.scope, read.type, read.key)
}

/** Her check-in fails for a reason of ours until it is set aside. */
async function setAside() {
  const lin = await server.phone(linXiao)
  await spoil('"a day"')
  const request = lin.request([lin.command('check-in', { week })])
  for (let attempt = 1; attempt <= 5; attempt++) await lin.post(request)
  const [kept, ...others] = await listSetAside(server.database)
  if (kept === undefined || others.length > 0) throw new Error('one was set aside')
  return { lin, kept }
}

test('is named by person, device and number, with what was wrong', async () => {
  const { lin, kept } = await setAside()
  expect(kept).toMatchObject({ name: `${linXiao}.${lin.device}.1`, command: { command: 'check-in@1' } })
  expect(kept.error).toMatch(/\S/)
})

test('is taken once the reason is mended, as of when it came, and reaches the phone', async () => {
  const { lin, kept } = await setAside()
  await spoil('"2025-03-10"')
  server.clock.now = at('08:35')
  expect(await retrySetAside(server.database, kept)).toEqual({ outcome: 'accepted' })
  expect(await lineOf()).toMatchObject({ standing: 'on-time', receivedAt: at('08:26'), version: 1 })
  expect(await listSetAside(server.database)).toEqual([])
  const news = (await lin.sync()).scopes[`member:${linXiao}`]
  expect(news?.is === 'rows' && news.rows.some(([type]) => type === 'register-line')).toBe(true)
  expect(
    await lin.does('send-feedback', { kind: 'question', words: '之后' }, organizationScope(association)),
  ).toBe('accepted')
})

test('while the reason is there, nothing changes, however often it is tried', async () => {
  const { kept } = await setAside()
  for (let attempt = 1; attempt <= 7; attempt++) {
    await expect(retrySetAside(server.database, kept)).rejects.toThrow()
  }
  expect(await listSetAside(server.database)).toEqual([kept])
  await spoil('"2025-03-10"')
  expect(await retrySetAside(server.database, kept)).toEqual({ outcome: 'accepted' })
})

test('is done once, also when it is tried again', async () => {
  const { kept } = await setAside()
  await spoil('"2025-03-10"')
  expect(await retrySetAside(server.database, kept)).toEqual({ outcome: 'accepted' })
  expect(await retrySetAside(server.database, kept)).toEqual({ outcome: 'accepted' })
  expect(await lineOf()).toMatchObject({ version: 1 })
})

test('that is refused stays until it is dropped', async () => {
  const { kept } = await setAside()
  await server.database.pool.query(`DELETE FROM rows WHERE scope = $1 AND type = 'weekly-study'`, [
    branchScope(home),
  ])
  expect(await retrySetAside(server.database, kept)).toMatchObject({ outcome: 'refused' })
  expect(await listSetAside(server.database)).toHaveLength(1)
  await dropSetAside(server.database, kept)
  expect(await listSetAside(server.database)).toEqual([])
})

test('the phone itself is told that it was set aside, and goes on', async () => {
  const { lin } = await setAside()
  await spoil('"2025-03-10"')
  const answer = (await lin.post(lin.request())).json<SyncAnswer>()
  expect(answer.last).toBe(1)
  expect(await lin.does('check-in', { week })).toBe('accepted')
})
