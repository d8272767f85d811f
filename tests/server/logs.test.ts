import { consentVersion } from '#domain/consent'
import { branchScope, reviewScope } from '#domain/scopes'
import { invite } from '#server/invitations'
import { createOrganization } from '#server/organization'
import { chenLi, home, linXiao, TestBranch, week, zhouSecretary } from '../support/branch'
import { type TestServer, testServer } from '../support/server'

const lines: string[] = []
let server: TestServer
beforeEach(async () => {
  lines.length = 0
  const branch = new TestBranch()
  branch.enrol(linXiao, { name: '林晓' })
  server = await testServer({ branch, isDemo: true, logStream: { write: (line) => void lines.push(line) } })
})
afterEach(() => server.close())

const entries = () => lines.map((line) => JSON.parse(line) as Record<string, unknown>)
/** Line by line, so that a failure shows where. */
const linesWith = (secret: string) => lines.filter((line) => line.includes(secret))

test('what people write, their names and what lets them in never reach it', async () => {
  const [lin, zhou] = [await server.phone(linXiao), await server.phone(zhouSecretary)]
  const invitation = await invite(server.database, chenLi, server.clock.now)
  const post = (url: string, payload: object) => server.app.inject({ method: 'POST', url, payload })

  server.clock.now -= 15 * 60_000 // before the study, when leave can be asked
  expect(await lin.does('ask-leave', { week, kind: 'sick', note: '急性阑尾炎' })).toBe('accepted')
  const decision = { week, memberId: linXiao, isAccepted: false, reason: '请补交假条', version: 1 }
  expect(await zhou.does('decide-leave', decision)).toBe('accepted')
  expect(
    (await post('/v1/sessions/invitation', { code: invitation, consent: consentVersion })).statusCode,
  ).toBe(200)
  expect((await post('/v1/sessions/invitation', { code: 'WRNG-WRNG-WRNG' })).statusCode).toBe(403)
  const refreshed = await post('/v1/sessions/refresh', { refreshToken: lin.session.refreshToken })
  expect(refreshed.statusCode).toBe(200)
  expect((await post('/v1/sessions/refresh', { refreshToken: 'not-a-token-at-all' })).statusCode).toBe(401)
  expect((await lin.post({ note: '格式不对的内容' })).statusCode).toBe(400)
  expect((await lin.post('{"note": "半截的内容')).statusCode).toBe(400)
  expect((await lin.post(lin.request(), 'forged.access.token')).statusCode).toBe(401)
  await server.app.inject({
    url: '/v1/welcome?name=王五&token=in-the-address',
    headers: { cookie: 'sid=in-a-cookie' },
  })

  expect(lines.length).toBeGreaterThan(20)
  const tokens = [lin.session, zhou.session, refreshed.json<typeof lin.session>()].flatMap((each) => [
    each.accessToken,
    each.refreshToken,
    each.refreshToken.split('.').at(-1) ?? '',
  ])
  const written = ['林晓', '急性阑尾炎', '请补交假条', '格式不对', '半截的内容', '王五']
  const letsIn = [
    invitation,
    invitation.replaceAll('-', ''),
    'WRNG',
    'not-a-token',
    'forged',
    'in-the-address',
  ]
  for (const secret of [...written, ...tokens, ...letsIn, 'in-a-cookie', 'Bearer']) {
    expect(linesWith(secret)).toEqual([])
  }
})

test('a failure of ours is told with its code and its place, and no value of a record', async () => {
  const lin = await server.phone(linXiao)
  await server.database.pool.query(
    `UPDATE rows SET value = jsonb_set(value, '{heldOn}', '"张三的生日"') WHERE scope = $1 AND type = 'weekly-study'`,
    [branchScope(home)],
  )
  const response = await lin.post(
    lin.request([lin.command('ask-leave', { week, kind: 'sick', note: '急性阑尾炎' })]),
  )
  expect(response.statusCode).toBe(500)
  const { traceId } = response.json<{ error: { traceId: string } }>().error

  const failure = entries().find((entry) => entry.msg === 'request failed')
  expect(failure).toMatchObject({ level: 50, reqId: traceId, code: 'internal' })
  expect(failure).toMatchObject({ err: { message: '', stack: expect.stringContaining('read-records.ts') } })
  for (const secret of ['张三', '急性阑尾炎', '林晓']) expect(linesWith(secret)).toEqual([])
})

test('an error of the database is told without its detail, which quotes the row', async () => {
  const lin = await server.phone(linXiao)
  await server.database.pool.query(
    `ALTER TABLE rows ADD CONSTRAINT odd CHECK (scope <> '${reviewScope(home)}' OR type <> 'register-line') NOT VALID`,
  )
  expect((await lin.post(lin.request([lin.command('check-in', { week })]))).statusCode).toBe(500)
  expect(entries().find((entry) => entry.msg === 'request failed')).toMatchObject({ err: { code: '23514' } })
  expect(linesWith('Failing row')).toEqual([])
  expect(linesWith('on-time')).toEqual([])
})

test('setting up an organisation leaves its names out of it', async () => {
  await createOrganization(server.database, { name: '市科协', admin: '梁一真' }, 0).catch(() => undefined)
  expect([...linesWith('市科协'), ...linesWith('梁一真')]).toEqual([])
})
