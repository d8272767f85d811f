import path from 'node:path'
import { defaultPatienceMs, isNamed, isSeen, type Phone, until } from '../phone'
import { testAheadMs } from '../test-clock'
import { Bundle } from './bundle'
import { findFields, findTappables, isDisabled, linesOf, nameOf, tappables } from './finding'
import { tap, type } from './gestures'
import type { Handset, SentRequest, Verdict } from './handset'
import { type Drawing, PageStack } from './page-stack'
import { Realm } from './realm'
import type { ViewNode } from './view'
import { Overlays } from './wx-overlays'
import { WxStandIn } from './wx-stand-in'

export type WeappOptions = Partial<
  Pick<Handset, 'serverUrl' | 'fontSizeSetting' | 'loginCode' | 'clockAheadMs'>
> & {
  dist?: string
}

/** Something a person can tap now. */
export interface Tappable {
  /** None for what WeChat draws itself: a dialog's button, a tab. */
  readonly node?: ViewNode
  act(): void
}

/** One run of the app, from a cold start until the system ends it. */
interface Run {
  readonly realm: Realm
  readonly pages: PageStack
  readonly overlays: Overlays
  readonly wx: WxStandIn
}

/** The built weapp on a phone of our own making: its logic layer runs for real, its templates are
 *  read from the build, the rest is a stand-in. It knows no layout, no keyboard, no permissions. */
export async function weappPhone(options: WeappOptions = {}): Promise<WeappPhone> {
  return new WeappPhone(options)
}

export class WeappPhone implements Phone {
  /** What a test may read and change between taps. */
  readonly handset: Handset
  protected readonly dist: string
  private run: Run | undefined

  constructor({ dist = 'dist/weapp', ...options }: WeappOptions) {
    this.dist = path.resolve(dist)
    this.handset = {
      storage: new Map(),
      requests: [],
      setData: { calls: 0, bytes: 0 },
      limits: { storageFull: false },
      signal: true,
      serverUrl: undefined,
      fontSizeSetting: 17,
      theme: 'light',
      loginCode: 'stand-in-code',
      clockAheadMs: testAheadMs,
      onRequest: undefined,
      ...options,
    }
  }

  get storage(): Map<string, string> {
    return this.handset.storage
  }

  get requests(): SentRequest[] {
    return this.handset.requests
  }

  /** Calls and JSON bytes since the last `resetSetData`. */
  get setData(): Handset['setData'] {
    return this.handset.setData
  }

  resetSetData(): void {
    Object.assign(this.handset.setData, { calls: 0, bytes: 0 })
  }

  set onRequest(decide: ((request: SentRequest) => Verdict) | undefined) {
    this.handset.onRequest = decide
  }

  set storageFull(full: boolean) {
    this.handset.limits.storageFull = full
  }

  /** What the app threw or WeChat would have complained of; every step fails on the first. */
  get faults(): string[] {
    return this.current.realm.faults
  }

  /** The route on top of the stack, without a slash in front. */
  get route(): string {
    return this.current.pages.top?.route ?? ''
  }

  /** Every page of the built app.json. */
  get routes(): readonly string[] {
    return this.current.pages.routes
  }

  /** What the page's templates draw, for tests of attributes. */
  get drawn(): ViewNode {
    const drawn = this.current.pages.top?.view.drawn
    if (!drawn) throw new Error(`${this.route} is not drawn`)
    return drawn
  }

  /** The names of all that can be tapped on the page now. */
  get tappables(): string[] {
    const { named, unnamed } = tappables(this.drawn)
    return [...named, ...unnamed]
      .filter((node) => !isDisabled(node))
      .map((node) => nameOf(node).replace(/\s+/g, ' ').trim())
  }

  async open(url?: string): Promise<void> {
    this.run?.realm.end()
    this.run = this.boot()
    this.current.pages.launch(url)
    await this.wait(() => (this.drawn.children.length > 0 ? true : undefined), 'nothing is drawn')
  }

  async tap(name: string): Promise<void> {
    const found = await this.toTap(name)
    found.act()
    await this.settle()
  }

  async fill(label: string, text: string): Promise<void> {
    const field = await this.toFill(label)
    type(field, text, this.current.realm)
    await this.settle()
  }

  async sees(text: string | RegExp, patienceMs?: number): Promise<void> {
    const ask = async () => (isSeen(await this.screen(), text) ? true : undefined)
    await this.wait(ask, `${text} is not seen`, patienceMs)
  }

