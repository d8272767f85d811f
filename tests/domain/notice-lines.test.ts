import fc from 'fast-check'
import { addDays, isoWeekday } from '#domain/day'
import {
  affectedWeeks,
  emptyLines,
  type FestivalLine,
  knownYears,
  linesFrom,
  missingFestivals,
  noticeFrom,
} from '#domain/notice-lines'
import type { PublishedNotice } from '#domain/published-notice'
import { movedText } from '#domain/week-rule'

const spring: FestivalLine = {
  name: '春节',
  from: '2月6日',
  until: '2027-02-12',
  workdays: '2月14日（星期日）',
}
const aLine = (change: Partial<FestivalLine> = {}) => ({ ...spring, ...change })
const problemsOf = (...lines: FestivalLine[]) => {
  const read = noticeFrom(2027, lines)
  return 'problems' in read ? read.problems : []
}

test('a festival typed as it is printed becomes the notice', () => {
  expect(noticeFrom(2027, [...emptyLines(), spring])).toEqual({
    notice: {
      year: 2027,
      daysOff: Object.fromEntries(
        Array.from({ length: 7 }, (_, count) => [addDays('2027-02-06', count), '春节']),
      ),
      workdays: { '2027-02-14': '春节' },
      source: 'notice',
    },
  })
})

test.each<{ fault: string; lines: FestivalLine[]; says: string }>([
  { fault: 'nothing typed', lines: emptyLines(), says: '请至少填写一个节日的放假日期' },
  { fault: 'no name', lines: [aLine({ name: ' ' })], says: '有一行没有填写节日名称' },
  { fault: 'no last day', lines: [aLine({ until: '' })], says: '春节：请填写放假的第一天和最后一天' },
  { fault: 'a day that does not exist', lines: [aLine({ until: '2月30日' })], says: '「2月30日」读不懂' },
  { fault: 'the end before the beginning', lines: [aLine({ until: '2-5' })], says: '早于第一天' },
  { fault: 'a month mistyped', lines: [aLine({ until: '3-12' })], says: '春节：放假共 35 天，请核对月份' },
  {
    fault: 'a day in two festivals',
    lines: [spring, aLine({ name: '元宵节', from: '2-12', until: '2-13', workdays: '' })],
    says: '2027-02-12 同时在「春节」和「元宵节」里',
  },
  { fault: 'a make-up workday in the week', lines: [aLine({ workdays: '2-15' })], says: '不是周末' },
  { fault: 'a make-up workday twice', lines: [aLine({ workdays: '2-14 2-14' })], says: '填写了两次' },
  {
    fault: 'a make-up workday nobody can read',
    lines: [aLine({ workdays: '周日' })],
    says: '「周日」读不懂',
  },
  { fault: 'a day both off and worked', lines: [aLine({ workdays: '2-7' })], says: '既是放假又是调休上班' },
  {
    fault: 'a day of another year',
    lines: [aLine({ from: '2026-12-31', until: '2027-01-02', workdays: '' })],
    says: '2026-12-31 不在 2027 年内',
  },
])('$fault is told', ({ lines, says }) => {
  expect(problemsOf(...lines).join('\n')).toContain(says)
})

test('sixteen days are a long holiday, seventeen a month mistyped', () => {
  expect(problemsOf(aLine({ from: '2-1', until: '2-16', workdays: '' }))).toEqual([])
  expect(problemsOf(aLine({ from: '2-1', until: '2-17', workdays: '' }))).toHaveLength(1)
})

