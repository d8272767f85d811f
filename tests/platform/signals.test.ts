import { newDeviceId, onSignals, systemWantsLargeType } from '#platform/signals'
import { onAppUpdate } from '#platform/updates'

/** The calls a client has; an older one lacks some, and to call those throws as it would there. */
type Api = Record<string, (...given: never[]) => unknown>
const mockClient: { api: Api; claims: readonly string[] } = { api: {}, claims: [] }
jest.mock('@tarojs/taro', () => ({
  __esModule: true,
  default: new Proxy(
    {},
    {
      get: (_, name) =>
        name === 'canIUse'
          ? (asked: string) => asked in mockClient.api || mockClient.claims.includes(asked)
          : mockClient.api[String(name)],
    },
  ),
}))

function client(api: Api, claims: readonly string[] = []): void {
  mockClient.api = api
  mockClient.claims = claims
}

beforeEach(() => client({}))

describe('a client that lacks', () => {
  test('an update manager never offers a new version', () => {
    const offered = jest.fn()
    onAppUpdate(offered)
    expect(offered).not.toHaveBeenCalled()
  })

  test('its base information wants ordinary type', () => {
    expect(systemWantsLargeType()).toBe(false)
  })

  test('random values gets a device id all the same, each time another', async () => {
    const ids = await Promise.all(Array.from({ length: 50 }, newDeviceId))
    for (const id of ids) expect(id).toMatch(/^[a-z0-5]{24}$/)
    expect(new Set(ids).size).toBe(50)
  })
})

test('a client that says it has them, and has not, fails: the ones above were asked first', async () => {
  client({}, ['getUpdateManager', 'getAppBaseInfo', 'getRandomValues'])
  expect(() => onAppUpdate(() => undefined)).toThrow(TypeError)
  expect(() => systemWantsLargeType()).toThrow(TypeError)
  await expect(newDeviceId()).rejects.toThrow(TypeError)
})

describe('a client that has everything', () => {
  test('offers a new version when it is ready, and changes over only when told to', () => {
    let ready: () => void = () => undefined
    const applyUpdate = jest.fn()
    client({
      getUpdateManager: () => ({
        applyUpdate,
        onUpdateReady: (listener: () => void) => {
          ready = listener
        },
      }),
    })
    const offers: (() => void)[] = []
    onAppUpdate((apply) => offers.push(apply))
    expect(offers).toHaveLength(0)
    ready()
    expect(offers).toHaveLength(1)
    expect(applyUpdate).not.toHaveBeenCalled()
    offers[0]?.()
    expect(applyUpdate).toHaveBeenCalledTimes(1)
  })

  test.each([
    { info: { fontSizeSetting: 16 }, isLarge: false },
    { info: { fontSizeSetting: 18 }, isLarge: false },
    { info: { fontSizeSetting: 19 }, isLarge: true },
    { info: { fontSizeSetting: 23 }, isLarge: true },
    { info: { fontSizeSetting: '23' }, isLarge: false },
    { info: {}, isLarge: false },
    { info: undefined, isLarge: false },
  ])('$info: large type is $isLarge', ({ info, isLarge }) => {
    client({ getAppBaseInfo: () => info })
    expect(systemWantsLargeType()).toBe(isLarge)
  })

  test('makes the device id of its random values, all of them', async () => {
    const given = Uint8Array.from({ length: 24 }, (_, index) => 255 - index)
    const getRandomValues = jest.fn(async () => ({ randomValues: given.buffer }))
    client({ getRandomValues })
    expect(await newDeviceId()).toBe('543210zyxwvutsrqponmlkji')
    expect(getRandomValues).toHaveBeenCalledWith({ length: 24 })
  })

  test('tells that the app is shown, hidden and connected again, and not that it is cut off', () => {
    const listeners: Record<string, (told: { isConnected: boolean }) => void> = {}
    const listen = (name: string) => (listener: () => void) => {
      listeners[name] = listener
    }
    const names = ['onNetworkStatusChange', 'onAppShow', 'onAppHide']
    client(Object.fromEntries(names.map((name) => [name, listen(name)])))
    const heard: string[] = []
    onSignals({
      shown: () => heard.push('shown'),
      hidden: () => heard.push('hidden'),
      networkBack: () => heard.push('network'),
    })
    listeners.onNetworkStatusChange?.({ isConnected: false })
    expect(heard).toEqual([])
    listeners.onNetworkStatusChange?.({ isConnected: true })
    listeners.onAppHide?.({ isConnected: true })
    listeners.onAppShow?.({ isConnected: true })
    expect(heard).toEqual(['network', 'hidden', 'shown'])
  })
})
