import type { BrowserContext, Frame } from 'playwright-core'
import { screenSize, sharedBrowser } from '../h5-phone'
import { defaultPatienceMs, until } from '../phone'
import { deliver } from '../weapp/gestures'
import type { OpenPage } from '../weapp/page-stack'
import type { ViewNode } from '../weapp/view'
import { type WeappOptions, WeappPhone } from '../weapp/weapp-phone'
import { Drawing } from './drawing'
import type { Heard, Frame as WeChatFrame } from './messages'
import { appColours, knowsDark } from './theme'

/** The built weapp as `weappPhone` runs it, and its pages drawn by WeChat's component framework in
 *  Chromium: a tap is a finger on the screen and goes through the bindings of the templates, what
 *  `setData` sends comes back to the drawing. It is not WeChat: the built-in components are the
 *  browser's. */
export async function drawnWeapp(options: WeappOptions = {}): Promise<DrawnWeapp> {
  const browser = await sharedBrowser()
  return new DrawnWeapp(await browser.newContext({ ...screenSize, hasTouch: true }), options)
}

export class DrawnWeapp extends WeappPhone {
  private screenNow: Drawing | undefined

  constructor(
    private readonly context: BrowserContext,
    options: WeappOptions,
  ) {
    super(options)
  }

  /** What the app threw, and whatever was written red or yellow while drawing. */
  override get faults(): string[] {
    return [...super.faults, ...(this.screenNow?.complaints ?? [])]
  }

  override async open(url?: string): Promise<void> {
    const last = this.screenNow
    this.screenNow = await Drawing.on(this.context, this.dist, {
      toEvent: (page, heard) => this.hear(page, heard),
      toChoice: (name) => this.findTappable(name)?.act(),
    })
    await last?.screen.close()
    await super.open(url)
    const isDrawn = async () => (await (await this.document()).locator('page-root *').count()) > 0
    await this.wait(async () => (await isDrawn()) || undefined, 'nothing is drawn on the screen')
  }

  override async tap(name: string): Promise<void> {
    const { node } = await this.toTap(name)
    if (node) return this.touch(node, name)
    await this.document()
    await this.screenOfRun.screen.getByRole('button', { name, exact: true }).tap()
    await this.settle()
  }

  override async fill(label: string, text: string): Promise<void> {
    const field = (await this.document()).locator(byId(await this.toFill(label)))
    await this.untilHeard('input', label, async () => {
      await field.fill(text)
      await field.blur()
    })
  }

  /** What stands on the screen, tab bar aside. */
  override async screen(): Promise<string> {
    // biome-ignore lint/performance/useDomNodeTextContent: only what is rendered counts
    const page = await (await this.document()).locator('body').innerText()
    const { title, dialog, toast } = this.frame
    const lines = [title, ...page.split('\n'), ...(dialog?.lines ?? []), ...(dialog?.buttons ?? []), toast]
    return lines
      .map((line) => line.trim())
      .filter(Boolean)
      .join('\n')
  }

  async screenshot(path: string): Promise<void> {
    await this.document()
    await this.screenOfRun.screen.screenshot({ path })
  }

  /** Whether WeChat tells the app that the phone is dark. */
  get knowsDark(): boolean {
    return knowsDark(this.dist)
  }

  /** The phone turns dark, or light. */
  async setDark(isDark: boolean): Promise<void> {
    if (!this.knowsDark) return
    this.handset.theme = isDark ? 'dark' : 'light'
    await this.screenOfRun.screen.emulateMedia({ colorScheme: this.handset.theme })
    this.current.wx.tellTheme()
    await this.settle()
  }

  /** The document of the page in front, once it shows all that the logic layer has said. */
  async document(): Promise<Frame> {
    const { top } = this.current.pages
    if (!top) throw new Error('no page is open')
    return this.screenOfRun.show(top, this.frame)
  }

  override async close(): Promise<void> {
    await super.close()
    await this.context.close()
  }

  protected override drawing(): Drawing {
    return this.screenOfRun
  }

  protected override async settle(): Promise<void> {
    await super.settle()
    await this.screenOfRun.settled()
  }

  private get screenOfRun(): Drawing {
    if (!this.screenNow) throw new Error('the app is not open')
    return this.screenNow
  }

  private get frame(): Omit<WeChatFrame, 'front'> {
    const { pages, overlays } = this.current
    const tabs = pages.isTab(this.route) ? pages.tabBar : []
    const { dialog, toast } = overlays
    return {
      title: pages.top?.title ?? '',
      canGoBack: pages.depth > 1,
      tabs: tabs.map(({ text, pagePath }) => ({ text, isHere: pagePath === this.route })),
      dialog: dialog && { lines: dialog.lines.filter(Boolean), buttons: [...dialog.buttons.keys()] },
      toast,
      colours: appColours(this.dist, this.handset.theme),
    }
  }

  private async touch(node: ViewNode, name: string): Promise<void> {
    const element = (await this.document()).locator(byId(node))
    await this.untilHeard('tap', name, () => element.tap({ timeout: defaultPatienceMs }))
  }

  private async untilHeard(event: string, name: string, act: () => Promise<void>): Promise<void> {
    const { heard } = this.screenOfRun
    const before = heard.length
    await act()
    const isHeard = () => heard.slice(before).includes(event) || undefined
    const why = () => `the ${event} on ${name} reaches nothing: no template of ${this.route} binds it`
    await until(isHeard, why, 3000)
    await this.settle()
  }

  private hear({ instance, view }: OpenPage, { method, component, event }: Heard): void {
    const owner = component ? view.componentAt(component) : instance
    if (!owner) throw new Error(`there is no ${component} in the logic layer`)
    deliver(owner, method, event, this.current.realm)
  }
}

const byId = (node: ViewNode): string => `[id="${node.attribute('id')}"]`
