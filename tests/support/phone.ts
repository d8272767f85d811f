/** What a person does with the app and sees of it. One journey runs on every implementation:
 *  the H5 build in Chromium and the weapp build in its logic layer. Names are what a screen
 *  reader would say: the `aria-label`, else the text inside. Every call waits up to
 *  `patienceMs` for what it needs, then fails with what was on the screen instead. */
export interface Phone {
  /** Cold start, as after the system ended the app; storage is kept. */
  open(path?: string): Promise<void>
  /** Taps the button, tab, link, switch or option with exactly this name. */
  tap(name: string): Promise<void>
  /** Types into the field with this label, replacing what is there. */
  fill(label: string, text: string): Promise<void>
  /** Waits until this text is somewhere on the current page. */
  sees(text: string | RegExp, patienceMs?: number): Promise<void>
  /** Waits until this text is nowhere on the current page. */
  seesNo(text: string | RegExp, patienceMs?: number): Promise<void>
  /** All text on the current page, one line for each text node. */
  screen(): Promise<string>
  goBack(): Promise<void>
  loseSignal(): Promise<void>
  regainSignal(): Promise<void>
  close(): Promise<void>
}
