import * as v from 'valibot'
import { clockOf, dayOf } from '#domain/day'

/** What WeChat lets into one field of a message, by the word its name begins with. A field of another kind
 *  would be turned away with 47003, the whole message with it. */
const mostOf = { thing: 20, short_thing: 5, phrase: 5, character_string: 32 } as const
const timeKinds = ['time', 'date'] as const
type TextKind = keyof typeof mostOf

const nameOf = (kinds: readonly string[]) =>
  v.pipe(v.string(), v.regex(new RegExp(`^(${kinds.join('|')})\\d{1,2}$`)))

/** 「thing1」: where words go. */
export const textFieldSchema = nameOf(['thing', 'short_thing', 'phrase'])
/** 「time2」: where the moment goes. */
export const timeFieldSchema = nameOf([...timeKinds, 'character_string', 'thing'])

/** What is to be said in one field: words, or an instant (ms, UTC). */
export type FieldContent = string | number

/** As WeChat takes it: without line breaks, and not longer than the kind of the field allows.
 *  @throws RangeError for a field of a kind that is not known here */
export function fieldValue(name: string, content: FieldContent): string {
  const kind = name.replace(/\d+$/, '')
  const isTime = timeKinds.some((each) => each === kind)
  if (typeof content === 'number') {
    if (isTime) return chineseTime(content)
    return cut(kind === 'character_string' ? plainTime(content) : chineseTime(content), mostIn(kind))
  }
  const text = content.replace(/[\s\p{Cc}]+/gu, ' ').trim()
  // Chinese characters alone, and printable ASCII alone.
  if (kind === 'phrase') return cut(text.replace(/\P{Script=Han}/gu, ''), mostIn(kind))
  if (kind === 'character_string') return cut(text.replace(/[^\x20-\x7e]/g, ''), mostIn(kind))
  return cut(text, mostIn(kind))
}

function mostIn(kind: string): number {
  if (!(kind in mostOf)) throw new RangeError(`A field of the kind ${kind} is not known`)
  return mostOf[kind as TextKind] // just looked up
}

/** 「2026年11月9日 08:30」 */
function chineseTime(instant: number): string {
  const [year, month, day] = dayOf(instant).split('-').map(Number)
  return `${year}年${month}月${day}日 ${clockOf(instant)}`
}

const plainTime = (instant: number) => `${dayOf(instant)} ${clockOf(instant)}`

/** Not longer than this, whether a character beyond the 65,536 first is counted once or twice, and none is cut
 *  in half. Where words are missing, a sign says so, if there is room for one. */
function cut(text: string, most: number): string {
  if (text.length <= most) return text
  const sign = most > 5 ? '…' : ''
  let kept = ''
  for (const character of text) {
    if (kept.length + character.length + sign.length > most) break
    kept += character
  }
  return `${kept.trimEnd()}${sign}`
}
