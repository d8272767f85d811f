// 周汇朝学每周一举行；周一放假的，顺延至当周首个工作日（含调休上班的周末），当周无工作日的停学
import * as v from 'valibot'
import { addDays, type Day, isoWeekday, mondayOf, type Week, weekdayName } from './day'

/** What the published holiday notices (放假安排) say. */
export interface WorkCalendar {
  /** The last day a notice speaks for. Past it nothing is known, not even that a Tuesday is a working day. */
  readonly knownUntil: Day
  /** The holiday's name, by day off. */
  readonly daysOff: Readonly<Record<Day, string>>
  /** The name of the holiday that is made up for, by weekend workday (调休上班). */
  readonly workdays: Readonly<Record<Day, string>>
}

export const weekRuleSchema = v.variant('kind', [
  /** 顺延 */
  v.object({ kind: v.literal('postpone') }),
  /** 停学 */
  v.object({ kind: v.literal('skip') }),
  /** 固定日 */
  v.object({ kind: v.literal('fixed-day'), weekday: v.picklist([1, 2, 3, 4, 5, 6, 7]) }),
])
export type WeekRule = v.InferOutput<typeof weekRuleSchema>

export type HeldOn =
  | { readonly state: 'held'; readonly day: Day; readonly moved?: { readonly reason: string } }
  | { readonly state: 'not-held'; readonly reason: string }
  | { readonly state: 'unknown' }

/** The days that have to be confirmed before anything is planned on them. */
export interface HorizonWarning {
  readonly from: Day
  readonly until: Day
  readonly years: readonly number[]
}

const WEEKEND = '周末'

/** `undefined` past the horizon: neither answer may be assumed there. */
export function isWorkday(day: Day, calendar: WorkCalendar): boolean | undefined {
  if (day > calendar.knownUntil) return undefined
  return reasonOff(day, calendar) === undefined
}

/** The day a week's study is held. A week is not known until every day that was asked about is. */
export function heldOn(week: Week, rule: WeekRule, calendar: WorkCalendar): HeldOn {
  const monday = mondayOf(week)
  switch (rule.kind) {
    case 'postpone':
      return onFirstWorkday(monday, calendar)
    case 'skip':
      return onThatDay(monday, calendar)
    case 'fixed-day':
      return onThatDay(addDays(monday, rule.weekday - 1), calendar)
  }
}

/** 「清明节顺延至周二」, or nothing for a study that was not moved. */
export function movedText(held: HeldOn): string | undefined {
  if (held.state !== 'held' || held.moved === undefined) return undefined
  return `${held.moved.reason}顺延至${weekdayName(held.day)}`
}

/** What lies past the horizon when somebody plans as far as `untilDay`. */
export function horizonWarning(
  { knownUntil }: Pick<WorkCalendar, 'knownUntil'>,
  untilDay: Day,
): HorizonWarning | undefined {
  if (untilDay <= knownUntil) return undefined

  const from = addDays(knownUntil, 1)
  const firstYear = yearOf(from)
  const years = Array.from({ length: yearOf(untilDay) - firstYear + 1 }, (_, index) => firstYear + index)
  return { from, until: untilDay, years }
}

/** 「2027 年放假安排还没有公布，1月1日以后的学习日期待确认」 */
export function horizonText({ from, years }: HorizonWarning): string {
  const day = `${Number(from.slice(5, 7))}月${Number(from.slice(8))}日`
  return `${years.join('、')} 年放假安排还没有公布，${day}以后的学习日期待确认`
}

function onThatDay(day: Day, calendar: WorkCalendar): HeldOn {
  if (day > calendar.knownUntil) return { state: 'unknown' }

  const reason = reasonOff(day, calendar)
  return reason === undefined ? { state: 'held', day } : { state: 'not-held', reason }
}

function onFirstWorkday(monday: Day, calendar: WorkCalendar): HeldOn {
  const onMonday = onThatDay(monday, calendar)
  if (onMonday.state !== 'not-held') return onMonday

  for (let later = 1; later < 7; later++) {
    const onDay = onThatDay(addDays(monday, later), calendar)
    // The holiday that took the Monday is the reason, whichever took the days after it.
    if (onDay.state === 'held') return { ...onDay, moved: { reason: onMonday.reason } }
    if (onDay.state === 'unknown') return onDay
  }
  return onMonday
}

function reasonOff(day: Day, calendar: WorkCalendar): string | undefined {
  const holiday = calendar.daysOff[day]
  if (holiday !== undefined) return holiday

  const isPlainWeekend = isoWeekday(day) > 5 && calendar.workdays[day] === undefined
  return isPlainWeekend ? WEEKEND : undefined
}

function yearOf(day: Day): number {
  return Number(day.slice(0, 4))
}
