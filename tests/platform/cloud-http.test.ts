import { cloudHttp } from '#platform/cloud-http'
import { Unreachable } from '#sync/server-link'

const cloud = { init: jest.fn(), callContainer: jest.fn() }
jest.mock('@tarojs/taro', () => ({
  __esModule: true,
  default: {
    get cloud() {
      return cloud
    },
  },
}))

const http = () => cloudHttp({ env: 'prod-1', service: 'study' }, () => 'request0001')
beforeEach(() => {
  cloud.init.mockReset()
  cloud.callContainer.mockReset()
})

test('a request goes to the service of the environment, opened once, with its name and token', async () => {
  cloud.callContainer.mockResolvedValue({ statusCode: 200, data: { a: 1 } })
  const ask = http()
  const request = { method: 'POST', path: '/v1/sync', body: { next: 1 }, accessToken: 'token' } as const
  expect(await ask(request)).toEqual({ is: 'ok', body: { a: 1 } })
  await ask({ method: 'GET', path: '/v1/welcome' })
  expect(cloud.init.mock.calls).toEqual([[{ env: 'prod-1' }]])
  expect(cloud.callContainer.mock.calls[0]?.[0]).toMatchObject({
    config: { env: 'prod-1' },
    path: '/v1/sync',
    method: 'POST',
    data: '{"next":1}',
    header: { 'X-WX-SERVICE': 'study', authorization: 'Bearer token', 'x-request-id': 'request0001' },
  })
})

test.each([
  [
    'it fails',
    () => cloud.callContainer.mockRejectedValue({ errMsg: 'cloud.callContainer:fail', errCode: -501000 }),
  ],
  [
    'a page comes back',
    () => cloud.callContainer.mockResolvedValue({ statusCode: 200, data: '<html></html>' }),
  ],
  [
    'this WeChat has no cloud',
    () =>
      cloud.init.mockImplementation(() => {
        throw new Error('no')
      }),
  ],
])('when %s, nothing is known of what happened', async (_what, happen) => {
  happen()
  await expect(http()({ method: 'GET', path: '/v1/welcome' })).rejects.toBeInstanceOf(Unreachable)
})

test('a problem of the server’s comes in its own words', async () => {
  const error = { code: 'overloaded', message: '服务器正忙', traceId: 't' }
  cloud.callContainer.mockResolvedValue({ statusCode: 503, data: { error } })
  expect(await http()({ method: 'GET', path: '/v1/welcome' })).toEqual({
    is: 'problem',
    status: 503,
    problem: error,
  })
})
