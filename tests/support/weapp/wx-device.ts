import { randomBytes } from 'node:crypto'
import type { Handset } from './handset'
import type { Realm } from './realm'
import { type Api, answering } from './wx-call'

const screen = {
  pixelRatio: 2,
  screenWidth: 375,
  screenHeight: 812,
  windowWidth: 375,
  windowHeight: 724,
  statusBarHeight: 44,
}
const safeArea = { left: 0, right: 375, top: 44, bottom: 778, width: 375, height: 734 }
const device = {
  brand: 'stand-in',
  model: 'stand-in',
  system: 'iOS 15.0',
  platform: 'ios',
  benchmarkLevel: 1,
}
const settings = {
  bluetoothEnabled: false,
  locationEnabled: true,
  wifiEnabled: true,
  deviceOrientation: 'portrait',
}
const base = { SDKVersion: '3.4.0', version: '8.0.40', language: 'zh_CN', enableDebug: false }

/** What the app may ask about the phone, and the small things it may have it do. */
export function deviceApi(realm: Realm, handset: Handset): Api {
  const given =
    <T extends object>(answer: () => T) =>
    () =>
      realm.copy(answer())
  const appBase = () => ({
    ...base,
    theme: handset.theme,
    fontSizeSetting: handset.fontSizeSetting,
    host: { appId: '', env: 'WeChat' },
  })
  const everything = () => ({ ...appBase(), ...device, ...screen, ...settings, safeArea })
  const done = (name: string) => [name, answering(realm, name, () => undefined)]

  return {
    getSystemInfoSync: given(everything),
    getSystemInfo: answering(realm, 'getSystemInfo', everything),
    getAppBaseInfo: given(appBase),
    getWindowInfo: given(() => ({ ...screen, safeArea, screenTop: 88 })),
    getDeviceInfo: given(() => device),
    getSystemSetting: given(() => settings),
    getAppAuthorizeSetting: given(() => ({ notificationAuthorized: 'authorized' })),
    getMenuButtonBoundingClientRect: given(() => ({
      width: 87,
      height: 32,
      left: 281,
      right: 368,
      top: 48,
      bottom: 80,
    })),
    getAccountInfoSync: given(() => ({
      miniProgram: { appId: 'touristappid', envVersion: 'develop', version: '' },
      plugin: {},
    })),
    getBatteryInfoSync: given(() => ({ level: 80, isCharging: false })),
    login: answering(realm, 'login', () => ({ code: handset.loginCode })),
    checkSession: answering(realm, 'checkSession', () => undefined),
    getRandomValues: answering<{ length: number }>(realm, 'getRandomValues', ({ length }) => ({
      randomValues: bufferIn(realm, randomBytes(length)),
    })),
    arrayBufferToBase64: (buffer: ArrayBuffer) => Buffer.from(buffer).toString('base64'),
    base64ToArrayBuffer: (text: string) => bufferIn(realm, Buffer.from(text, 'base64')),
    getUpdateManager: () =>
      realm.object({ onCheckForUpdate() {}, onUpdateReady() {}, onUpdateFailed() {}, applyUpdate() {} }),
    getPerformance: () =>
      realm.object({
        now: () => performance.now(),
        createObserver: () => realm.object({ observe() {}, disconnect() {} }),
      }),
    getLogManager: () => realm.object(quiet),
    getRealtimeLogManager: () => realm.object(quiet),
    createSelectorQuery: () => selectorQuery(realm),
    createIntersectionObserver: () =>
      realm.object({ relativeToViewport() {}, observe() {}, disconnect() {} }),
    reportEvent: () => {},
    reportMonitor: () => {},
    env: realm.object({ USER_DATA_PATH: 'http://usr' }),
    ...Object.fromEntries(
      [
        ...['setClipboardData', 'vibrateShort', 'vibrateLong', 'setNavigationBarColor', 'setBackgroundColor'],
        ...[
          'setBackgroundTextStyle',
          'pageScrollTo',
          'startPullDownRefresh',
          'stopPullDownRefresh',
          'hideKeyboard',
        ],
        ...[
          'setTabBarBadge',
          'removeTabBarBadge',
          'showTabBarRedDot',
          'hideTabBarRedDot',
          'showTabBar',
          'hideTabBar',
        ],
        ...[
          'setTabBarItem',
          'setTabBarStyle',
          'showShareMenu',
          'hideShareMenu',
          'hideHomeButton',
          'setKeepScreenOn',
        ],
        ...[
          'showNavigationBarLoading',
          'hideNavigationBarLoading',
          'enableAlertBeforeUnload',
          'disableAlertBeforeUnload',
        ],
        ...[
          'previewImage',
          'makePhoneCall',
          'requestSubscribeMessage',
          'authorize',
          'openSetting',
          'getSetting',
        ],
      ].map(done),
    ),
  }
}

const quiet = { debug() {}, info() {}, warn() {}, error() {}, log() {} }

function bufferIn(realm: Realm, bytes: Buffer): ArrayBuffer {
  const buffer = new realm.intrinsics.ArrayBuffer(bytes.length)
  Buffer.from(buffer).set(bytes)
  return buffer
}

/** There is no layout here: every question about it is answered with nothing found. */
function selectorQuery(realm: Realm): object {
  const asked: ((found: null) => void)[] = []
  const ask = (heard?: (found: null) => void) => {
    if (heard) asked.push(heard)
    return query
  }
  const selected = {
    boundingClientRect: ask,
    scrollOffset: ask,
    fields: (_: object, heard?: () => void) => ask(heard),
    node: ask,
    context: ask,
  }
  const query: Record<string, unknown> = {
    in: () => query,
    select: () => selected,
    selectAll: () => selected,
    selectViewport: () => selected,
    exec: (heard?: (found: null[]) => void) =>
      realm.later(() => {
        for (const one of asked) one(null)
        heard?.(asked.map(() => null))
      }),
  }
  return query
}
