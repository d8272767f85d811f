/** What a person does with the app and sees of it. One journey runs on every implementation:
 *  the H5 build in Chromium and the weapp build in its logic layer. Names are what a screen
 *  reader would say: the `aria-label`, else the text inside; spaces and line breaks do not count.
 *  Every call waits up to `patienceMs` for what it needs, then fails with what was on the screen
 *  instead. */
export interface Phone {
  /** Cold start, as after the system ended the app; storage is kept. */
  open(path?: string): Promise<void>
  /** Taps the one enabled button, tab, link, switch or option with exactly this name; two of the
   *  same name are an error, for a screen reader could not tell them apart either. */
  tap(name: string): Promise<void>
  /** Types into the field with this label or placeholder, replacing what is there. */
  fill(label: string, text: string): Promise<void>
  /** Waits until a line of the current page holds this text. */
  sees(text: string | RegExp, patienceMs?: number): Promise<void>
  /** Waits until no line of the current page holds this text. */
  seesNo(text: string | RegExp, patienceMs?: number): Promise<void>
  /** All text on the current page, title, toast and dialog included, the tab bar not. */
  screen(): Promise<string>
  goBack(): Promise<void>
  loseSignal(): Promise<void>
  regainSignal(): Promise<void>
  close(): Promise<void>
}

export const defaultPatienceMs = 5000

/** The roles a person can tap. */
export const tappableRoles = [
  'button',
  'tab',
  'link',
  'switch',
  'radio',
  'checkbox',
  'option',
  'menuitem',
] as const

const withoutSpaces = (text: string): string => text.replace(/\s+/g, '')

export const isNamed = (candidate: string, name: string): boolean =>
  withoutSpaces(candidate) === withoutSpaces(name)

export const isSeen = (screen: string, text: string | RegExp): boolean =>
  typeof text === 'string'
    ? screen.split('\n').some((line) => withoutSpaces(line).includes(withoutSpaces(text)))
    : new RegExp(text.source, text.flags.replace('g', '')).test(screen)

/** Asks again and again until there is an answer. */
export async function until<T>(
  ask: () => T | undefined | Promise<T | undefined>,
  otherwise: () => string | Promise<string>,
  patienceMs = defaultPatienceMs,
): Promise<T> {
  const end = Date.now() + patienceMs
  for (;;) {
    const answer = await ask()
    if (answer !== undefined) return answer
    if (Date.now() >= end) throw new Error(await otherwise())
    await new Promise((resolve) => setTimeout(resolve, 20))
  }
}

/** A script that sets the clock of a page or of a realm ahead. */
export const clockAhead = (ms: number): string => `{
  const RealDate = Date
  globalThis.Date = class Date extends RealDate {
    constructor(...given) {
      if (given.length) super(...given)
      else super(RealDate.now() + ${ms})
    }
    static now() {
      return RealDate.now() + ${ms}
    }
  }
}`