  async seesNo(text: string | RegExp, patienceMs?: number): Promise<void> {
    const ask = async () => (isSeen(await this.screen(), text) ? undefined : true)
    await this.wait(ask, `${text} is still seen`, patienceMs)
  }

  async screen(): Promise<string> {
    return this.text()
  }

  async goBack(): Promise<void> {
    this.current.pages.navigateBack()
    await this.settle()
  }

  /** The member turns to another app, and comes back. */
  async leave(): Promise<void> {
    this.current.pages.callPage('onHide')
    this.current.pages.callApp('onHide')
    this.current.wx.tellHidden()
    await this.settle()
  }

  async comeBack(): Promise<void> {
    this.current.pages.callApp('onShow', this.current.pages.launchOptions)
    this.current.wx.tellShown()
    this.current.pages.callPage('onShow')
    await this.settle()
  }

  async loseSignal(): Promise<void> {
    this.setSignal(false)
  }

  async regainSignal(): Promise<void> {
    this.setSignal(true)
  }

  async close(): Promise<void> {
    this.run?.realm.end()
    this.run = undefined
  }

  protected get current(): Run {
    if (!this.run) throw new Error('the app is not open')
    return this.run
  }

  /** Draws the pages of the next run as well. */
  protected drawing(): Drawing | undefined {
    return undefined
  }

  protected toTap(name: string): Promise<Tappable> {
    return this.wait(() => this.findTappable(name), `nothing enabled to tap is named ${name}`)
  }

  protected toFill(label: string): Promise<ViewNode> {
    const find = () => {
      const [found, another] = findFields(this.drawn, label)
      if (another) throw new Error(`two fields are named ${label}`)
      return found && !isDisabled(found) ? found : undefined
    }
    return this.wait(find, `no field is named ${label}`)
  }

  private boot(): Run {
    const realm = new Realm(this.handset.clockAheadMs)
    const pages = new PageStack(
      this.dist,
      new Bundle(this.dist, realm),
      realm,
      this.handset.setData,
      this.drawing(),
    )
    const overlays = new Overlays(realm)
    const wx = new WxStandIn(realm, this.handset, pages, overlays)
    realm.define({ wx: wx.api })
    return { realm, pages, overlays, wx }
  }

  private setSignal(on: boolean): void {
    if (this.handset.signal === on) return
    this.handset.signal = on
    this.run?.wx.tellNetwork()
  }

  /** An open dialog covers the page; the tab bar shows only under a tab page. */
  protected findTappable(name: string): Tappable | undefined {
    const { overlays, pages, realm } = this.current
    if (overlays.dialog)
      return overlays.dialog.buttons.has(name) ? { act: () => overlays.tap(name) } : undefined
    const found: (Tappable | undefined)[] = findTappables(this.drawn, name).map((node) =>
      isDisabled(node) ? undefined : { node, act: () => tap(node, realm) },
    )
    for (const { text, pagePath } of pages.isTab(this.route) ? pages.tabBar : []) {
      if (isNamed(text, name)) found.push({ act: () => pages.switchTab(`/${pagePath}`) })
    }
    if (found.length > 1) throw new Error(`${found.length} things to tap are named ${name} on ${this.route}`)
    return found[0]
  }

  /** What the templates draw, as our own reader reads them. */
  text(): string {
    const { pages, overlays } = this.current
    return [pages.top?.title ?? '', ...linesOf(this.drawn), ...overlays.lines].filter(Boolean).join('\n')
  }

  protected wait<T>(
    ask: () => T | undefined | Promise<T | undefined>,
    otherwise: string,
    patienceMs = defaultPatienceMs,
  ): Promise<T> {
    const asked = () => {
      this.checkFaults()
      return ask()
    }
    const why = () =>
      `${otherwise} on ${this.route}. To tap: ${this.tappables.join(', ')}. Screen:\n${this.text()}`
    return until(asked, why, patienceMs)
  }

  /** React and Taro each put the drawing off by a timer. */
  protected async settle(): Promise<void> {
    for (let turn = 0; turn < 3; turn += 1) await new Promise((resolve) => setTimeout(resolve, 1))
    this.checkFaults()
  }

  private checkFaults(): void {
    if (this.faults.length > 0) throw new Error(`the app broke:\n${this.faults.join('\n')}`)
  }
}
