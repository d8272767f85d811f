import { execFile } from 'node:child_process'
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { promisify } from 'node:util'
import { brotliDecompressSync, gunzipSync } from 'node:zlib'
import type { FastifyInstance } from 'fastify'
import type { Change } from '#domain/records'
import { organizationScope } from '#domain/scopes'
import { buildApp } from '#server/app'
import { association, linXiao } from '../support/branch'
import { type TestPhone, type TestServer, testServer } from '../support/server'

let server: TestServer
beforeAll(async () => {
  server = await testServer()
})
afterAll(() => server.close())

const topic = (number: number): Change => ({
  scope: organizationScope(association),
  type: 'week-topic',
  key: `2030-W${String(number).padStart(2, '0')}`,
  value: { week: `2030-W${String(number).padStart(2, '0')}`, topic: `第 ${number} 周的主题：学习贯彻` },
})

describe('an answer of the synchronisation', () => {
  let phone: TestPhone
  beforeAll(async () => {
    await server.write(Array.from({ length: 50 }, (_, index) => topic(index + 1)))
    phone = await server.phone(linXiao)
  })

  const ask = (acceptEncoding: string | undefined) =>
    server.app.inject({
      method: 'POST',
      url: '/v1/sync',
      headers: {
        authorization: `Bearer ${phone.session.accessToken}`,
        'content-type': 'application/json',
        ...(acceptEncoding === undefined ? {} : { 'accept-encoding': acceptEncoding }),
      },
      payload: JSON.stringify(phone.request()),
    })

  test.each(['gzip', 'gzip, compress, br, deflate', 'gzip, deflate, br, zstd', 'br;q=1, gzip;q=0.5', '*'])(
    'that is large is packed for a phone that takes %s, and says the same',
    async (acceptEncoding) => {
      const plain = await ask(undefined)
      const packed = await ask(acceptEncoding)
      expect(packed.headers).toMatchObject({
        'content-encoding': 'gzip',
        vary: 'accept-encoding',
        'content-type': 'application/json',
        'content-length': String(packed.rawPayload.length),
      })
      expect(packed.rawPayload.length).toBeLessThan(plain.rawPayload.length / 3)
      expect(JSON.parse(gunzipSync(packed.rawPayload).toString())).toEqual(plain.json())
    },
  )

  test.each([undefined, '', 'identity', 'br', 'deflate', 'gzip;q=0', 'br, gzip;q=0.0'])(
    'goes as it is to one that takes %j',
    async (acceptEncoding) => {
      const response = await ask(acceptEncoding)
      expect(response.headers).not.toHaveProperty('content-encoding')
      expect(response.headers.vary).toBe('accept-encoding')
      expect(response.json().scopes).toHaveProperty(organizationScope(association))
    },
  )

  test('that is small goes as it is, with nothing said of packing', async () => {
    await phone.sync()
    const response = await ask('gzip')
    expect(response.json().scopes).toEqual({})
    expect(response.headers).not.toHaveProperty('content-encoding')
    expect(response.headers).not.toHaveProperty('vary')
  })
})

test('what others answer is not packed, however large', async () => {
  const response = await server.app.inject({
    url: '/v1/openapi.json',
    headers: { 'accept-encoding': 'gzip' },
  })
  expect(response.rawPayload.length).toBeGreaterThan(10_000)
  expect(response.headers).not.toHaveProperty('content-encoding')
  expect(response.json()).toHaveProperty('openapi')
})