const notices = fc
  .array(
    fc.record({
      name: fc.constantFrom('元旦', '春节', '清明节', '国庆节、中秋节'),
      gap: fc.integer({ min: 1, max: 30 }),
      length: fc.integer({ min: 1, max: 9 }),
      worksBefore: fc.boolean(),
    }),
    { minLength: 1, maxLength: 8 },
  )
  .map((holidays): PublishedNotice => {
    const daysOff: Record<string, string> = {}
    const workdays: Record<string, string> = {}
    let day = '2027-01-01'
    for (const { name, gap, length, worksBefore } of holidays) {
      day = addDays(day, gap)
      if (worksBefore && isoWeekday(day) > 5) workdays[day] = name
      day = addDays(day, 1)
      for (let count = 0; count < length; count += 1) daysOff[addDays(day, count)] = name
      day = addDays(day, length)
    }
    return { year: 2027, daysOff, workdays, source: 'notice' }
  })
  .filter(({ daysOff, workdays }) =>
    [...Object.keys(daysOff), ...Object.keys(workdays)].every((day) => day.startsWith('2027-')),
  )

test('whatever was entered comes back as the same lines would make it', () =>
  fc.assert(
    fc.property(notices, (notice) => {
      expect(noticeFrom(notice.year, linesFrom(notice))).toEqual({ notice })
    }),
  ))

test('the festivals nobody has typed are named; one under two names counts for both', () => {
  expect(missingFestivals([...emptyLines(), spring])).toEqual([
    '元旦',
    '清明节',
    '劳动节',
    '端午节',
    '中秋节',
    '国庆节',
  ])
  expect(missingFestivals([aLine({ name: '国庆、中秋' })])).not.toContain('中秋节')
})

describe('the studies a notice changes', () => {
  const read = noticeFrom(2027, [
    aLine({ from: '2-6', until: '2-12', workdays: '2-14' }),
    aLine({ name: '劳动节', from: '5-1', until: '5-4', workdays: '' }),
    aLine({ name: '年末', from: '12-27', until: '12-31', workdays: '' }),
    aLine({ name: '平日', from: '3-10', until: '3-10', workdays: '' }),
  ])
  if ('problems' in read) throw new Error(read.problems.join())
  const affected = (rule: Parameters<typeof affectedWeeks>[1]) =>
    affectedWeeks(read.notice, rule).map(({ monday, held }) => [monday, movedText(held) ?? held.state])

  test('are those whose Monday is off, each with where it goes', () => {
    expect(affected({ kind: 'postpone' })).toEqual([
      ['2027-02-08', '春节顺延至周日'],
      ['2027-05-03', '劳动节顺延至周三'],
      ['2027-12-27', 'unknown'], // the week goes on into a year nobody knows
    ])
  })

  test('where a Monday off is skipped, are not held', () => {
    expect(affected({ kind: 'skip' })).toEqual([
      ['2027-02-08', 'not-held'],
      ['2027-05-03', 'not-held'],
      ['2027-12-27', 'not-held'],
    ])
  })

  test('on a fixed Wednesday, are those whose Wednesday is off', () => {
    expect(affected({ kind: 'fixed-day', weekday: 3 })).toEqual([
      ['2027-02-08', 'not-held'],
      ['2027-03-08', 'not-held'],
      ['2027-12-27', 'not-held'],
    ])
  })
})

test('the years run from this one to the first nobody has published, and say who vouches for each', () => {
  const entered = (year: number, source: PublishedNotice['source']): PublishedNotice => ({
    year,
    daysOff: {},
    workdays: {},
    source,
  })
  expect(knownYears(2026, '2026-12-31', [])).toEqual([
    { year: 2026, source: 'library' },
    { year: 2027, source: undefined },
  ])
  expect(knownYears(2026, '2027-12-31', [entered(2027, 'assumed')])).toEqual([
    { year: 2026, source: 'library' },
    { year: 2027, source: 'assumed' },
    { year: 2028, source: undefined },
  ])
  // Entered a moment ago without signal, and one whose year before is missing.
  expect(knownYears(2026, '2026-12-31', [entered(2029, 'notice'), entered(2027, 'notice')])).toEqual([
    { year: 2026, source: 'library' },
    { year: 2027, source: 'notice' },
    { year: 2028, source: undefined },
    { year: 2029, source: 'notice' },
  ])
  expect(knownYears(2027, '2026-12-31', [])).toEqual([{ year: 2027, source: undefined }])
})
