// 一行接龙里的一项或几项：编号的各种写法，以及写在一行里的整个接龙
import type { RosterNames } from './names'
import { isDigit, isLatin } from './text'

/** A stretch of a line that stands for itself. */
export interface Item {
  readonly from: number
  readonly to: number
  readonly isNumbered: boolean
}

const arabic = /[ \-·#+.、,:_]*(?:no\.? ?|第)?(\(?)(\d{1,3})(\)?)( ?)([.、,:)_\-。]*) */y
const chinese = /[ \-·#+]*\(?[一二三四五六七八九十]{1,3}(?:\)[ .、,:]*|[.、,:]) */y
/** 「3人」, 「8点」, 「2支部」 are no numbers of a list, unless a stop is between. */
const counted = new Set('年月日号点时分秒人名位个次天届期楼室层支组科处部党大小中半岁后前')
const countedAfterSpace = new Set('人名位')

/** Where a line goes on behind its number; the same place, if it has none. People type a second number
 *  behind the one WeChat gave them. */
export function afterNumber(folded: string, from = 0): number {
  let place = from
  for (let count = 0; count < 3; count += 1) {
    const next = afterOneNumber(folded, place)
    if (next === undefined) break
    place = next
  }
  return place
}

export const isNumbered = (folded: string): boolean => afterNumber(folded) > 0

function afterOneNumber(folded: string, from: number): number | undefined {
  chinese.lastIndex = from
  if (chinese.test(folded)) return chinese.lastIndex
  arabic.lastIndex = from
  const [, opening, , closing, space, stops] = arabic.exec(folded) ?? []
  if (opening === undefined || (opening !== '' && closing === '')) return undefined
  const to = arabic.lastIndex
  const next = folded.charAt(to)
  // 「11.23」 is a date; 「1. 2支部」 is not.
  if (
    (isDigit(next) && folded[to - 1] !== ' ') ||
    (next === '' && closing === '' && stops === '' && from > 0)
  )
    return undefined
  if (closing === '' && stops === '' && (space === '' ? counted : countedAfterSpace).has(next))
    return undefined
  // 「第5周学习」 is a week, and 「5周伟」 somebody.
  if (closing === '' && stops === '' && /^周(?:[学汇例会的次内 ]|$)/.test(folded.slice(to, to + 2)))
    return undefined
  return to
}

/** The items of a line. It has several where numbers follow one another, each before a name. */
export function itemsOf(folded: string, names: RosterNames): Item[] {
  const places = numbersWithin(folded, names)
  if (places.length === 0) {
    const from = afterNumber(folded)
    return [{ from, to: folded.length, isNumbered: from > 0 }]
  }
  const items = places.map(
    ({ after }, index): Item => ({
      from: after,
      to: places[index + 1]?.at ?? folded.length,
      isNumbered: true,
    }),
  )
  const first = places[0]?.at ?? 0
  return folded.slice(0, first).trim() === '' ? items : [{ from: 0, to: first, isNumbered: false }, ...items]
}

interface Numbered {
  readonly at: number
  /** Behind the number. */
  readonly after: number
}

const within = /(\(?)(\d{1,3})( ?[.、)]+)? */y

function numbersWithin(folded: string, names: RosterNames): Numbered[] {
  const found: Numbered[] = []
  let previous: number | undefined
  let depth = 0
  let isAtStart = true
  for (let index = 0; index < folded.length; index += 1) {
    const character = folded.charAt(index)
    const number = isNumberStart(folded, index) ? numberAt(folded, index) : undefined
    const isFirst = isAtStart && number?.hasStop === true
    isAtStart = isAtStart && /[ \-·#+.、]/.test(character)
    if (number !== undefined && depth === 0 && (isFirst || isNext(number, previous, names, folded))) {
      found.push({ at: index, after: number.after })
      previous = number.value
      index = number.after - 1
      continue
    }
    if (character === '(') depth += 1
    if (character === ')') depth = Math.max(0, depth - 1)
  }
  return found.length > 1 || (found[0]?.at ?? 0) > 0 ? found : []
}

function isNumberStart(folded: string, index: number): boolean {
  const before = folded.charAt(index - 1)
  const opens = folded[index] === '(' && isDigit(folded[index + 1])
  // 「8:30」, but not 「请假：1.张伟」.
  if (before === ':' && !isDigit(folded[index - 2])) return opens || isDigit(folded[index])
  return (
    opens || (isDigit(folded[index]) && !isDigit(before) && !isLatin(before) && !/[-/:.+第(]/.test(before))
  )
}

interface NumberAt {
  readonly value: number
  readonly hasStop: boolean
  readonly after: number
}

function numberAt(folded: string, index: number): NumberAt | undefined {
  within.lastIndex = index
  const [, opening = '', digits = '', stops = ''] = within.exec(folded) ?? []
  const after = within.lastIndex
  if (digits === '' || (isDigit(folded[after]) && folded[after - 1] !== ' ')) return undefined
  if (opening !== '' && stops.charAt(0) !== ')') return undefined
  return { value: Number(digits), hasStop: stops !== '', after }
}

/** One more than the number before, with a stop; or any later number right before a name of the roster. */
function isNext(
  { value, hasStop, after }: NumberAt,
  previous: number | undefined,
  names: RosterNames,
  folded: string,
): boolean {
  if (previous !== undefined && hasStop && value === previous + 1) return true
  const isPlausible = previous === undefined ? value <= 500 : value >= previous && value <= previous + 20
  return (
    isPlausible && names.at(folded, after) !== undefined && (hasStop || previous !== undefined || value === 1)
  )
}
