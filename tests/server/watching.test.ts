import { linXiao, week } from '../support/branch'
import { metricsToken, type TestServer, testServer } from '../support/server'

let server: TestServer
let lines: string[]
beforeEach(async () => {
  lines = []
  server = await testServer({ logStream: { write: (line) => void lines.push(line) } })
})
afterEach(() => server.close())

const logged = () => lines.map((line) => JSON.parse(line) as Record<string, unknown>)
const metrics = (token?: string) =>
  server.app.inject({
    url: '/metrics',
    headers: token === undefined ? {} : { authorization: `Bearer ${token}` },
  })

describe('measures', () => {
  test('are for whoever has the token, and for others not there', async () => {
    expect((await metrics()).statusCode).toBe(404)
    expect((await metrics('a wrong one'.replaceAll(' ', '-'))).statusCode).toBe(404)
    expect((await metrics(metricsToken)).statusCode).toBe(200)
  })

  test('count requests by route and commands by outcome, and name nobody', async () => {
    const phone = await server.phone(linXiao)
    await phone.does('check-in', { week })
    await phone.does('check-in', { week: '2025-W20' })
    const text = (await metrics(metricsToken)).body
    expect(text).toMatch(
      /http_request_duration_seconds_count\{method="POST",route="\/v1\/sync",status="200"\} 2/,
    )
    expect(text).toContain('sync_commands_total{outcome="accepted"} 1')
    expect(text).toContain('sync_commands_total{outcome="refused"} 1')
    expect(text).toMatch(/database_connections\{state="idle"\} \d/)
    expect(text).not.toContain(linXiao)
  })
})

describe('a request', () => {
  test('is found in the log by the name its phone gave it', async () => {
    const response = await server.app.inject({
      url: '/v1/welcome',
      headers: { 'x-request-id': 'k3f9x2m7qa' },
    })
    expect(response.headers).not.toHaveProperty('x-request-id') // the phone knows it
    expect(logged().filter((line) => line.reqId === 'k3f9x2m7qa').length).toBeGreaterThan(0)
  })

  test.each(['a b', '<script>', 'x', 'A'.repeat(50), '张三'])(
    'with a name like %s gets one of ours',
    async (id) => {
      const response = await server.app.inject({
        url: '/v1/welcome',
        headers: { 'x-request-id': encodeURIComponent(id) === id ? id : Buffer.from(id).toString('latin1') },
      })
      expect(response.headers['x-request-id']).toMatch(/^[0-9a-f-]{36}$/)
    },
  )
})

describe('an error of the app on a phone', () => {
  const report = {
    version: '0.2.0',
    platform: 'weapp',
    page: 'pages/home/index',
    name: 'TypeError',
    frames: ['submit (app-service.js:10:200)'.replace(/.*\((.*)\)/, '$1')],
    requests: ['k3f9x2m7qa'],
  }
  const send = (payload: object) => server.app.inject({ method: 'POST', url: '/v1/client-errors', payload })

  test('is a line of the log', async () => {
    expect((await send(report)).statusCode).toBe(204)
    expect(logged().find((line) => line.clientError !== undefined)?.clientError).toEqual(report)
  })

  test.each([
    ['words of an error', { name: '张三的请假读不出来' }],
    ['a page with its query', { page: 'pages/home/index?person=lin-xiao' }],
    ['a frame with words in it', { frames: ['note=手术 (a.js:1:1)'] }],
    ['anything else', { frames: Array.from({ length: 30 }, () => 'a.js:1:1') }],
  ])('with %s is turned away and not logged', async (_what, more) => {
    expect((await send({ ...report, ...more })).statusCode).toBe(400)
    expect(JSON.stringify(logged())).not.toMatch(/张三|手术|lin-xiao/)
  })

  test('leaves out what the form does not know', async () => {
    await send({ ...report, message: '张三的请假' })
    expect(JSON.stringify(logged())).not.toContain('张三')
  })
})
