import * as v from 'valibot'
import { reportFaults, traceOf } from '#platform/faults'
import type { Http, HttpRequest } from '#platform/http'
import { clientErrorSchema } from '#protocol/account'

let hear: (message: string) => void = () => undefined
jest.mock('@tarojs/taro', () => ({
  __esModule: true,
  default: {
    onError: (listener: (message: string) => void) => {
      hear = listener
    },
    onUnhandledRejection: () => undefined,
    getCurrentPages: () => [{ route: 'packages/member/leave/index' }],
  },
}))

const thrown = (message: string): Error => {
  try {
    throw new TypeError(message)
  } catch (error) {
    return error as Error // just thrown
  }
}

describe('what an error tells', () => {
  test('its kind and its places, and never its words', () => {
    const trace = traceOf(thrown('张三的请假：手术'))
    expect(trace.name).toBe('TypeError')
    expect(trace.frames[0]).toMatch(/^thrown faults\.test\.ts:\d+:\d+$/)
    expect(JSON.stringify(trace)).not.toMatch(/张三|手术/)
  })

  test.each([
    [
      'WeChat’s own text',
      'TypeError: 张三\n    at submit (https://usr/app-service.js:10:200)',
      'submit app-service.js:10:200',
    ],
    [
      'a browser’s',
      Object.assign(new Error('张三'), { stack: 'go@http://x/js/app.1234.js:3:44' }),
      'app.1234.js:3:44',
    ],
    ['a frame without a name', Object.assign(new Error(), { stack: '    at app.js:1:2' }), 'app.js:1:2'],
  ])('%s', (_what, error, frame) => {
    expect(traceOf(error).frames).toEqual([frame])
  })

  test.each([undefined, null, 'plain words of 张三', 42, {}, { name: '张三', stack: 7 }])(
    'even of %p',
    (error) => {
      const { name, frames } = traceOf(error)
      expect([name, frames]).toEqual(['Error', []])
    },
  )
})

describe('reports', () => {
  const sent: HttpRequest[] = []
  const http: Http = async (request) => {
    sent.push(request)
    throw new Error('no network')
  }
  beforeEach(() => {
    sent.length = 0
  })

  test('fit what the server takes, one of each kind and few in a visit, and need no network', () => {
    const report = reportFaults(http, '0.2.0')
    hear('TypeError: 张三\n    at submit (app-service.js:10:200)')
    hear('TypeError: 李四\n    at submit (app-service.js:10:200)')
    for (let i = 0; i < 20; i += 1) report(Object.assign(new Error(), { stack: `    at app.js:${i}:1` }))
    expect(sent).toHaveLength(5)
    for (const { path, body } of sent) {
      expect(path).toBe('/v1/client-errors')
      expect(v.parse(clientErrorSchema, body)).toMatchObject({ page: 'packages/member/leave/index' })
    }
  })
})
