import type { Handset } from './handset'
import type { PageStack } from './page-stack'
import type { Realm } from './realm'
import { type Api, answering, Listeners } from './wx-call'
import { deviceApi } from './wx-device'
import { personalApi } from './wx-files'
import type { Overlays } from './wx-overlays'
import { requestApi } from './wx-request'
import { storageApi } from './wx-storage'

interface NetworkNews {
  isConnected: boolean
  networkType: string
}

/** `wx` for one run of the app. Taro looks which names exist when it boots, so all of them are here
 *  before app.js; what the app uses of wx and is missing here is undefined in Taro too. */
export class WxStandIn {
  readonly api: Api
  private readonly network: Listeners<NetworkNews>
  private readonly theme: Listeners<{ theme: string }>
  private readonly shown: Listeners<object>
  private readonly hidden: Listeners<object>

  constructor(
    private readonly realm: Realm,
    private readonly handset: Handset,
    private readonly pages: PageStack,
    overlays: Overlays,
  ) {
    this.network = new Listeners(realm)
    this.theme = new Listeners(realm)
    this.shown = new Listeners(realm)
    this.hidden = new Listeners(realm)
    this.api = realm.object({
      ...storageApi(realm, handset),
      ...deviceApi(realm, handset),
      ...personalApi(realm, handset),
      ...overlays.api(),
      ...this.navigation(),
      ...this.events(),
      request: requestApi(realm, handset),
      nextTick: (work: () => void) => void realm.later(work),
      getNetworkType: answering(realm, 'getNetworkType', () => ({ networkType: this.networkType })),
      getLaunchOptionsSync: () => pages.launchOptions,
      getEnterOptionsSync: () => pages.launchOptions,
      canIUse: (schema: string) => (schema.split('.')[0] ?? '') in this.api,
    })
  }

  /** The signal came or went. */
  tellNetwork(): void {
    this.network.tell(this.realm.object({ isConnected: this.handset.signal, networkType: this.networkType }))
  }

  /** The phone turned dark, or light. */
  tellTheme(): void {
    this.theme.tell(this.realm.object({ theme: this.handset.theme }))
  }

  tellShown(): void {
    this.shown.tell(this.pages.launchOptions)
  }

  tellHidden(): void {
    this.hidden.tell(this.realm.object({}))
  }

  private get networkType(): string {
    return this.handset.signal ? 'wifi' : 'none'
  }

  private navigation(): Api {
    const { pages, realm } = this
    const moving = (name: 'navigateTo' | 'redirectTo' | 'switchTab' | 'reLaunch') => ({
      [name]: answering<{ url: string }>(realm, name, ({ url }) => void pages[name](url)),
    })
    return {
      ...moving('navigateTo'),
      ...moving('redirectTo'),
      ...moving('switchTab'),
      ...moving('reLaunch'),
      navigateBack: answering<{ delta?: number }>(
        realm,
        'navigateBack',
        ({ delta }) => void pages.navigateBack(delta),
      ),
      setNavigationBarTitle: answering<{ title: string }>(realm, 'setNavigationBarTitle', ({ title }) => {
        if (pages.top) pages.top.title = title
        return undefined
      }),
    }
  }

  private events(): Api {
    const { realm } = this
    const errors = new Listeners<string>(realm)
    realm.onFault = (message) => {
      realm.onFault = () => {} // a listener that throws is not told of it again
      errors.tell(message)
      this.pages.callApp('onError', message)
      realm.onFault = told
    }
    const told = realm.onFault
    const pair = <T>(name: string, listeners: Listeners<T>): Api => ({
      [`on${name}`]: listeners.on,
      [`off${name}`]: listeners.off,
    })
    const silent = [
      'UnhandledRejection',
      'PageNotFound',
      'MemoryWarning',
      'KeyboardHeightChange',
      'WindowResize',
      'UserCaptureScreen',
    ]
    return {
      ...pair('NetworkStatusChange', this.network),
      ...pair('ThemeChange', this.theme),
      ...pair('AppShow', this.shown),
      ...pair('AppHide', this.hidden),
      ...pair('Error', errors),
      ...Object.assign({}, ...silent.map((name) => pair(name, new Listeners(realm)))),
    }
  }
}
