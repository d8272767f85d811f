// 花名册里一格怎么读：姓名、编号、身份、职务、日期
import * as v from 'valibot'
import { addDays, type Day, daySchema } from './day'
import type { Membership } from './membership'
import type { BranchRole } from './person'

/** What a cell says, or what is wrong with it: words that follow the name of its column. */
export type CellReading<Value> = { readonly value: Value } | { readonly words: string }

const full = /[\uff10-\uff19\uff21-\uff3a\uff41-\uff5a]/g
const FULL_TO_HALF = 0xfee0

/** Full-width digits and letters become ordinary ones, spaces of every width one space. */
export const tidy = (text: string): string =>
  text
    .replace(full, (letter) => String.fromCharCode(letter.charCodeAt(0) - FULL_TO_HALF))
    .replace(/[ \u00a0\u3000]+/g, ' ')
    .trim()

/** What no text of a roster may hold: it goes on to screens and into exported sheets. */
function flawOf(text: string, max: number): string | undefined {
  if (/^[=+\-@＝＋－＠]/.test(text)) return '不能以“=”“+”“-”“@”开头，请删去开头的符号'
  if (/[\p{Cc}\u2028\u2029]/u.test(text)) return '里有换行或控制字符，一格请只写一项'
  if (/\p{Cf}/u.test(text)) return '里有看不见的字符，请清空这一格后重新输入'
  if (/[<>]/.test(text)) return '里有“<”或“>”，请删去'
  if ([...text].length > max) return `太长，最多 ${max} 个字，请改短`
  return undefined
}

const MAX_NAME = 20
const name = /^[\p{Script=Han}\p{Script=Latin}][\p{Script=Han}\p{Script=Latin}· ]+$/u

/** Rosters pad names of two characters with a space, and know five kinds of middle dots. */
export function readName(text: string): CellReading<string> {
  const value = text
    .replace(/[•・‧∙⋅]/g, '·')
    .replace(/(\p{Script=Han}) (?=\p{Script=Han})/gu, '$1')
    .replace(/ ?· ?/g, '·')
  const flaw = flawOf(value, MAX_NAME)
  if (flaw !== undefined) return { words: flaw }
  if (!name.test(value)) return { words: `应是 2 到 ${MAX_NAME} 个汉字或字母，请改正` }
  return { value }
}

/** 编号: never an identity or telephone number, which are not repeated in what is answered either. */
export function readNumber(text: string): CellReading<string> {
  const value = text.replace(/[－–—‐]/g, '-')
  const digits = value.replace(/[- ]/g, '')
  if (/^(\d{17}[\dXx]|\d{15}|(86)?1[3-9]\d{9})$/.test(digits)) {
    return { words: '里请不要填写身份证号或手机号，请改用单位自编的编号' }
  }
  if (/^\d(\.\d+)?E\+?\d+$/i.test(value)) {
    return { words: '变成了科学记数，请把这一列设为文本格式后重新填写' }
  }
  if (!/^[A-Za-z0-9-]{1,20}$/.test(value)) {
    return { words: '只能用字母、数字和“-”，最多 20 位，请改正' }
  }
  return { value }
}

const words = /^[\p{L}\p{N}（(〔【“《][\p{L}\p{N} （）()〔〕【】“”《》、，·—.&-]*$/u

/** 支部名称、类别 */
export const readWords =
  (max: number) =>
  (text: string): CellReading<string> => {
    const flaw = flawOf(text, max)
    if (flaw !== undefined) return { words: flaw }
    if (/\d{11}/.test(text)) return { words: '里请不要填写身份证号或手机号，请删去' }
    return words.test(text) ? { value: text } : { words: '里有不能使用的符号，请只用文字、数字和括号' }
  }

const kinds = new Map<string, Membership['membership']>([
  ['正式党员', 'full'],
  ['中共党员', 'full'],
  ['党员', 'full'],
  ['正式', 'full'],
  ['预备党员', 'probationary'],
  ['中共预备党员', 'probationary'],
  ['预备', 'probationary'],
  ['入党积极分子', 'activist'],
  ['积极分子', 'activist'],
])

export function readKind(text: string): CellReading<Membership['membership']> {
  const value = kinds.get(text)
  return value ? { value } : { words: '请填写“正式党员”“预备党员”或“入党积极分子”' }
}

const highestFirst: readonly BranchRole[] = ['secretary', 'committee-member', 'none']

/** 职务, perhaps several: 「副书记、组织委员」. The highest counts. */
export function readRole(text: string): CellReading<BranchRole> {
  const roles = text
    .split(/[、，,/；;兼 ]+/)
    .filter((part) => part !== '')
    .map(roleOf)
  const value = highestFirst.find((role) => roles.includes(role))
  if (value === undefined || roles.includes(undefined)) {
    return { words: '请填写“支部书记”“副书记”“组织委员”等支部职务；没有支部职务的请留空' }
  }
  return { value }
}

function roleOf(text: string): BranchRole | undefined {
  if (/^(党?支部)?书记$/.test(text)) return 'secretary'
  if (/^(党?支部)?(副书记|委员|(组织|宣传|纪检|青年|统战|保密|学习|群工|文体)委员)$/.test(text)) {
    return 'committee-member'
  }
  return /^(无|党员|普通党员)$/.test(text) ? 'none' : undefined
}

export function readYesNo(text: string): CellReading<boolean> {
  if (/^[是√✓]$/.test(text)) return { value: true }
  if (/^[否×]$/.test(text)) return { value: false }
  return { words: '请填写“是”或“否”，不改请留空' }
}

const NO_SUCH_DAY = '应是日期，请写成 2021-03-05 的样子'
/** Day 0 of Excel's count, which takes 1900 for a leap year. */
const SERIAL_ZERO = '1899-12-30'
/** The Party's own beginning: nothing in a roster is older. */
const EARLIEST = '1921-07-01'

/** 2021-03-05, 2021/3/5, 2021.3.5, 2021年3月5日, 20210305 or Excel's count of days; of a month alone
 *  (2021年3月) its first day. A time of day is dropped. */
export function readDay(text: string): CellReading<Day> {
  const date = text.replace(/[ T]\d{1,2}:\d{2}(:\d{2})?$/, '').replace(/ /g, '')
  const day = /^\d{5}$/.test(date) ? addDays(SERIAL_ZERO, Number(date)) : spelled(date)
  return v.is(daySchema, day) && day >= EARLIEST ? { value: day } : { words: NO_SUCH_DAY }
}

function spelled(date: string): string {
  const parts =
    /^(\d{4})(?:年|[-/.])(\d{1,2})(?:月|(?:月|[-/.])(\d{1,2})日?)?$/.exec(date) ??
    /^(\d{4})(\d\d)(\d\d)?$/.exec(date)
  const [, year = '', month = '', day = '1'] = parts ?? []
  return `${year}-${month.padStart(2, '0')}-${day.padStart(2, '0')}`
}
