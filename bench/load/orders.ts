import type { PackedRequest } from '#protocol/wire-schemas'

/** What the generator is told. */
export type Order =
  | { readonly do: 'meet'; readonly group: string; readonly talkers: Talkers }
  | { readonly do: 'load'; readonly load: Load }
  | { readonly do: 'crowd'; readonly crowd: Crowd }

/** Those who ask, by what they speak. */
export type Talkers =
  | {
      readonly speak: 'our-wire'
      /** Each checks in to one after the other; none: they only look. */
      readonly weeks: readonly string[]
      readonly people: readonly PersonOnPhone[]
    }
  | { readonly speak: 'parse'; readonly sessionTokens: readonly string[] }
  | { readonly speak: 'couch'; readonly count: number }

export interface PersonOnPhone {
  readonly person: string
  readonly branch: string
  readonly device: string
  readonly accessToken: string
  /** As the wire has them. */
  readonly cursors: PackedRequest[6]
}

export interface Load {
  readonly group: string
  /** Connections with one request under way each; the group's people take turns on them. */
  readonly clients: number
  /** The connections are dealt out to them. */
  readonly urls: readonly string[]
  readonly warmUpMs: number
  readonly measuredMs: number
  /** Others who ask each so often, whatever comes of it, and are not counted. */
  readonly watchers?: { readonly group: string; readonly everyMs: number }
}

/** Phones that come by the clock, whatever becomes of those before; each has one check-in to send. */
export interface Crowd {
  /** Its people come one after the other, then all again with another phone for the next week. */
  readonly group: string
  /** That none of them has checked in to. */
  readonly weeks: readonly string[]
  readonly phones: number
  readonly perSecond: number
  readonly url: string
  /** At once; a phone that finds none free waits for one. */
  readonly mostConnections: number
  readonly giveUpAfterMs: number
}

/** What it tells meanwhile and in the end. */
export type News =
  | { readonly is: 'met' | 'measuring' | 'measured' }
  | { readonly is: 'done'; readonly result: LoadResult }
  | { readonly is: 'gone'; readonly result: CrowdResult }
  | { readonly is: 'broken'; readonly why: string }

export interface Latency {
  readonly p50: number
  readonly p95: number
  readonly p99: number
}

export interface LoadResult {
  /** Requests answered 200 with what the talker takes for done, in the measured time. */
  readonly acknowledged: number
  /** In the warm-up too. */
  readonly failed: number
  /** Of those that failed, how often each answer came. */
  readonly failures: Readonly<Record<string, number>>
  readonly measuredMs: number
  /** From the call to the last byte of an acknowledgement. */
  readonly latencyMs: Latency
  /** On the wire, headers included, for each acknowledged request. */
  readonly bytes: { readonly up: number; readonly down: number }
  /** Answers to the watchers, and how often they were told to come later. */
  readonly watched: number
  readonly turnedAway: number
  /** The generator's own. */
  readonly cpuMs: number
  /** How many were ever acknowledged to each of the group, in its order. */
  readonly acknowledgedTo: readonly number[]
}

/** How often each was heard. */
export type Counts = Readonly<Record<string, number>>

export interface CrowdResult {
  readonly notThrough: number
  /** First requests that were on their way before the last phone was due, a second. */
  readonly offeredPerSecond: number
  /** From the first phone's coming to the last acknowledgement. */
  readonly lastAfterMs: number
  /** From a phone's time to come to its acknowledgement. */
  readonly latencyMs: Latency
  readonly requests: number
  /** By a 503, and of those the ones that did not say when to come back. */
  readonly refused: number
  readonly refusedWithoutTime: number
  /** Requests that had no answer, and why. */
  readonly broken: Counts
  /** Any other answer. */
  readonly failures: Counts
  /** How the requests that found no connection free waited for one. */
  readonly waits: { readonly count: number; readonly longestMs: number }
  readonly mostConnections: number
  readonly minutes: readonly CrowdMinute[]
  /** The generator's own, until the last had come. */
  readonly cpuMs: number
  /** How many were ever acknowledged to each of the group, in its order. */
  readonly acknowledgedTo: readonly number[]
}

export interface CrowdMinute {
  readonly requests: number
  readonly refused: number
  readonly acknowledged: number
}
