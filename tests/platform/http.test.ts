import { createServer, type RequestListener, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { taroHttp, understood } from '#platform/http'
import { Unreachable } from '#sync/server-link'

jest.mock('@tarojs/taro', () => ({
  __esModule: true,
  default: jest.requireActual('../support/taro-request.ts'),
}))

const problem = { error: { code: 'signed-out', message: '登录已失效', traceId: 't-1' } }

describe('an answer that is our server’s', () => {
  test.each([
    { status: 200, data: '{"a":1}', body: { a: 1 } },
    { status: 200, data: { a: 1 }, body: { a: 1 } }, // some platforms parse regardless
    { status: 204, data: '', body: undefined },
    { status: 204, data: undefined, body: undefined },
  ])('$status $data is taken', ({ status, data, body }) => {
    expect(understood(status, data)).toEqual({ is: 'ok', body })
  })

  test.each([400, 401, 403, 413, 429, 500, 503])(
    'a problem of %d is handed on in its own words',
    (status) => {
      expect(understood(status, JSON.stringify(problem))).toEqual({
        is: 'problem',
        status,
        problem: problem.error,
      })
    },
  )
})

describe('whatever is not our server’s is no answer', () => {
  test.each([
    { what: 'a hotel’s login page', status: 200, data: '<!DOCTYPE html><title>Wi-Fi</title>' },
    { what: 'nothing at all', status: 200, data: '' },
    { what: 'nothing where something parsed it', status: 200, data: null },
    { what: 'a bare word of JSON', status: 200, data: '"ok"' },
    { what: 'half an answer', status: 200, data: '{"now":17' },
    { what: 'a redirect', status: 302, data: '' },
    { what: 'a redirect with a body like ours', status: 302, data: JSON.stringify(problem) },
    { what: 'a proxy’s error page', status: 502, data: '<html>Bad Gateway</html>' },
    { what: 'a proxy’s empty error', status: 504, data: '' },
    { what: 'the JSON of others', status: 403, data: '{"message":"Forbidden"}' },
    { what: 'a gateway that says 401', status: 401, data: '{"error":"invalid_token"}' },
  ])('$what ($status)', ({ status, data }) => {
    expect(() => understood(status, data)).toThrow(Unreachable)
  })

  test('but a newer server’s reason is told in its words', () => {
    const data = '{"error":{"code":"odd","message":"请稍候","traceId":"t"}}'
    expect(understood(400, data)).toMatchObject({
      is: 'problem',
      problem: { code: 'internal', message: '请稍候' },
    })
  })
})

describe('over a real network', () => {
  let server: Server | undefined
  afterEach(() => {
    server?.closeAllConnections()
    server?.close()
    server = undefined
  })

  async function serving(listener: RequestListener): Promise<string> {
    server = createServer(listener)
    await new Promise<void>((resolve) => server?.listen(0, '127.0.0.1', resolve))
    return `http://127.0.0.1:${(server.address() as AddressInfo).port}` // it listens on TCP
  }
  const ask = (url: string) => taroHttp(url, () => 'request0001')({ method: 'GET', path: '/v1/welcome' })

  test('a request carries the token if there is one, and a POST is always JSON', async () => {
    const heard: unknown[] = []
    const url = await serving(async (request, response) => {
      let body = ''
      for await (const chunk of request) body += chunk
      const { authorization, 'content-type': type, 'x-request-id': id } = request.headers
      heard.push([request.method, request.url, body, type, authorization, id])
      response.end('{}')
    })
    const http = taroHttp(url, () => 'request0001')
    await http({ method: 'POST', path: '/v1/sync', body: { note: '发烧' }, accessToken: 'token' })
    await http({ method: 'GET', path: '/v1/welcome' })
    await http({ method: 'POST', path: '/v1/sessions/end' })
    expect(heard).toEqual([
      ['POST', '/v1/sync', '{"note":"发烧"}', 'application/json', 'Bearer token', 'request0001'],
      ['GET', '/v1/welcome', '', undefined, undefined, 'request0001'],
      ['POST', '/v1/sessions/end', '{}', 'application/json', undefined, 'request0001'],
    ])
  })

  test('a server that is down', async () => {
    const url = await serving(() => undefined)
    server?.close()
    await new Promise((resolve) => server?.once('close', resolve))
    await expect(ask(url)).rejects.toBeInstanceOf(Unreachable)
  })

  test('a server that hangs up', async () => {
    const url = await serving((request) => request.socket.destroy())
    await expect(ask(url)).rejects.toBeInstanceOf(Unreachable)
  })

  test('a server that does not answer is given up before long', async () => {
    const url = await serving(() => undefined)
    const start = performance.now()
    await expect(ask(url)).rejects.toBeInstanceOf(Unreachable)
    expect(performance.now() - start).toBeLessThan(5_000) // 100 s of the app's time
  })

  test('one that takes its time is waited for where that is wanted', async () => {
    const url = await serving((_, response) => setTimeout(() => response.end('{}'), 1_200))
    const http = taroHttp(url, () => 'request0001')
    await expect(http({ method: 'POST', path: '/v1/watch' })).rejects.toBeInstanceOf(Unreachable)
    expect(await http({ method: 'POST', path: '/v1/watch', timeoutMs: 40_000 })).toMatchObject({ is: 'ok' })
  })

  test('an answer that stops in the middle', async () => {
    const url = await serving((_, response) => {
      response.writeHead(200, { 'content-type': 'application/json' })
      response.write('{"now":')
    })
    await expect(ask(url)).rejects.toBeInstanceOf(Unreachable)
  })

  test('a login page that answers everything with 200', async () => {
    const url = await serving((_, response) => response.end('<html><h1>请登录</h1></html>'))
    await expect(ask(url)).rejects.toBeInstanceOf(Unreachable)
  })
})
