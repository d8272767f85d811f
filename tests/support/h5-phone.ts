import {
  type Browser,
  type BrowserContext,
  chromium,
  type ElementHandle,
  type Locator,
  type Page,
} from 'playwright-core'
import { clockAhead, defaultPatienceMs, isSeen, type Phone, tappableRoles, until } from './phone'
import { testAheadMs } from './test-clock'

export interface H5Options {
  /** Where the H5 build is served. */
  url: string
  /** The browser's program; else $CHROMIUM, else Debian's. */
  chromium?: string
  /** Against this machine's; else as the servers under test. */
  clockAheadMs?: number
}

const flags = [
  ...['--headless', '--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run'],
  ...['--disable-background-networking', '--disable-component-update', '--disable-sync'],
]

export const screenSize = {
  viewport: { width: 375, height: 812 },
  deviceScaleFactor: 2,
  locale: 'zh-CN',
  timezoneId: 'Asia/Shanghai',
}

let browser: Promise<Browser> | undefined

/** Ends the browser that the phones of this process share: for `afterAll`. */
export async function closeBrowser(): Promise<void> {
  const running = browser
  browser = undefined
  await (await running)?.close()
}

/** The one browser of this process, started when first asked for. */
export function sharedBrowser(program?: string): Promise<Browser> {
  const executablePath = program ?? process.env.CHROMIUM ?? '/usr/bin/chromium'
  browser ??= chromium.launch({ executablePath, args: flags })
  return browser
}

/** The built H5 in Chromium, each phone with a storage of its own. */
export async function h5Phone({
  url,
  chromium: program,
  clockAheadMs = testAheadMs,
}: H5Options): Promise<H5Phone> {
  const context = await (await sharedBrowser(program)).newContext(screenSize)
  await context.addInitScript(clockAhead(clockAheadMs))
  return new H5Phone(context, url)
}

export class H5Phone implements Phone {
  /** What the page threw; every step fails on the first. */
  readonly faults: string[] = []
  private opened: Page | undefined

  constructor(
    readonly context: BrowserContext,
    private readonly url: string,
  ) {}

  /** Playwright's page, for what a Phone cannot ask. Another one after each `open`. */
  get page(): Page {
    if (!this.opened) throw new Error('the app is not open')
    return this.opened
  }

  async open(path = ''): Promise<void> {
    const last = this.opened
    this.opened = await this.context.newPage()
    this.faults.length = 0
    this.opened.on('pageerror', (error) => this.faults.push(error.stack ?? error.message))
    await last?.close()
    await this.page.goto(path ? new URL(`/#/${path.replace(/^\//, '')}`, this.url).href : this.url)
    await this.wait(async () => (await this.screen()) || undefined, 'the page stays blank')
  }

  async tap(name: string): Promise<void> {
    let reason = `nothing to tap is named ${name}`
    const tapOnce = async () => {
      if (await this.isSliding()) return undefined
      const [found, ...others] = await this.findTappables(name)
      // Two while one page gives way to another, or for good.
      if (others.length > 0) {
        reason = `${others.length + 1} things to tap are named ${name} at ${this.page.url()}`
        return undefined
      }
      // It may be disabled, covered, or replaced while we reach for it: then we look again.
      return found?.click({ timeout: 1000 }).then(
        () => true,
        (error: Error) => {
          reason = `${name} cannot be tapped: ${error.message}`
          return undefined
        },
      )
    }
    await this.wait(tapOnce, () => reason)
  }

  async fill(label: string, text: string): Promise<void> {
    const page = this.page
    const field = 'input, textarea'
    // Taro's Input keeps the label on its own element around the field.
    const labelled = page
      .getByLabel(label, { exact: true })
      .locator(field)
      .or(page.getByLabel(label, { exact: true }).and(page.locator(field)))
    const found = await this.wait(async () => {
      for (const fields of [labelled, page.getByPlaceholder(label, { exact: true })]) {
        const [first, another] = await this.onCurrentPage(fields)
        if (another) throw new Error(`two fields are named ${label} at ${page.url()}`)
        if (first) return first
      }
      return undefined
    }, `no field is named ${label}`)
    await found.fill(text, { timeout: defaultPatienceMs })
  }

