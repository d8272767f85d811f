import { keepScreenOn } from '#platform/keep-screen-on'

const mockWechat = { has: true, set: jest.fn(async (_options: object): Promise<object> => ({})) }
jest.mock('@tarojs/taro', () => ({
  __esModule: true,
  default: {
    canIUse: () => mockWechat.has,
    setKeepScreenOn: (options: object) => mockWechat.set(options),
  },
}))

beforeEach(() => {
  Object.assign(process.env, { TARO_ENV: 'weapp' })
  mockWechat.has = true
  mockWechat.set.mockReset().mockResolvedValue({})
})

test('asks WeChat for it, and gives it back', () => {
  keepScreenOn(true)
  keepScreenOn(false)
  expect(mockWechat.set.mock.calls).toEqual([[{ keepScreenOn: true }], [{ keepScreenOn: false }]])
})

test('a phone that will not is left alone', async () => {
  mockWechat.set.mockRejectedValue({ errMsg: 'setKeepScreenOn:fail' })
  expect(() => keepScreenOn(true)).not.toThrow()
  await new Promise((resolve) => setImmediate(resolve)) // a rejection nobody hears ends the process
})

test.each([
  { what: 'a client without it', has: false, env: 'weapp' },
  { what: 'a browser', has: true, env: 'h5' },
])('$what is not asked', ({ has, env }) => {
  Object.assign(process.env, { TARO_ENV: env })
  mockWechat.has = has
  keepScreenOn(true)
  expect(mockWechat.set).not.toHaveBeenCalled()
})
