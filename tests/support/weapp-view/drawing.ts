import { existsSync, readFileSync } from 'node:fs'
import path from 'node:path'
import type { BrowserContext, Frame, Page } from 'playwright-core'
import type { Bundle } from '../weapp/bundle'
import type { Config } from '../weapp/instance'
import type { OpenPage, Drawing as PageDrawing } from '../weapp/page-stack'
import { browserScript, compileTemplates, cssOf } from './compiled'
import type { Definition, Heard, Frame as WeChatFrame } from './messages'

const origin = 'http://weapp.test'

/** One run of the app on the screen: WeChat's frame, and in it a document for each open page. What the
 *  logic layer says is drawn in the order it was said. */
export class Drawing implements PageDrawing {
  /** Whatever was written red or yellow while drawing. */
  readonly complaints: string[] = []
  /** The events that reached a binding of a template, by their kind. */
  readonly heard: string[] = []
  private readonly pages = new Map<OpenPage, { id: string; frame?: Frame }>()
  private work = Promise.resolve()
  private count = 0

  private constructor(readonly screen: Page) {}

  static async on(
    context: BrowserContext,
    dist: string,
    listen: {
      toEvent(page: OpenPage, heard: Heard): void
      toChoice(name: string): void
    },
  ): Promise<Drawing> {
    const drawing = new Drawing(await context.newPage())
    await drawing.serve(dist)
    await drawing.listen(listen)
    await drawing.screen.goto(origin)
    return drawing
  }

  opened(page: OpenPage, bundle: Bundle): void {
    const id = `page-${++this.count}`
    this.pages.set(page, { id })
    const components = componentsOf(bundle, page.route).map((is) => describe(bundle, is))
    const definition = { ...describe(bundle, page.route), data: copy(page.instance.data) }
    this.next(async () => {
      await this.screen.evaluate(([name, at]) => window.openPage(name, at), [id, `/${page.route}`] as const)
      const frame = await (await this.screen.waitForSelector(`#${id}`, { state: 'attached' })).contentFrame()
      if (!frame) throw new Error(`${page.route} has no document`)
      await frame.waitForLoadState()
      this.pages.set(page, { id, frame })
      const given = { definition, components }
      await frame.evaluate((all) => window.drawPage(all.definition, all.components), given)
    })
  }

  changed(page: OpenPage, change: Config, component?: string): void {
    const given = { change: JSON.stringify(change), component }
    this.next(async () => this.pages.get(page)?.frame?.evaluate((all) => window.change(all), given))
  }

  closed(page: OpenPage): void {
    this.next(async () => {
      const id = this.pages.get(page)?.id
      this.pages.delete(page)
      if (id) await this.screen.evaluate((gone) => window.closePage(gone), id)
    })
  }

  /** Puts this page in front, in WeChat's frame; its document once it is drawn. */
  async show(page: OpenPage, frame: Omit<WeChatFrame, 'front'>): Promise<Frame> {
    await this.settled()
    const { id = '', frame: document } = this.pages.get(page) ?? {}
    if (!document) throw new Error(`${page.route} was not drawn:\n${this.complaints.join('\n')}`)
    await this.screen.evaluate((given) => window.showFrame(given), { ...frame, front: id })
    return document
  }

  async settled(): Promise<void> {
    for (let seen: Promise<void> | undefined; seen !== this.work; ) {
      seen = this.work
      await seen
    }
  }

  private next(draw: () => Promise<unknown>): void {
    this.work = this.work.then(draw).then(
      () => {},
      (reason: Error) => void this.complaints.push(reason.message),
    )
  }

  private async listen(to: Parameters<typeof Drawing.on>[2]): Promise<void> {
    const heed = (work: () => void) => {
      try {
        work()
      } catch (reason) {
        this.complaints.push((reason as Error).message) // thrown by code of ours
      }
    }
    await this.screen.exposeBinding('hear', ({ frame }, heard: Heard) => {
      this.heard.push(heard.event.type)
      const [page] = [...this.pages].find(([, drawn]) => drawn.frame === frame) ?? []
      heed(() => page && to.toEvent(page, heard))
    })
    await this.screen.exposeBinding('choose', (_, name: string) => heed(() => to.toChoice(name)))
    await this.screen.exposeBinding('complain', (_, what: string) => void this.complaints.push(what))
    this.screen.on('pageerror', (error) => this.complaints.push(error.stack ?? error.message))
    this.screen.on('console', (line) => {
      if (['error', 'warning'].includes(line.type())) this.complaints.push(line.text())
    })
  }

  /** The phone and the pages, from memory: nothing goes over a network. */
  private async serve(dist: string): Promise<void> {
    const { templates, complaints } = compileTemplates(dist)
    this.complaints.push(...complaints)
    await this.screen.route('**/*', (route) => {
      const at = new URL(route.request().url()).pathname.slice(1)
      if (at === '') return route.fulfill(html(phoneDocument()))
      if (existsSync(path.join(dist, `${at}.wxml`)))
        return route.fulfill(html(pageDocument(templates, cssOf(dist, at))))
      return route.abort()
    })
  }
}

const html = (body: string) => ({ body, contentType: 'text/html; charset=utf-8' })

const browserFile = (name: string) => readFileSync(path.join(__dirname, 'browser', name), 'utf8')

const phoneDocument = (): string => `<!doctype html><html lang="zh-CN"><title>weapp</title>
<style>${browserFile('phone.css')}</style>${browserFile('phone.html')}<script>${browserScript('phone')}</script></html>`

const pageDocument = (templates: string, css: string): string =>
  `<!doctype html><html lang="zh-CN"><title>page</title>
<style>${browserFile('page.css')}</style><style>${css}</style>
<script>${browserScript('page')}\n${templates}</script><body></body></html>`

const copy = <T>(value: T): T => JSON.parse(JSON.stringify(value)) as T

const using = (bundle: Bundle, is: string) => (bundle.json(is).usingComponents ?? {}) as Definition['using'] // as WeChat's configuration has it

/** The files of every component that this page, or one of them, places. */
function componentsOf(bundle: Bundle, route: string): string[] {
  const found = new Set<string>()
  const look = (is: string) => {
    for (const at of Object.values(using(bundle, is))) {
      const component = path.posix.join('/', path.posix.dirname(is), at).slice(1)
      if (found.has(component)) continue
      found.add(component)
      look(component)
    }
  }
  look(route)
  return [...found]
}

function describe(bundle: Bundle, is: string): Definition {
  const config = bundle.registration(is)
  const parts = { ...config, ...(config.methods as Config) }
  const properties = Object.entries((config.properties ?? {}) as Record<string, Property>) // as WeChat has them
  return {
    is,
    data: copy((config.data ?? {}) as Config),
    properties: properties.map(([name, { type, value }]) => ({ name, type: type?.name ?? '', value })),
    methods: Object.keys(parts).filter((name) => typeof parts[name] === 'function'),
    using: using(bundle, is),
    virtualHost: (config.options as { virtualHost?: boolean } | undefined)?.virtualHost ?? false,
  }
}

interface Property {
  readonly type?: { readonly name: string }
  readonly value?: unknown
}
