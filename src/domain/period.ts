// 统计期间：一年、一季度、一个月，按学习当天所在的日期算
import * as v from 'valibot'
import { addDays, type Day, mondayOf, type Week, weekOf } from './day'

const whole = (from: number, to: number) => v.pipe(v.number(), v.integer(), v.minValue(from), v.maxValue(to))

/** A year, or one of its quarters or months. Days of UTC+8. */
export const ledgerPeriodSchema = v.pipe(
  v.strictObject({
    year: whole(2000, 2100),
    quarter: v.optional(whole(1, 4)),
    month: v.optional(whole(1, 12)),
  }),
  v.check(({ quarter, month }) => quarter === undefined || month === undefined, '季度和月份只能选一个'),
)
export type LedgerPeriod = v.InferOutput<typeof ledgerPeriodSchema>

/** From a day up to but not including another. */
export function daysOf({ year, quarter, month }: LedgerPeriod): { readonly from: Day; readonly until: Day } {
  const first = month ?? (quarter === undefined ? 1 : quarter * 3 - 2)
  const after = first + (month !== undefined ? 1 : quarter !== undefined ? 3 : 12)
  return { from: firstOf(year, first), until: firstOf(year, after) }
}

const firstOf = (year: number, month: number): Day =>
  month > 12 ? `${year + 1}-01-01` : `${year}-${String(month).padStart(2, '0')}-01`

export const isWithin = (period: LedgerPeriod, day: Day): boolean => {
  const { from, until } = daysOf(period)
  return from <= day && day < until
}

/** Every week that has a day in it; the first and the last may belong to the neighbours as well. */
export function weeksOf(period: LedgerPeriod): Week[] {
  const { from, until } = daysOf(period)
  const weeks: Week[] = []
  for (let monday = mondayOf(weekOf(from)); monday < until; monday = addDays(monday, 7)) {
    weeks.push(weekOf(monday))
  }
  return weeks
}

/** The months in it, in order. */
export function monthsOf(period: LedgerPeriod): LedgerPeriod[] {
  const { year, month, quarter } = period
  if (month !== undefined) return [period]
  const [first, count] = quarter === undefined ? [1, 12] : [quarter * 3 - 2, 3]
  return Array.from({ length: count }, (_, index) => ({ year, month: first + index }))
}

export const monthOf = (day: Day): LedgerPeriod => ({
  year: Number(day.slice(0, 4)),
  month: Number(day.slice(5, 7)),
})

/** 「2026年」「2026年第4季度」「2026年11月」 */
export function periodName({ year, quarter, month }: LedgerPeriod): string {
  if (month !== undefined) return `${year}年${month}月`
  return quarter === undefined ? `${year}年` : `${year}年第${quarter}季度`
}

export type PeriodSpan = 'month' | 'quarter' | 'year'

/** The month, quarter or year with this day in it. */
export function periodOf(span: PeriodSpan, day: Day): LedgerPeriod {
  const { year, month = 1 } = monthOf(day)
  if (span === 'month') return { year, month }
  return span === 'year' ? { year } : { year, quarter: Math.ceil(month / 3) }
}

export const spanOf = ({ month, quarter }: LedgerPeriod): PeriodSpan =>
  month !== undefined ? 'month' : quarter !== undefined ? 'quarter' : 'year'

/** The one after it, or before. */
export function neighbourOf(period: LedgerPeriod, by: 1 | -1): LedgerPeriod {
  const { from, until } = daysOf(period)
  return periodOf(spanOf(period), by === 1 ? until : addDays(from, -1))
}
