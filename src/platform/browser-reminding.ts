import type { Reminding } from './reminding'

/** In a browser: the calendar app of the device, which reads the branch's calendar itself. */
export const browserReminding = (serverUrl: string): Reminding => ({
  inWechat: undefined,
  addressOf: (path) => new URL(`${serverUrl}${path}`, window.location.origin).href,
  // A scheme that calendar apps answer to: the page stays where it is.
  subscribe: (address) => window.location.assign(address.replace(/^https?:/, 'webcal:')),
})
