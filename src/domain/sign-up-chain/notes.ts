// 姓名旁边的说法意味着什么：到会、迟到、请假、缺席，或者说不准
import type { LeaveKind } from '../register'
import type { Standing } from '../tally'
import type { Saying, Token } from './words'

export type ChainStanding = Extract<Standing, 'on-time' | 'late' | 'excused' | 'absent'>

/** What is said about somebody. Unless it is clear, the standing is only what it seems to be. */
export interface Note {
  readonly standing: ChainStanding
  readonly leaveKind?: LeaveKind
  readonly isClear: boolean
}

/** A reason in their own words may be this long; what is longer tells a story. */
const MAX_REASON = 24

/** Whoever asks for leave may say why in their own words. Without leave or coming late, any word that is
 *  not known makes the note unclear. */
export function noteOf(tokens: readonly Token[]): Note {
  const said = new Set<Saying>(tokens.map((token) => (token.is === 'word' ? token.word.says : 'neutral')))
  const standing = standingOf(said)
  const kinds = standing === 'excused' && said.has('excused') ? leaveKindsOf(tokens, said) : []
  const isClear =
    isCertain(tokens, said) && kinds.length <= 1 && isAtOne(said) && unknownLength(tokens) <= allowance(said)
  return { standing, ...(kinds.length === 1 ? { leaveKind: kinds[0] } : {}), isClear }
}

/** Something is said of coming late or not at all. */
export const isStatus = (token: Token): boolean =>
  token.is === 'word' && ['late', 'excused', 'absent', 'not-coming'].includes(token.word.says)

export const saysAny = (tokens: readonly Token[], ...sayings: readonly Saying[]): boolean =>
  tokens.some((token) => token.is === 'word' && sayings.includes(token.word.says))

function standingOf(said: ReadonlySet<Saying>): ChainStanding {
  if (said.has('excused')) return 'excused'
  if (said.has('late')) return 'late'
  if (said.has('absent')) return 'absent'
  return said.has('not-coming') || said.has('reason') ? 'excused' : 'on-time'
}

/** Two who say different things of one person are not both right. */
function isAtOne(said: ReadonlySet<Saying>): boolean {
  if (said.has('excused'))
    return !said.has('late') && !said.has('absent') && !said.has('present') && !said.has('part')
  if (said.has('late')) return !said.has('absent') && !said.has('not-coming')
  if (said.has('absent')) return !said.has('present') && !said.has('not-coming') && !said.has('reason')
  return !said.has('not-coming') && !said.has('reason') && !said.has('part')
}

const isCertain = (tokens: readonly Token[], said: ReadonlySet<Saying>): boolean =>
  !['doubt', 'question', 'talk', 'none', 'for', 'signed-by', 'by'].some((saying) =>
    said.has(saying as Saying),
  ) &&
  // A time of day may be on time or late, and a bare number anything.
  !tokens.some(({ is }) => is === 'clock' || is === 'number')

const allowance = (said: ReadonlySet<Saying>): number =>
  said.has('excused') || said.has('late') ? MAX_REASON : 0

export const unknownLength = (tokens: readonly Token[]): number =>
  tokens.reduce((sum, token) => sum + (isUnknown(token) ? token.text.length : 0), 0)

const isUnknown = (token: Token): boolean =>
  token.is === 'unknown' || (token.is === 'word' && ['other', 'family'].includes(token.word.says))

/** 请假 says no kind; the words beside it may, unless it is the child that is ill. */
function leaveKindsOf(tokens: readonly Token[], said: ReadonlySet<Saying>): LeaveKind[] {
  const kinds = new Set<LeaveKind>()
  for (const token of tokens) {
    if (token.is !== 'word' || token.word.leaveKind === undefined) continue
    const { says, leaveKind } = token.word
    if (leaveKind === 'other' || (says === 'reason' && leaveKind === 'sick' && said.has('family'))) continue
    kinds.add(leaveKind)
  }
  return kinds.size === 0 ? ['other'] : [...kinds]
}
