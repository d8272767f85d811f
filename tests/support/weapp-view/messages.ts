/** What goes between the logic layer, in Node, and the drawn pages, in Chromium. All of it is JSON. */

/** A page or a component, as its template needs it. */
export interface Definition {
  /** Its file, without the ending. */
  readonly is: string
  readonly data: Readonly<Record<string, unknown>>
  readonly properties: readonly { name: string; type: string; value: unknown }[]
  /** The methods its template may bind an event to. */
  readonly methods: readonly string[]
  /** The components its template places, by tag. */
  readonly using: Readonly<Record<string, string>>
  readonly virtualHost: boolean
}

/** An event that reached a binding of a template. */
export interface Heard {
  readonly method: string
  /** The tag and id of the component whose template it is, `comp _AB`; none for the page's own. */
  readonly component: string | undefined
  readonly event: { readonly type: string }
}

/** What WeChat draws around a page and over it. */
export interface Frame {
  readonly front: string
  readonly title: string
  readonly canGoBack: boolean
  readonly tabs: readonly { text: string; isHere: boolean }[]
  readonly dialog: { readonly lines: readonly string[]; readonly buttons: readonly string[] } | undefined
  readonly toast: string
  readonly colours: Readonly<Record<string, string>>
}

declare global {
  interface Window {
    /** From Node. */
    hear(heard: Heard): Promise<void>
    choose(name: string): Promise<void>
    complain(what: string): Promise<void>
    /** From the templates' script. */
    templates: Record<string, object>
    templateMissing(name: string): undefined
    /** From a page's script. */
    drawPage(page: Definition, components: readonly Definition[]): void
    change(given: { change: string; component: string | undefined }): void
    /** From the phone's script. */
    openPage(id: string, address: string): void
    closePage(id: string): void
    showFrame(frame: Frame): void
  }
}