describe('the files of the app', () => {
  const code = `/* 周汇朝学 */ ${'const answer = () => 42\n'.repeat(200)}`
  const files: Readonly<Record<string, string>> = {
    'index.html': `<!DOCTYPE html>${'<p>学习</p>'.repeat(300)}`,
    'sw.js': code,
    'js/app.0a1b2c3d.js': code,
    'js/627.99887766.js': 'small()',
    'css/app.c6d74ee4.css': '.a { color: red }\n'.repeat(200),
    'icon.png': '\u0001\u0002'.repeat(2_000),
  }
  const [page, hashed] = ['index.html', 'js/app.0a1b2c3d.js']
  let site: string
  let app: FastifyInstance

  const run = (name: 'packFiles' | 'removePacked') =>
    promisify(execFile)(process.execPath, [
      '--input-type=module',
      '--eval',
      `import(${JSON.stringify(path.resolve('config/scripts/lib/packed-files.mjs'))}).then((all) => all.${name}(${JSON.stringify(site)}))`,
    ])
  const packedFiles = async () =>
    (await readdir(site, { recursive: true })).filter((name) => /\.(br|gz)$/.test(name)).sort()
  const contents = async () =>
    Promise.all((await packedFiles()).map((name) => readFile(path.join(site, name), 'base64')))

  beforeAll(async () => {
    site = await mkdtemp(path.join(tmpdir(), 'study-site-'))
    for (const [name, content] of Object.entries(files)) {
      await mkdir(path.dirname(path.join(site, name)), { recursive: true })
      await writeFile(path.join(site, name), content)
    }
    await run('packFiles')
    const { database } = server
    app = await buildApp({
      database,
      now: Date.now,
      isDemo: false,
      isLoopback: true,
      site,
      logLevel: 'silent',
    })
  })
  afterAll(async () => {
    await app.close()
    await rm(site, { recursive: true })
  })

  const get = (
    name: string,
    acceptEncoding: string | undefined,
    more: { method?: 'GET' | 'HEAD'; headers?: object } = {},
  ) =>
    app.inject({
      method: more.method ?? 'GET',
      url: `/${name}`,
      headers: {
        ...(acceptEncoding === undefined ? {} : { 'accept-encoding': acceptEncoding }),
        ...more.headers,
      },
    })

  test('are packed if they are text and large, always into the same bytes', async () => {
    const names = ['css/app.c6d74ee4.css', 'index.html', hashed, 'sw.js']
    expect(await packedFiles()).toEqual(names.flatMap((name) => [`${name}.br`, `${name}.gz`]))
    const first = await contents()
    await run('packFiles')
    expect(await contents()).toEqual(first)
  })

  test.each([
    { takes: 'gzip, deflate, br, zstd', encoding: 'br', unpack: brotliDecompressSync },
    { takes: 'gzip, deflate', encoding: 'gzip', unpack: gunzipSync },
    { takes: 'br;q=0, gzip', encoding: 'gzip', unpack: gunzipSync },
    { takes: 'identity', encoding: undefined, unpack: (content: Buffer) => content },
    { takes: undefined, encoding: undefined, unpack: (content: Buffer) => content },
  ])('go out as $encoding to a browser that takes $takes', async ({ takes, encoding, unpack }) => {
    for (const [name, type] of [
      ['', 'text/html; charset=utf-8'],
      [hashed, 'application/javascript; charset=utf-8'],
      ['css/app.c6d74ee4.css', 'text/css; charset=utf-8'],
    ] as const) {
      const response = await get(name, takes)
      expect([name, response.statusCode, response.headers['content-encoding']]).toEqual([name, 200, encoding])
      expect(response.headers).toMatchObject({ 'content-type': type, vary: 'accept-encoding' })
      expect(response.headers['content-length']).toBe(String(response.rawPayload.length))
      expect(unpack(response.rawPayload).toString()).toBe(files[name === '' ? page : name])
    }
  })

  test.each(['br', 'gzip', undefined])('are kept as long, packed as %s or not', async (takes) => {
    const ages = await Promise.all(
      ['', 'sw.js', hashed, 'js/627.99887766.js'].map(
        async (name) => (await get(name, takes)).headers['cache-control'],
      ),
    )
    const forEver = 'public, max-age=31536000, immutable'
    expect(ages).toEqual(['no-cache', 'no-cache', forEver, forEver])
  })

  test.each(['icon.png', 'js/627.99887766.js'])('%s goes as it is', async (name) => {
    const response = await get(name, 'gzip, br')
    expect(response.headers).not.toHaveProperty('content-encoding')
    expect(response.body).toBe(files[name])
  })

  test('each packing has an etag of its own, by which a browser is told that it is the same', async () => {
    const etags = await Promise.all(
      ['br', 'gzip', undefined].map(async (takes) => (await get(page, takes)).headers.etag),
    )
    expect(new Set(etags).size).toBe(3)
    for (const [index, takes] of ['br', 'gzip', undefined].entries()) {
      const headers = { 'if-none-match': etags[index] }
      const same = await get(page, takes, { headers })
      expect([takes, same.statusCode, same.headers.vary]).toEqual([takes, 304, 'accept-encoding'])
      const other = { 'if-none-match': etags[(index + 1) % 3] }
      expect([takes, (await get(page, takes, { headers: other })).statusCode]).toEqual([takes, 200])
    }
  })

  test('HEAD says of them what GET says', async () => {
    for (const takes of ['br', 'gzip', undefined]) {
      const [head, whole] = [await get(hashed, takes, { method: 'HEAD' }), await get(hashed, takes)]
      const without = ({ date: _, 'x-request-id': __, ...headers }: typeof head.headers) => headers
      expect(head.rawPayload.length).toBe(0)
      expect(without(head.headers)).toEqual(without(whole.headers))
    }
  })

  test('what is not there is not there, packed or not', async () => {
    for (const takes of ['br', undefined]) expect((await get('js/nothing.js', takes)).statusCode).toBe(404)
  })

  test('forgotten by the build, they leave nothing packed behind', async () => {
    await run('removePacked')
    expect(await packedFiles()).toEqual([])
    const response = await get(hashed, 'br')
    expect([response.headers['content-encoding'], response.body]).toEqual([undefined, code])
  })
})
