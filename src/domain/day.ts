import dayjs from 'dayjs'
import isoWeek from 'dayjs/plugin/isoWeek'
import utc from 'dayjs/plugin/utc'
import * as v from 'valibot'

dayjs.extend(utc)
dayjs.extend(isoWeek)

/** Every branch lives in UTC+8, which has no summer time. The engines on some phones have no Intl and
 *  a wrong idea of their own zone, so the eight hours are added by hand and the machine is never asked:
 *  dayjs is only ever used through `dayjs.utc`. */
const UTC_8_MS = 8 * 60 * 60 * 1000
const DAY_MS = 24 * 60 * 60 * 1000
const MINUTE_MS = 60 * 1000

const WEEKDAY_NAMES = ['周一', '周二', '周三', '周四', '周五', '周六', '周日']

const NO_SUCH_DAY = '没有这一天，请按「2025-03-10」的格式填写日期'
const NO_SUCH_WEEK = '没有这一周，请按「2025-W11」的格式填写'

/** A calendar day in UTC+8, `'2025-03-10'`. Two days compare as strings. */
export const daySchema = v.pipe(
  v.string(),
  v.isoDate(NO_SUCH_DAY),
  // `isoDate` looks at the spelling alone and lets 30 February through.
  v.check(
    (day: string): boolean => !/^\d{4}-\d\d-(29|3\d)$/.test(day) || spellingOf(day) === day,
    NO_SUCH_DAY,
  ),
)
export type Day = v.InferOutput<typeof daySchema>

/** An ISO week, `'2025-W11'`: Monday to Sunday, in the year that has its Thursday. */
export const weekSchema = v.pipe(
  v.string(),
  v.isoWeek(NO_SUCH_WEEK),
  // Most years have no week 53.
  v.check((week: string): boolean => !week.endsWith('53') || weekOf(mondayOf(week)) === week, NO_SUCH_WEEK),
)
export type Week = v.InferOutput<typeof weekSchema>

export type Weekday = 1 | 2 | 3 | 4 | 5 | 6 | 7

/** Asked for nearly always of the same day, for every request: spelled once. */
let spelled = { number: Number.NaN, day: '' }

export function dayOf(instant: number): Day {
  const number = Math.floor((instant + UTC_8_MS) / DAY_MS)
  if (number !== spelled.number) spelled = { number, day: dayjs.utc(instant + UTC_8_MS).format('YYYY-MM-DD') }
  return spelled.day
}

/** `'24:00'` is the midnight that ends the day. */
export function instantOf(day: Day, clock: string): number {
  const [, hours, minutes] = /^([01]\d|2[0-4]):([0-5]\d)$/.exec(clock) ?? []
  const minuteOfDay = Number(hours) * 60 + Number(minutes)
  if (!(minuteOfDay <= 24 * 60)) throw new RangeError(`no such time of day: ${clock}`)

  return dayjs.utc(day).valueOf() - UTC_8_MS + minuteOfDay * MINUTE_MS
}

/** What the clock on the wall showed, `'08:26'`; a minute begun is not rounded up. */
export function clockOf(instant: number): string {
  return dayjs.utc(instant + UTC_8_MS).format('HH:mm')
}

/** 「2026-03-09 08:26」 */
export const formatInstant = (instant: number): string => `${dayOf(instant)} ${clockOf(instant)}`

export function addDays(day: Day, count: number): Day {
  return spellingOf(dayjs.utc(day).add(count, 'day'))
}

/** How many days `b` comes after `a`. */
export function daysBetween(a: Day, b: Day): number {
  return (dayjs.utc(b).valueOf() - dayjs.utc(a).valueOf()) / DAY_MS
}

export function isoWeekday(day: Day): Weekday {
  // dayjs says `number`, and promises 1 to 7.
  return dayjs.utc(day).isoWeekday() as Weekday
}

export function weekOf(day: Day): Week {
  const date = dayjs.utc(day)
  return `${String(date.isoWeekYear()).padStart(4, '0')}-W${String(date.isoWeek()).padStart(2, '0')}`
}

export function mondayOf(week: Week): Day {
  // 4 January is always in week 1.
  const firstMonday = dayjs.utc(`${week.slice(0, 4)}-01-04`).startOf('isoWeek')
  return spellingOf(firstMonday.add((weekNumber(week) - 1) * 7, 'day'))
}

export function weeksFrom(first: Week, count: number): Week[] {
  const monday = mondayOf(first)
  return Array.from({ length: count }, (_, index) => weekOf(addDays(monday, index * 7)))
}

export function weekNumber(week: Week): number {
  return Number(week.slice(6))
}

/** `'周二'` */
export function weekdayName(day: Day): string {
  return WEEKDAY_NAMES[isoWeekday(day) - 1] ?? ''
}

/** `'4月6日'` */
export function formatDate(day: Day): string {
  return dayjs.utc(day).format('M月D日')
}

/** `'4月6日 周二'` */
export function formatDay(day: Day): string {
  return `${formatDate(day)} ${weekdayName(day)}`
}

/** As the calendar spells it: 30 February comes back as 2 March. */
function spellingOf(date: string | dayjs.Dayjs): Day {
  return dayjs.utc(date).format('YYYY-MM-DD')
}
