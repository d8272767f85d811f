// 国务院办公厅每年公布的放假调休安排：放假的日期、调休上班的周末
import * as v from 'valibot'
import { daySchema, formatDay, isoWeekday } from './day'
import type { WorkCalendar } from './week-rule'

const holidayNameSchema = v.pipe(
  v.string(),
  v.trim(),
  v.nonEmpty('请填写节日名称'),
  v.maxLength(40, '节日名称请不要超过 40 个字'),
)

/** The holiday notice (放假安排) of one year. `source` says who vouches for it: the library's data, a
 *  published notice somebody entered by hand, or somebody's confirmation to go by plain weeks for now. */
export const publishedNoticeSchema = v.pipe(
  v.object({
    year: v.pipe(
      v.number(),
      v.integer('请填写四位数的年份'),
      v.minValue(1000, '请填写四位数的年份'),
      v.maxValue(9999, '请填写四位数的年份'),
    ),
    daysOff: v.record(daySchema, holidayNameSchema),
    workdays: v.record(daySchema, holidayNameSchema),
    source: v.picklist(['library', 'notice', 'assumed']),
  }),
  v.rawCheck(({ dataset, addIssue }) => {
    // A key that is no day has been refused already, and has no weekday to speak of.
    if (!dataset.typed || dataset.issues) return
    const { year, daysOff, workdays } = dataset.value

    for (const day of [...Object.keys(daysOff), ...Object.keys(workdays)]) {
      if (Number(day.slice(0, 4)) !== year) {
        addIssue({ message: `${day} 不在 ${year} 年内，请录入到当年的放假安排中` })
      }
    }
    for (const day of Object.keys(workdays)) {
      if (day in daysOff) {
        addIssue({ message: `${day}（${formatDay(day)}）既是放假又是调休上班，请只保留一项` })
      }
      if (isoWeekday(day) <= 5) {
        addIssue({ message: `${day}（${formatDay(day)}）不是周末，调休上班只能是周六或周日` })
      }
    }
  }),
)
export type PublishedNotice = v.InferOutput<typeof publishedNoticeSchema>

/** Which of two notices for one year is believed. Data that arrives replaces an assumption; what
 *  somebody read in the notice corrects the data. */
const authority = { assumed: 0, library: 1, notice: 2 } satisfies Record<PublishedNotice['source'], number>

/** Before any day a study could be held on. */
const NOTHING_IS_KNOWN = '1000-01-01'

/** The calendar ends with the first year nobody vouches for: a later notice does not vouch for the gap.
 *  Of two equal notices for a year the later in the list counts. */
export function calendarFrom(notices: readonly PublishedNotice[]): WorkCalendar {
  const ofYear = new Map<number, PublishedNotice>()
  for (const notice of notices) {
    const other = ofYear.get(notice.year)
    if (other === undefined || authority[notice.source] >= authority[other.source]) {
      ofYear.set(notice.year, notice)
    }
  }

  const daysOff: Record<string, string> = {}
  const workdays: Record<string, string> = {}
  let knownUntil = NOTHING_IS_KNOWN
  let year = Math.min(...ofYear.keys())
  for (let notice = ofYear.get(year); notice !== undefined; notice = ofYear.get(year)) {
    Object.assign(daysOff, notice.daysOff)
    Object.assign(workdays, notice.workdays)
    knownUntil = `${year}-12-31`
    year += 1
  }
  return { knownUntil, daysOff, workdays }
}
