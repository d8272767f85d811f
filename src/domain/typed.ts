// 填写的日期和时间：怎样写都读得懂，读不懂时告诉怎样写
import * as v from 'valibot'
import { type Day, daySchema } from './day'

export const wantedDay = '请写成「11月20日」或「2026-11-20」'
export const wantedClock = '请写成「08:30」的样子，24 小时制'

/** 「2027-02-06」, 「2-6」, 「2.6」 or, as a notice has it, 「2月6日（星期六）」, in this year; undefined where
 *  there is no such day. */
export function dayFrom(words: string, year: number): Day | undefined {
  const [, otherYear, month = '', day = ''] =
    /^(?:(\d{4})[-/.年])?(\d{1,2})[-/.月](\d{1,2})日?(?:[（(].*[)）])?$/.exec(words.trim()) ?? []
  const spelled = `${otherYear ?? year}-${month.padStart(2, '0')}-${day.padStart(2, '0')}`
  return v.is(daySchema, spelled) ? spelled : undefined
}

/** 「8:30」, 「08：30」 or 「0830」 as `'08:30'`. */
export function clockFrom(words: string): string | undefined {
  const [, hours, minutes] = /^(\d{1,2})[:：]?(\d{2})$/.exec(words.trim()) ?? []
  if (hours === undefined || Number(hours) > 23 || Number(minutes) > 59) return undefined
  return `${hours.padStart(2, '0')}:${minutes}`
}
