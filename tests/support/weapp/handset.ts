import type { SetDataCount } from './instance'

/** One request as the app asked for it. */
export interface SentRequest {
  readonly method: string
  readonly url: string
  readonly header: Readonly<Record<string, string>>
  readonly body: string
  /** The answer's status, or why there was none. */
  outcome: number | 'no signal' | 'dropped' | 'answer dropped' | 'failed' | undefined
}

/** `drop-answer` lets the server act on the request and keeps the answer from the phone. */
export type Verdict = 'pass' | 'drop-request' | 'drop-answer'

/** The phone under the app: what stays when the app is ended, and what a test may change of it. */
export interface Handset {
  /** Each key's value as JSON text of `{ data }`. */
  readonly storage: Map<string, string>
  readonly requests: SentRequest[]
  readonly setData: SetDataCount
  readonly limits: { storageFull: boolean }
  signal: boolean
  /** Where the requests go instead of the address the build was given. */
  serverUrl: string | undefined
  /** WeChat's own setting of the text size, 17 is the standard. */
  fontSizeSetting: number
  /** As the app is told of it. */
  theme: 'light' | 'dark'
  loginCode: string
  /** Milliseconds by which the phone's clock is ahead. */
  clockAheadMs: number
  onRequest: ((request: SentRequest) => Verdict) | undefined
}
