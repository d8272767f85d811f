import { readFileSync, writeFileSync } from 'node:fs'
import type { FastifyInstance } from 'fastify'
import { buildApp } from '#server/app'
import { createOrganization } from '#server/organization'
import { type Database, openDatabase } from '#server/storage/database'
import { migrate } from '#server/storage/migrations'
import { freshDatabase, type TestDatabase } from '../support/database'
import { type TestServer, testServer } from '../support/server'

const problem = (code: string) => ({
  error: { code, message: expect.stringMatching(/[一-龥]/), traceId: expect.any(String) },
})

interface Described {
  type?: string
  anyOf?: Described[]
  oneOf?: Described[]
}

interface Operation {
  summary?: string
  security?: object[]
  requestBody?: { content: Record<string, { schema: Described }> }
  responses?: Record<string, { content?: Record<string, { schema: { type: string } }> }>
}
interface OpenApi {
  openapi: string
  info: { title: string; version: string }
  paths: Record<string, Record<string, Operation>>
}

describe('in earnest', () => {
  let server: TestServer
  beforeAll(async () => {
    server = await testServer()
  })
  afterAll(() => server.close())

  /** What these are about follows from who asks. */
  const wantsNothing = /(\/end|\/withdraw|\/cancellation)$/

  describe('the description of the interface', () => {
    const described = async () => (await server.app.inject('/v1/openapi.json')).json<OpenApi>()
    const operations = async () =>
      Object.entries((await described()).paths).flatMap(([path, methods]) =>
        Object.entries(methods).map(([method, operation]) => ({ name: `${method} ${path}`, ...operation })),
      )

    test('is OpenAPI 3.1, and what is written down of it', async () => {
      const { info, ...rest } = await described()
      expect(rest.openapi).toMatch(/^3\.1\./)
      expect(info).toEqual({ title: '周汇朝学', version: expect.stringMatching(/^\d+\.\d+\.\d+/) })
      const file = 'docs/openapi.json'
      const found = `${JSON.stringify(rest, undefined, 2)}\n`
      if (process.env.OPENAPI === 'write') writeFileSync(file, found)
      // It has drifted? `npm run openapi` writes it anew: look at the difference before it is kept.
      expect(JSON.parse(readFileSync(file, 'utf8'))).toEqual(JSON.parse(found))
    })

    test('says what each does, what it wants and what it answers', async () => {
      for (const { name, summary, requestBody, responses } of await operations()) {
        expect([name, summary]).toEqual([name, expect.stringMatching(/\w+ \w+/)])
        expect([name, Object.keys(responses ?? {})]).not.toEqual([name, []])
        if (!name.startsWith('post') || wantsNothing.test(name)) continue
        expect([name, responses?.['4XX'] ?? responses?.['4xx']]).toEqual([name, expect.anything()])
        const schema = requestBody?.content['application/json']?.schema
        if (name !== 'post /v1/rosters')
          // a file
          for (const each of schema?.oneOf ?? schema?.anyOf ?? [schema])
            expect([name, each?.type]).toEqual([name, expect.stringMatching(/^(object|array)$/)])
      }
    })

    test('says where somebody must be signed in', async () => {
      const guarded = (await operations()).filter(({ security }) => security !== undefined)
      expect(guarded.length).toBeGreaterThan(10)
      for (const { name } of guarded) {
        const [method = '', url = ''] = name.split(' ')
        const response = await server.app.inject({
          method: method === 'get' ? 'GET' : 'POST',
          url: url.replace('{branch}', 'branch-1'),
        })
        expect([name, response.statusCode]).toEqual([name, 401])
      }
    })
  })

  test('whatever a browser might show tells it to be careful', async () => {
    for (const url of ['/', '/healthz', '/nowhere', '/demo/lin-xiao']) {
      const { headers } = await server.app.inject(url)
      expect(headers).toMatchObject({
        'x-content-type-options': 'nosniff',
        'x-frame-options': 'SAMEORIGIN',
        'referrer-policy': 'no-referrer',
        'strict-transport-security': expect.stringContaining('max-age='),
      })
      const policy = String(headers['content-security-policy'])
      expect(policy).toContain("default-src 'self'")
      expect(policy).toContain("script-src 'self';")
      expect(policy).not.toMatch(/unsafe-eval|script-src[^;]*unsafe-inline/)
      expect(headers).not.toHaveProperty('x-powered-by')
    }
  })

  test('what answers the app says only that it is data', async () => {
    for (const url of ['/v1/welcome', '/v1/nowhere', '/v1/me']) {
      const { headers } = await server.app.inject({ url, headers: { 'x-request-id': 'k3f9x2m7qa' } })
      expect([url, Object.keys(headers).sort()]).toEqual([
        url,
        ['content-length', 'content-type', 'x-content-type-options'],
      ])
      expect(headers).toMatchObject({
        'content-type': 'application/json',
        'x-content-type-options': 'nosniff',
      })
    }
  })

  test.each([
    { method: 'GET', url: '/nowhere' },
    { method: 'GET', url: '/v1/nowhere' },
    { method: 'DELETE', url: '/v1/sync' },
    { method: 'PATCH', url: '/v1/sync' },
    { method: 'GET', url: '/v1/demo/people' },
    { method: 'POST', url: '/v1/sessions/demo', payload: { personId: 'lin-xiao' } },
    { method: 'GET', url: '/demo/lin-xiao' },
  ] as const)('there is no $method $url', async (request) => {
    const response = await server.app.inject(request)
    expect([response.statusCode, response.json()]).toEqual([404, problem('not-found')])
  })

  test.each(['/v1/sessions/refresh', '/v1/sessions/invitation'])(
    '%s takes no more than 4 KB',
    async (url) => {
      const payload = { refreshToken: 'x'.repeat(5_000), code: 'x'.repeat(5_000) }
      const response = await server.app.inject({ method: 'POST', url, payload })
      expect([response.statusCode, response.json()]).toEqual([413, problem('too-large')])
    },
  )

  test.each([
    { what: 'no JSON', payload: '{', type: 'application/json' },
    { what: 'JSON of another form', payload: '{"a":1}', type: 'application/json' },
    { what: 'an empty body', payload: '', type: 'application/json' },
    { what: 'a form', payload: 'refreshToken=x', type: 'application/x-www-form-urlencoded' },
    { what: 'a key to everything', payload: '{"__proto__":{"x":1}}', type: 'application/json' },
  ])('$what is malformed', async ({ payload, type }) => {
    const headers = { 'content-type': type }
    const response = await server.app.inject({
      method: 'POST',
      url: '/v1/sessions/refresh',
      payload,
      headers,
    })
    expect([response.statusCode, response.json()]).toEqual([400, problem('malformed')])
  })

  test('what anybody may see names no person and no branch', async () => {
    const response = await server.app.inject('/v1/welcome')
    expect(response.json()).toEqual({
      organization: { name: '协会' },
      isDemo: false,
      hasWechat: true,
      week: { number: 11, topic: '', heldOn: '2025-03-10' },
    })
  })
})

