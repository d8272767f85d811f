import path from 'node:path'
import type { Bundle } from './bundle'
import { type Config, call, type Instance, instantiate, type SetDataCount } from './instance'
import { PageView } from './page-view'
import type { Realm } from './realm'
import { View } from './view'

interface AppJson {
  pages: string[]
  subPackages?: { root: string; pages: string[] }[]
  subpackages?: { root: string; pages: string[] }[]
  tabBar?: { list: { pagePath: string; text: string }[] }
  window?: { navigationBarTitleText?: string }
}

export interface OpenPage {
  readonly route: string
  readonly instance: Instance
  readonly view: PageView
  title: string
}

/** Where the pages are drawn besides our own reader of templates. */
export interface Drawing {
  /** Before any code of the page runs. */
  opened(page: OpenPage, bundle: Bundle): void
  /** `setData`, as the page gave it, or the component of this key. */
  changed(page: OpenPage, change: Config, component?: string): void
  closed(page: OpenPage): void
}

type Query = Record<string, string>

/** App and the stack of pages, of one run of the app. What WeChat refuses is thrown in its words. */
export class PageStack {
  /** Every page of app.json, the subpackages' included. */
  readonly routes: string[]
  private readonly json: AppJson
  private readonly view: View
  private readonly tabs = new Map<string, OpenPage>()
  private stack: OpenPage[] = []
  private app: Config = {}
  private launched = {}

  constructor(
    dist: string,
    private readonly bundle: Bundle,
    private readonly realm: Realm,
    private readonly count: SetDataCount,
    private readonly drawing?: Drawing,
  ) {
    this.json = bundle.json('app') as unknown as AppJson
    const subpackages = this.json.subPackages ?? this.json.subpackages ?? []
    const theirs = subpackages.flatMap(({ root, pages }) => pages.map((page) => path.posix.join(root, page)))
    this.routes = [...this.json.pages, ...theirs]
    this.view = new View(dist)
    realm.define({
      App: (config: Config) => {
        this.app = config
      },
      getApp: () => this.app,
      getCurrentPages: () => this.stack.map((page) => page.instance),
    })
  }

  get top(): OpenPage | undefined {
    return this.stack.at(-1)
  }

  get depth(): number {
    return this.stack.length
  }

  get launchOptions(): object {
    return this.realm.copy(this.launched)
  }

  get tabBar(): readonly { pagePath: string; text: string }[] {
    return this.json.tabBar?.list ?? []
  }

  isTab(route: string): boolean {
    return this.tabBar.some(({ pagePath }) => pagePath === route)
  }

  /** Cold start on this page, else on the first of app.json. */
  launch(url = `/${this.routes[0]}`): void {
    const { route, query } = this.resolve(url)
    this.launched = { path: route, query, scene: 1001, referrerInfo: {} }
    this.realm.enter('app.js', () => this.bundle.run('app.js'))
    this.callApp('onLaunch', this.launchOptions)
    this.callApp('onShow', this.launchOptions)
    this.push(route, query)
  }

  callApp(name: string, argument?: unknown): void {
    this.realm.enter(`app ${name}`, () => call(this.app, name, argument))
  }

  callPage(name: string, argument?: unknown): void {
    if (this.top) this.tell(this.top, name, argument)
  }

  navigateTo(url: string): void {
    const { route, query } = this.resolve(url)
    if (this.isTab(route)) throw new Error('can not navigateTo a tabbar page')
    if (this.depth >= 10) throw new Error('webview count limit exceed')
    this.callPage('onHide')
    this.push(route, query)
  }

  redirectTo(url: string): void {
    const { route, query } = this.resolve(url)
    if (this.isTab(route)) throw new Error('can not redirectTo a tabbar page')
    this.pop()
    this.push(route, query)
  }

  reLaunch(url: string): void {
    const { route, query } = this.resolve(url)
    while (this.top) this.pop()
    for (const page of this.tabs.values()) this.unload(page)
    this.push(route, query)
  }

  /** Tab pages stay alive in the background; every other page is unloaded. */
  switchTab(url: string): void {
    const { route } = this.resolve(url)
    if (!this.isTab(route)) throw new Error('can not switch to no-tabBar page')
    if (this.top?.route === route) return
    while (this.top && !this.isTab(this.top.route)) this.pop()
    this.callPage('onHide')
    this.stack = []
    const known = this.tabs.get(route)
    if (known) {
      this.stack.push(known)
      this.tell(known, 'onShow')
    } else this.push(route, {})
  }

  navigateBack(delta = 1): void {
    if (this.depth < 2) throw new Error('cannot navigate back at first page')
    for (let left = Math.min(delta, this.depth - 1); left > 0; left -= 1) this.pop()
    this.callPage('onShow')
  }

  private resolve(url: string): { route: string; query: Query } {
    const [address = '', search = ''] = url.split('?')
    const here = path.posix.dirname(`/${this.top?.route ?? ''}`)
    const route = path.posix.resolve(here, address).slice(1)
    if (!this.routes.includes(route)) throw new Error(`page "${route}" is not found`)
    // WeChat hands the values over as they were written, still encoded.
    const pairs = search
      .split('&')
      .filter(Boolean)
      .map((pair) => /^([^=]*)=?(.*)$/.exec(pair) ?? [])
    return { route, query: Object.fromEntries(pairs.map(([, name = '', value = '']) => [name, value])) }
  }

  private push(route: string, query: Query): void {
    const config = this.bundle.registration(route)
    const instance = instantiate(config, route, this.realm, this.count, (change) => {
      view.redraw()
      this.drawing?.changed(page, change)
    })
    Object.assign(instance, { route, __route__: route, options: this.realm.copy(query) })
    const view = new PageView(instance, this.view, this.bundle, this.realm, this.count, (component, change) =>
      this.drawing?.changed(page, change, component),
    )
    const title = this.bundle.json(route).navigationBarTitleText ?? this.json.window?.navigationBarTitleText
    const page = { route, instance, view, title: String(title ?? '') }
    this.stack.push(page)
    if (this.isTab(route)) this.tabs.set(route, page)
    view.redraw()
    this.drawing?.opened(page, this.bundle)
    this.tell(page, 'onLoad', this.realm.copy(query))
    this.tell(page, 'onShow')
    this.realm.later(() => this.tell(page, 'onReady'))
  }

  private pop(): void {
    const page = this.stack.pop()
    if (page) this.unload(page)
  }

  private unload(page: OpenPage): void {
    this.tabs.delete(page.route)
    this.tell(page, 'onUnload')
    page.view.end()
    this.drawing?.closed(page)
  }

  private tell(page: OpenPage, name: string, argument?: unknown): void {
    this.realm.enter(`${page.route} ${name}`, () => call(page.instance, name, argument))
  }
}
