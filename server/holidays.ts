import data from 'chinese-days/dist/chinese-days.json' with { type: 'json' }
import * as v from 'valibot'
import { type PublishedNotice, publishedNoticeSchema } from '#domain/published-notice'

/** The weekly study began in 2021; nobody asks about a week before. */
const FIRST_YEAR = 2021

/** As people say them, where the library is shorter. */
const spokenNames: Readonly<Record<string, string>> = { 清明: '清明节', 端午: '端午节', 中秋: '中秋节' }

/** What no year's notice leaves out. The Mid-autumn Festival is not among them: when it falls in the
 *  National Day week (2020, 2028) the library calls the whole week 国庆节. */
const inEveryNotice = ['元旦', '春节', '清明节', '劳动节', '端午节', '国庆节']

/** An entry of the library reads `'Tomb-sweeping Day,清明,1'`: two names and a count of days. */
const entriesSchema = v.record(
  v.string(),
  v.pipe(
    v.string(),
    v.regex(/^[^,]+,[^,]+,\d+$/),
    v.transform((entry) => {
      const name = entry.split(',')[1] ?? ''
      return spokenNames[name] ?? name
    }),
  ),
)
const dataSchema = v.object({ holidays: entriesSchema, workdays: entriesSchema })

/** The notices the library knows, from 2021 to the last year it knows in full. Its functions are not
 *  asked: past their data they take every Monday to Friday for a working day, without a word. */
export function libraryNotices(): readonly PublishedNotice[] {
  known ??= noticesFrom(data)
  return known
}

/** The library is of one build of the server, and its branches are planned one after the other. */
let known: readonly PublishedNotice[] | undefined

/** A year that is known in part ends the run: its other days off are still to come. */
export function noticesFrom(libraryData: unknown): PublishedNotice[] {
  const { holidays, workdays } = v.parse(dataSchema, libraryData)

  const notices: PublishedNotice[] = []
  for (let year = FIRST_YEAR; ; year++) {
    const daysOff = inYear(year, holidays)
    const names = new Set(Object.values(daysOff))
    if (!inEveryNotice.every((name) => names.has(name))) return notices

    const notice = { year, daysOff, workdays: inYear(year, workdays), source: 'library' }
    notices.push(v.parse(publishedNoticeSchema, notice))
  }
}

function inYear(year: number, entries: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(Object.entries(entries).filter(([day]) => day.startsWith(`${year}-`)))
}
