import Taro from '@tarojs/taro'

/** What the phone tells the app about itself. On weapp `navigator.onLine` is always true, so the
 *  platform's own events count, and in the end only whether a request came through. */
export function onSignals(react: { shown: () => void; hidden: () => void; networkBack: () => void }): void {
  Taro.onNetworkStatusChange(({ isConnected }) => {
    if (isConnected) react.networkBack()
  })
  if (process.env.TARO_ENV === 'h5') {
    window.addEventListener('online', () => react.networkBack())
    document.addEventListener('visibilitychange', () => {
      if (document.visibilityState === 'visible') react.shown()
      else react.hidden()
    })
    return
  }
  Taro.onAppShow(() => react.shown())
  Taro.onAppHide(() => react.hidden())
}

/** WeChat's font setting: 16 is the ordinary size; from 19 on people asked for large type. */
export function systemWantsLargeType(): boolean {
  if (process.env.TARO_ENV === 'h5') return false // the browser scales by itself
  const info = Taro.canIUse('getAppBaseInfo') ? Taro.getAppBaseInfo() : undefined
  const size = (info as { fontSizeSetting?: unknown } | undefined)?.fontSizeSetting // not in Taro's types
  return typeof size === 'number' && size >= 19
}

/** A device id: 24 characters of chance, from the platform's own source where it has one. */
export async function newDeviceId(): Promise<string> {
  const bytes = await randomBytes(24)
  return Array.from(bytes, (byte) => 'abcdefghijklmnopqrstuvwxyz012345'[byte % 32]).join('')
}

async function randomBytes(length: number): Promise<Uint8Array> {
  if (process.env.TARO_ENV === 'h5') return crypto.getRandomValues(new Uint8Array(length))
  if (Taro.canIUse('getRandomValues')) {
    const { randomValues } = await Taro.getRandomValues({ length })
    return new Uint8Array(randomValues)
  }
  // Old phones: the id must be unlike others', not secret.
  return Uint8Array.from({ length }, () => Math.floor(Math.random() * 256))
}