  async sees(text: string | RegExp, patienceMs?: number): Promise<void> {
    await this.wait(
      async () => isSeen(await this.screen(), text) || undefined,
      `${text} is not seen`,
      patienceMs,
    )
  }

  async seesNo(text: string | RegExp, patienceMs?: number): Promise<void> {
    await this.wait(
      async () => !isSeen(await this.screen(), text) || undefined,
      `${text} is still seen`,
      patienceMs,
    )
  }

  async screen(): Promise<string> {
    const text = await this.page.evaluate(() => {
      // Taro leaves earlier pages in the document, and puts toasts and dialogs beside the app.
      const parts = [...document.querySelectorAll<HTMLElement>('.taro_page:not(.taro_page_shade), body > *')]
      const shown = parts.filter((part) => {
        const isShown = part.checkVisibility({ opacityProperty: true, visibilityProperty: true })
        return isShown && !part.querySelector('.taro_page') && part.id !== 'app'
      })
      // biome-ignore lint/performance/useDomNodeTextContent: only what is rendered counts
      return shown.map((part) => part.innerText).join('\n')
    })
    return text
      .split('\n')
      .map((line) => line.trim())
      .filter(Boolean)
      .join('\n')
  }

  async goBack(): Promise<void> {
    await this.wait(async () => !(await this.isSliding()) || undefined, 'the page keeps sliding')
    await this.page.goBack()
  }

  async loseSignal(): Promise<void> {
    await this.context.setOffline(true)
  }

  async regainSignal(): Promise<void> {
    await this.context.setOffline(false)
  }

  async close(): Promise<void> {
    await this.context.close()
    this.opened = undefined
  }

  /** By role and name; else by label or text, as Taro's own buttons, tab bar and dialogs have no role. */
  private async findTappables(name: string): Promise<ElementHandle[]> {
    const spaced = [...name.replace(/\s+/g, '')]
      .map((letter) => letter.replace(/[.*+?^${}()|[\]\\/]/g, '\\$&'))
      .join('\\s*')
    const exactly = new RegExp(`^\\s*${spaced}\\s*$`)
    const dialog = this.page.locator('.taro__modal, .taro__actionSheet').filter({ visible: true })
    if ((await dialog.count()) > 0) return this.onCurrentPage(dialog.getByText(exactly))
    const byRole = tappableRoles.map((role) => this.page.getByRole(role, { name: exactly }))
    const named = await this.onCurrentPage(byRole.reduce((all, one) => all.or(one)))
    return named.length > 0
      ? named
      : this.onCurrentPage(this.page.getByLabel(exactly).or(this.page.getByText(exactly)))
  }

  /** Those of them that a person sees now, the innermost where one holds another. */
  private async onCurrentPage(found: Locator): Promise<ElementHandle[]> {
    const handles = await found.filter({ visible: true }).elementHandles()
    const chosen = await this.page.evaluate((all) => {
      const current = all.filter((node) => node.isConnected && !(node as Element).closest('.taro_page_shade'))
      return current
        .filter((node) => !current.some((other) => other !== node && node.contains(other)))
        .map((node) => all.indexOf(node))
    }, handles as ElementHandle<Node>[])
    return handles.filter((_, index) => chosen.includes(index))
  }

  /** While one page slides over another, Taro cannot be turned back: the page would stay blank. */
  private isSliding(): Promise<boolean> {
    const isShown = (pages: Element[]) => pages.filter((page) => page.checkVisibility()).length > 1
    return this.page.locator('.taro_page').evaluateAll(isShown)
  }

  private wait<T>(
    ask: () => Promise<T | undefined>,
    otherwise: string | (() => string),
    patienceMs = defaultPatienceMs,
  ): Promise<T> {
    const asked = async () => {
      if (this.faults.length > 0) throw new Error(`the app broke:\n${this.faults.join('\n')}`)
      return ask()
    }
    const why = async () => {
      const reason = typeof otherwise === 'string' ? otherwise : otherwise()
      return `${reason} at ${this.page.url()}. Screen:\n${await this.screen()}`
    }
    return until(asked, why, patienceMs)
  }
}
