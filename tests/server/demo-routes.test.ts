import { type TestServer, testServer } from '../support/server'

// A demo lets people in by picking a name. What a server in earnest says to the same paths is in
// app.test.ts: it knows none of them.

const notFound = {
  error: { code: 'not-found', message: expect.any(String), traceId: expect.any(String) },
}
const from = (host: string) => ({ headers: { host } })
const paths = [
  { method: 'GET', url: '/v1/demo/people' },
  { method: 'POST', url: '/v1/sessions/demo', payload: { personId: 'lin-xiao' } },
  { method: 'GET', url: '/demo/lin-xiao' },
] as const

describe('on this machine alone', () => {
  let server: TestServer
  beforeAll(async () => {
    server = await testServer({ isDemo: true })
  })
  afterAll(() => server.close())

  test.each(['127.0.0.1:8787', 'localhost:8787', 'localhost', '[::1]:8787'])(
    'lets people in at %s',
    async (host) => {
      for (const path of paths)
        expect((await server.app.inject({ ...path, ...from(host) })).statusCode).toBe(200)
    },
  )

  test.each([
    ...[
      'evil.example',
      'evil.example:8787',
      '127.0.0.1.evil.example',
      'localhost.evil.example',
      '192.168.1.7:8787',
    ],
    ...['127.0.0.1@evil.example', 'x y'],
  ])('has no such paths at «%s»: a page elsewhere cannot come in by another name', async (host) => {
    for (const path of paths) {
      const response = await server.app.inject({ ...path, ...from(host) })
      expect([response.statusCode, response.json()]).toEqual([404, notFound])
    }
  })

  test('lets in its own people and nobody else', async () => {
    const as = (personId: string) =>
      server.app.inject({
        method: 'POST',
        url: '/v1/sessions/demo',
        payload: { personId },
        ...from('localhost'),
      })
    expect((await as('lin-xiao')).json()).toMatchObject({ personId: 'lin-xiao' })
    expect((await as('chen-li')).statusCode).toBe(404) // here, but not of the cast
    expect((await as('no one')).statusCode).toBe(400)
    expect((await server.app.inject({ url: '/demo/nobody', ...from('localhost') })).statusCode).toBe(404)
  })

  test('is not kept to encryption, which this machine has none of', async () => {
    expect((await server.app.inject('/healthz')).headers).not.toHaveProperty('strict-transport-security')
  })
})

test('that somebody asked for on an address of their own is open to whoever reaches it', async () => {
  const server = await testServer({ isDemo: true, isLoopback: false })
  for (const path of paths) {
    expect((await server.app.inject({ ...path, ...from('demo.example') })).statusCode).toBe(200)
  }
  await server.close()
})
