// 手工录入放假安排：照通知逐个节日填写放假起止和调休上班
import * as v from 'valibot'
import { addDays, type Day, daysBetween, mondayOf, type Week, weekOf, weeksFrom } from './day'
import { calendarFrom, type PublishedNotice, publishedNoticeSchema } from './published-notice'
import { dayFrom } from './typed'
import { type HeldOn, heldOn, type WeekRule } from './week-rule'

/** One festival of a notice, as somebody typed it. */
export interface FestivalLine {
  readonly name: string
  readonly from: string
  readonly until: string
  /** The weekend days that make up for it, parted by 、 or spaces. */
  readonly workdays: string
}

/** What every year's notice speaks of. */
const festivals = ['元旦', '春节', '清明节', '劳动节', '端午节', '中秋节', '国庆节']

/** Longer than any holiday yet: a month mistyped is noticed. */
const longestDays = 16

/** The lines of a year nobody has entered yet. */
export const emptyLines = (): FestivalLine[] =>
  festivals.map((name) => ({ name, from: '', until: '', workdays: '' }))

/** The notice these lines make, or what is wrong with them, in words. Lines left empty are passed over. */
export function noticeFrom(
  year: number,
  lines: readonly FestivalLine[],
): { readonly notice: PublishedNotice } | { readonly problems: readonly string[] } {
  const filled = lines.filter((line) => !isEmpty(line))
  if (filled.length === 0) return { problems: ['请至少填写一个节日的放假日期'] }

  const daysOff: Record<Day, string> = {}
  const workdays: Record<Day, string> = {}
  const problems = filled.flatMap((line) => addLine(line, year, daysOff, workdays))
  const parsed = v.safeParse(publishedNoticeSchema, { year, daysOff, workdays, source: 'notice' })
  const found = [...problems, ...(parsed.issues ?? []).map(({ message }) => message)]
  return parsed.success && problems.length === 0
    ? { notice: parsed.output }
    : { problems: [...new Set(found)] }
}

/** The lines somebody would have typed for this notice, in the order of the year. */
export function linesFrom(notice: PublishedNotice): FestivalLine[] {
  const lines: FestivalLine[] = []
  for (const day of Object.keys(notice.daysOff).sort()) {
    const name = notice.daysOff[day] ?? ''
    const last = lines[lines.length - 1]
    if (last?.name === name && addDays(last.until, 1) === day) lines.splice(-1, 1, { ...last, until: day })
    else lines.push({ name, from: day, until: day, workdays: '' })
  }
  for (const day of Object.keys(notice.workdays).sort()) {
    const name = notice.workdays[day] ?? ''
    const at = lines.findIndex((line) => line.name === name)
    const line = lines[at] ?? { name, from: '', until: '', workdays: '' }
    const added = { ...line, workdays: line.workdays === '' ? day : `${line.workdays}、${day}` }
    lines.splice(at === -1 ? lines.length : at, 1, added)
  }
  return lines
}

/** The festivals every notice has and these lines have not: once a year is entered, their days
 *  count as ordinary ones. */
export const missingFestivals = (lines: readonly FestivalLine[]): string[] =>
  festivals.filter(
    (festival) => !lines.some((line) => !isEmpty(line) && line.name.includes(festival.replace('节', ''))),
  )

/** The weeks of a year whose study is not on the day it would be on without holidays. */
export function affectedWeeks(
  notice: PublishedNotice,
  rule: WeekRule,
): { readonly week: Week; readonly monday: Day; readonly held: HeldOn }[] {
  const calendar = calendarFrom([notice])
  const plain = { ...calendar, daysOff: {}, workdays: {} }
  return weeksFrom(weekOf(`${notice.year}-01-01`), 54)
    .map((week) => ({ week, monday: mondayOf(week), held: heldOn(week, rule, calendar) }))
    .filter(({ monday }) => monday.startsWith(`${notice.year}-`))
    .filter(({ week, held }) => JSON.stringify(held) !== JSON.stringify(heldOn(week, rule, plain)))
}

export interface KnownYear {
  readonly year: number
  /** Who vouches for it; undefined: nobody yet. */
  readonly source: PublishedNotice['source'] | undefined
}

/** The years from this one to the first that nobody has published or entered, and any entered after it. */
export function knownYears(
  thisYear: number,
  knownUntil: Day,
  entered: readonly PublishedNotice[],
): KnownYear[] {
  const sourceOf = (year: number) =>
    entered.find((notice) => notice.year === year)?.source ??
    (`${year}-12-31` <= knownUntil ? ('library' as const) : undefined)
  const years: KnownYear[] = []
  let year = thisYear
  for (; sourceOf(year) !== undefined; year += 1) years.push({ year, source: sourceOf(year) })
  const later = entered.filter((notice) => notice.year > year).map(({ year, source }) => ({ year, source }))
  return [...years, { year, source: undefined }, ...later.sort((a, b) => a.year - b.year)]
}

const isEmpty = ({ from, until, workdays }: FestivalLine) =>
  [from, until, workdays].every((words) => words.trim() === '')

/** Puts a line's days where they belong; returns what is wrong with it. */
function addLine(
  line: FestivalLine,
  year: number,
  daysOff: Record<Day, string>,
  workdays: Record<Day, string>,
): string[] {
  const name = line.name.trim()
  if (name === '') return ['有一行没有填写节日名称']
  const unreadable = (words: string) =>
    `${name}：日期「${words.trim()}」读不懂，请写成「${year}-02-06」或「2月6日」`
  const problems: string[] = []

  const from = dayFrom(line.from, year)
  const until = dayFrom(line.until, year)
  if (line.from.trim() === '' || line.until.trim() === '')
    problems.push(`${name}：请填写放假的第一天和最后一天`)
  else if (from === undefined) problems.push(unreadable(line.from))
  else if (until === undefined) problems.push(unreadable(line.until))
  else problems.push(...addRange(name, from, until, daysOff))

  for (const words of line.workdays.split(/[、，,;；\s]+/).filter(Boolean)) {
    const day = dayFrom(words, year)
    if (day === undefined) problems.push(unreadable(words))
    else if (workdays[day] !== undefined) problems.push(`${name}：调休上班 ${day} 填写了两次`)
    else workdays[day] = name
  }
  return problems
}

function addRange(name: string, from: Day, until: Day, daysOff: Record<Day, string>): string[] {
  const length = daysBetween(from, until) + 1
  if (length < 1) return [`${name}：放假的最后一天早于第一天`]
  if (length > longestDays) return [`${name}：放假共 ${length} 天，请核对月份`]
  const days = Array.from({ length }, (_, index) => addDays(from, index))
  const taken = days.find((day) => daysOff[day] !== undefined)
  if (taken !== undefined) return [`${taken} 同时在「${daysOff[taken]}」和「${name}」里，请只保留一处`]
  for (const day of days) daysOff[day] = name
  return []
}
