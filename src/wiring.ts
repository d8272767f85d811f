import * as v from 'valibot'
import { personIdSchema } from '#domain/ids'
import { browserFiles } from '#platform/browser-files'
import { browserReminding } from '#platform/browser-reminding'
import { claimAlone, claimInBrowser } from '#platform/claim'
import { cloudHttp } from '#platform/cloud-http'
import { reportFaults } from '#platform/faults'
import { newRequestId, taroHttp } from '#platform/http'
import { indexedDbStorage } from '#platform/indexed-db-storage'
import { asUndeclared, PrivacyGate } from '#platform/privacy'
import { newDeviceId, onSignals, systemWantsLargeType } from '#platform/signals'
import { onAppUpdate } from '#platform/updates'
import { wechatCode } from '#platform/wechat'
import { Workspace } from '#platform/workspace'
import { wxFiles } from '#platform/wx-files'
import { wxReminding } from '#platform/wx-reminding'
import { wxStorage } from '#platform/wx-storage'

const serverUrl = process.env.SERVER_URL ?? ''
/** Set when it is built for WeChat's own hosting. */
const cloud = { env: process.env.CLOUD_ENV ?? '', service: process.env.CLOUD_SERVICE ?? '' }
const http =
  process.env.TARO_ENV !== 'h5' && cloud.env !== ''
    ? cloudHttp(cloud, newRequestId)
    : taroHttp(serverUrl, newRequestId)

const reportFault = reportFaults(http, process.env.APP_VERSION ?? '')

const inWechat = () => {
  const privacy = new PrivacyGate((api) => reportFault(asUndeclared(api)))
  const reminding = wxReminding(cloud.env === '' ? serverUrl : '', privacy)
  return { files: wxFiles(serverUrl, privacy), reminding, privacy, wechatCode }
}
const inBrowser = () => ({
  files: browserFiles(serverUrl),
  reminding: browserReminding(serverUrl),
  privacy: undefined,
  wechatCode: undefined,
})

/** The real objects, built once. The two platforms differ here and nowhere else. */
export const workspace = new Workspace({
  store: process.env.TARO_ENV === 'h5' ? indexedDbStorage('morning-study') : wxStorage,
  http,
  now: Date.now,
  random: Math.random,
  newDevice: newDeviceId,
  ...(process.env.TARO_ENV === 'h5' ? inBrowser() : inWechat()),
  systemWantsLargeType,
  reportFault,
  claim: process.env.TARO_ENV === 'h5' ? claimInBrowser : claimAlone,
  setTimer: (work, delayMs) => setTimeout(work, delayMs),
  clearTimer: (timer) => clearTimeout(timer as ReturnType<typeof setTimeout>), // only ever given its own
})

export function startApp(): void {
  workspace.privacy?.listen()
  onSignals({
    shown: () => workspace.shown(),
    hidden: () => workspace.hidden(),
    networkBack: () => workspace.syncNow(),
  })
  onAppUpdate((apply) => workspace.offerUpdate(apply))
  void workspace.start(
    personInLink(),
    process.env.TARO_ENV === 'h5' && /[?&]large=1/.test(window.location.search),
  )
}

/** `/?as=lin-xiao`: a link of the demo, which opens the app as this person in this tab. */
function personInLink() {
  if (process.env.TARO_ENV !== 'h5') return undefined
  const asked = v.safeParse(personIdSchema, /[?&]as=([^&#]+)/.exec(window.location.search)?.[1])
  return asked.success ? asked.output : undefined
}