describe('a server without an organisation', () => {
  let made: TestDatabase
  let database: Database
  let app: FastifyInstance
  beforeAll(async () => {
    made = await freshDatabase()
    database = openDatabase(made.url)
    await migrate(database)
    app = await buildApp({ database, now: Date.now, isDemo: false, isLoopback: true, logLevel: 'silent' })
  })
  afterAll(async () => {
    await app.close()
    await database.close()
    await made.drop()
  })

  test('is ready, and says what to do', async () => {
    const response = await app.inject('/readyz')
    expect(response.statusCode).toBe(200)
    expect(response.json()).toMatchObject({
      status: 'ready',
      organization: expect.stringContaining('create'),
    })
    expect((await app.inject('/v1/welcome')).json()).toEqual({ isDemo: false, hasWechat: false })
  })

  test('says so no more once there is one, and there can be only one', async () => {
    const first = { name: '市科协', admin: '梁一真' }
    await createOrganization(database, first, Date.now())
    expect((await app.inject('/readyz')).json()).toMatchObject({
      organization: expect.stringMatching(/^org-/),
    })
    expect((await app.inject('/v1/welcome')).json()).toMatchObject({ organization: { name: '市科协' } })
    await expect(createOrganization(database, first, Date.now())).rejects.toThrow('already')
  })

  test('whose database is gone lives, but is not ready', async () => {
    await made.drop()
    const ready = await app.inject('/readyz')
    expect([ready.statusCode, ready.json()]).toEqual([
      503,
      { status: 'not ready', database: 'not reachable' },
    ])
    expect((await app.inject('/healthz')).json()).toEqual({ status: 'ok' })
    const welcome = await app.inject('/v1/welcome')
    expect([welcome.statusCode, welcome.json().error.message]).toEqual([
      expect.any(Number),
      expect.stringContaining('稍后再试'),
    ])
    expect(welcome.body).not.toContain(new URL(made.url).pathname.slice(1))
  })
})
