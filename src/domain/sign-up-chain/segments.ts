// 一行里的几段：「到会：张伟、王芳；请假：李娜」各有各的说法
import { isStatus, saysAny } from './notes'
import type { Token } from './words'

/** What stands before a colon.
 *  - `status`: says how those behind it stand; `plain`: nothing about that
 *  - `field`: they are named for something else, as in 「领学人：」; `matter`: nobody is named, as in 「地点：」
 *  - `doubtful`, `talk`: nothing certain */
export interface Label {
  readonly is: 'status' | 'plain' | 'field' | 'matter' | 'doubtful' | 'talk'
  readonly tokens: readonly Token[]
}

export interface Segment {
  readonly label: Label | undefined
  readonly tokens: readonly Token[]
}

export const isMark = (token: Token | undefined, marks: string): boolean =>
  token?.is === 'mark' && marks.includes(token.text)

export const isEmpty = (tokens: readonly Token[]): boolean =>
  tokens.every(({ is }) => is === 'gap' || is === 'mark' || is === 'open' || is === 'close')

/** Cut at each semicolon and full stop, and before each label. What is in brackets stays together. */
export function segmentsOf(tokens: readonly Token[]): Segment[] {
  const segments: Segment[] = []
  let label: Label | undefined
  let begun = 0
  /** Undefined behind a name: what stands there is about that name. */
  let labelFrom: number | undefined = 0
  let depth = 0
  const close = (to: number) => {
    if (to > begun || label !== undefined) segments.push({ label, tokens: tokens.slice(begun, to) })
    label = undefined
  }
  tokens.forEach((token, index) => {
    if (token.is === 'open') depth += 1
    if (token.is === 'close') depth = Math.max(0, depth - 1)
    if (depth > 0) return
    if (isMark(token, ';。')) {
      close(index)
      begun = index + 1
      labelFrom = index + 1
    } else if (isMark(token, '、,')) {
      labelFrom = index + 1
    } else if (token.is === 'name') {
      labelFrom = undefined
    } else if (isMark(token, ':') && labelFrom !== undefined) {
      const words = tokens.slice(labelFrom, index)
      if (!isEmpty(words)) {
        close(labelFrom)
        label = labelOf(words)
        begun = index + 1
      }
      labelFrom = index + 1
    }
  })
  close(tokens.length)
  return segments
}

/** What is longer is a sentence, and would be read again for each name behind it. */
const MAX_LABEL = 40

export function labelOf(tokens: readonly Token[]): Label {
  const isKnown = tokens.every(({ is }) => is !== 'unknown')
  const is = () => {
    if (tokens.length > MAX_LABEL || saysAny(tokens, 'talk', 'question')) return 'talk'
    if (saysAny(tokens, 'doubt', 'not-coming', 'reason', 'acknowledged')) return 'doubtful'
    if (saysAny(tokens, 'field', 'title')) return 'field'
    if (saysAny(tokens, 'matter')) return 'matter'
    // 「值班人员：」 may be a notice of who is on duty.
    if (tokens.some(({ text }) => text.includes('值班'))) return 'doubtful'
    if (tokens.some(isStatus)) return isKnown ? 'status' : 'doubtful'
    if (saysAny(tokens, 'present')) return 'status'
    return isKnown ? 'plain' : 'talk'
  }
  // 「周汇朝学签到：」 says no more than 「签到：」.
  return { is: is(), tokens: tokens.filter((token) => token.is !== 'unknown') }
}

/** 「请假人员」, 「【迟到】」, 「领学人」: a label on a line of its own, though it has no colon. */
export function isLabelLine(tokens: readonly Token[]): boolean {
  const words = tokens.filter(({ is }) => is !== 'gap' && is !== 'mark')
  const isBracketed = words[0]?.is === 'open' && words[words.length - 1]?.is === 'close'
  const isKnown = words.every(({ is }) => is === 'word' || is === 'count' || is === 'open' || is === 'close')
  if (!isKnown || saysAny(words, 'doubt')) return false
  if (words.every((token) => saysAny([token], 'field', 'title'))) return true
  return (isBracketed || saysAny(words, 'listed')) && (words.some(isStatus) || saysAny(words, 'present'))
}
