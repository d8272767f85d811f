import { consentVersion } from '#domain/consent'
import type { Session } from '#protocol/sessions'
import { invite } from '#server/invitations'
import { linXiao } from '../support/branch'
import { type TestServer, testServer } from '../support/server'

let server: TestServer
beforeEach(async () => {
  server = await testServer()
})
afterEach(() => server.close())

const post = (url: string, payload: object, token?: string) =>
  server.app.inject({
    method: 'POST',
    url,
    payload,
    headers: token ? { authorization: `Bearer ${token}` } : {},
  })
const refresh = (refreshToken: string) => post('/v1/sessions/refresh', { refreshToken })
const minutes = (count: number) => {
  server.clock.now += count * 60_000
}

describe('an invitation', () => {
  test('lets its person in once, however it is written', async () => {
    const code = await invite(server.database, linXiao, server.clock.now)
    expect(code).toMatch(/^\w{4}-\w{4}-\w{4}$/)
    const written = ` ${code.toLowerCase().replaceAll('-', ' ')} `
    const first = await post('/v1/sessions/invitation', { code: written, consent: consentVersion })
    expect(first.json<Session>()).toMatchObject({ personId: linXiao, name: linXiao })
    expect((await post('/v1/sessions/invitation', { code, consent: consentVersion })).statusCode).toBe(403)
  })

  test('of two phones at the same moment lets one in', async () => {
    const code = await invite(server.database, linXiao, server.clock.now)
    const answers = await Promise.all(
      [1, 2, 3].map(() => post('/v1/sessions/invitation', { code, consent: consentVersion })),
    )
    expect(answers.map((each) => each.statusCode).sort()).toEqual([200, 403, 403])
  })

  test('is no good after a week; a wrong one says what to do', async () => {
    const code = await invite(server.database, linXiao, server.clock.now)
    minutes(7 * 24 * 60)
    expect((await post('/v1/sessions/invitation', { code, consent: consentVersion })).statusCode).toBe(403)
    const wrong = await post('/v1/sessions/invitation', { code: 'AAAA-AAAA-AAAA' })
    expect(wrong.json().error).toMatchObject({
      code: 'invitation-invalid',
      message: expect.stringContaining('支部书记'),
    })
  })

  test('is not to be guessed', async () => {
    const answers = []
    for (let tries = 0; tries < 65; tries++)
      answers.push(await post('/v1/sessions/invitation', { code: `AAAA${tries}` }))
    expect(answers.at(-1)?.statusCode).toBe(429)
    expect(answers.at(-1)?.json().error.retryAfterMs).toBeGreaterThan(0)
  })

  test('is not kept in the clear', async () => {
    const code = await invite(server.database, linXiao, server.clock.now)
    const { rows } = await server.database.pool.query('SELECT * FROM invitations')
    expect(JSON.stringify(rows)).not.toContain(code.replaceAll('-', ''))
  })
})

describe('a session', () => {
  test('its access token ends after a quarter of an hour, and a refresh goes on', async () => {
    const phone = await server.phone(linXiao)
    expect((await phone.post(phone.request())).statusCode).toBe(200)
    minutes(16)
    expect((await phone.post(phone.request())).statusCode).toBe(401)
    const next = (await refresh(phone.session.refreshToken)).json<Session>()
    expect((await phone.post(phone.request(), next.accessToken)).statusCode).toBe(200)
  })

  test('a used refresh token ends it for everybody who holds it', async () => {
    const phone = await server.phone(linXiao)
    const next = (await refresh(phone.session.refreshToken)).json<Session>()
    await phone.post(phone.request(), next.accessToken) // the successor is in use
    expect((await refresh(phone.session.refreshToken)).statusCode).toBe(401)
    expect((await phone.post(phone.request(), next.accessToken)).statusCode).toBe(401)
    expect((await refresh(next.refreshToken)).statusCode).toBe(401)
  })

  test('an answer lost on the way is no theft: the same token may ask again', async () => {
    const phone = await server.phone(linXiao)
    await refresh(phone.session.refreshToken) // never arrives
    const again = await refresh(phone.session.refreshToken)
    expect(again.statusCode).toBe(200)
    expect((await phone.post(phone.request(), again.json<Session>().accessToken)).statusCode).toBe(200)
  })

  test('signing out ends it at once', async () => {
    const phone = await server.phone(linXiao)
    expect((await post('/v1/sessions/end', {}, phone.session.accessToken)).statusCode).toBe(204)
    expect((await phone.post(phone.request())).statusCode).toBe(401)
    expect((await refresh(phone.session.refreshToken)).statusCode).toBe(401)
  })

  test.each(['', 'x', 'lin-xiao.abc.def', `lin-xiao.${'a'.repeat(12)}.${'b'.repeat(32)}`])(
    'refresh token "%s" → no',
    async (token) => {
      expect([400, 401]).toContain((await refresh(token)).statusCode)
    },
  )

  test('tokens are kept as hashes', async () => {
    const phone = await server.phone(linXiao)
    const { rows } = await server.database.pool.query('SELECT * FROM sessions')
    expect(JSON.stringify(rows)).not.toContain(phone.session.refreshToken.split('.')[2])
  })
})
