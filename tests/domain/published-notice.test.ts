import * as v from 'valibot'
import { calendarFrom, type PublishedNotice, publishedNoticeSchema } from '#domain/published-notice'
import { heldOn, isWorkday } from '#domain/week-rule'

/** An invented notice: nothing was published for 2027 when this was written. */
function aNotice(changes: Partial<PublishedNotice> = {}): PublishedNotice {
  return {
    year: 2027,
    daysOff: { '2027-01-01': '元旦', '2027-05-03': '劳动节' },
    workdays: { '2027-05-08': '劳动节' },
    source: 'notice',
    ...changes,
  }
}

function refusals(input: unknown): string[] {
  return v.safeParse(publishedNoticeSchema, input).issues?.map((issue) => issue.message) ?? []
}

describe('a notice entered by hand', () => {
  test('is taken as it was published', () => {
    expect(v.parse(publishedNoticeSchema, aNotice())).toEqual(aNotice())
  })

  test('a weekend day may be listed as a day off', () => {
    expect(refusals(aNotice({ daysOff: { '2027-05-01': '劳动节', '2027-05-02': '劳动节' } }))).toEqual([])
  })

  test.each<{ fault: string; changes: Partial<PublishedNotice>; message: string }>([
    {
      fault: 'a day off in another year',
      changes: { daysOff: { '2026-12-31': '元旦' } },
      message: '2026-12-31 不在 2027 年内，请录入到当年的放假安排中',
    },
    {
      fault: 'a make-up workday in another year',
      changes: { workdays: { '2028-01-01': '元旦' } },
      message: '2028-01-01 不在 2027 年内，请录入到当年的放假安排中',
    },
    {
      fault: 'a day both off and worked',
      changes: { daysOff: { '2027-05-08': '劳动节' } },
      message: '2027-05-08（5月8日 周六）既是放假又是调休上班，请只保留一项',
    },
    {
      fault: 'a make-up workday on a Friday',
      changes: { workdays: { '2027-05-07': '劳动节' } },
      message: '2027-05-07（5月7日 周五）不是周末，调休上班只能是周六或周日',
    },
    {
      fault: 'a day that does not exist',
      changes: { daysOff: { '2027-02-29': '春节' } },
      message: '没有这一天，请按「2025-03-10」的格式填写日期',
    },
    { fault: 'a day without a name', changes: { daysOff: { '2027-01-01': ' ' } }, message: '请填写节日名称' },
    {
      fault: 'a year of two digits',
      changes: { year: 27, daysOff: {}, workdays: {} },
      message: '请填写四位数的年份',
    },
  ])('$fault is refused', ({ changes, message }) => {
    expect(refusals(aNotice(changes))).toEqual([message])
  })

  test('every fault is named, not only the first', () => {
    const faults = { daysOff: { '2026-12-31': '元旦' }, workdays: { '2027-05-07': '劳动节' } }
    expect(refusals(aNotice(faults))).toHaveLength(2)
  })

  test('nobody vouches by another word', () => {
    expect(v.is(publishedNoticeSchema, { ...aNotice(), source: 'rumour' })).toBe(false)
  })
})

describe('the calendar', () => {
  test('ends with the last year of the unbroken run', () => {
    const year = (number: number) => aNotice({ year: number, daysOff: {}, workdays: {} })
    expect(calendarFrom([2026, 2027].map(year)).knownUntil).toBe('2027-12-31')
    expect(calendarFrom([2027, 2026].map(year)).knownUntil).toBe('2027-12-31')
    expect(calendarFrom([2025, 2026, 2028].map(year)).knownUntil).toBe('2026-12-31')
  })

  test('a notice behind a gap is not used until the gap is filled', () => {
    const behindTheGap = aNotice({ year: 2028, daysOff: { '2028-05-01': '劳动节' }, workdays: {} })
    const before = aNotice({ year: 2026, daysOff: {}, workdays: {} })
    expect(calendarFrom([before, behindTheGap]).daysOff).toEqual({})
    expect(calendarFrom([before, behindTheGap, aNotice()]).daysOff).toEqual({
      ...aNotice().daysOff,
      '2028-05-01': '劳动节',
    })
  })

  test('knows nothing without a notice', () => {
    const calendar = calendarFrom([])
    expect(isWorkday('2021-03-01', calendar)).toBeUndefined()
    expect(heldOn('2021-W09', { kind: 'postpone' }, calendar)).toEqual({ state: 'unknown' })
  })

  test('a year entered by hand settles its weeks', () => {
    const rule = { kind: 'postpone' } as const
    expect(heldOn('2027-W18', rule, calendarFrom([aNotice()]))).toEqual({
      state: 'held',
      day: '2027-05-04',
      moved: { reason: '劳动节' },
    })
  })

  test.each([
    { sources: ['assumed', 'library'], believed: 'library' },
    { sources: ['library', 'assumed'], believed: 'library' },
    { sources: ['library', 'notice'], believed: 'notice' },
    { sources: ['notice', 'library'], believed: 'notice' },
    { sources: ['assumed', 'notice'], believed: 'notice' },
  ] as const)('of $sources for one year, $believed is believed whole', ({ sources, believed }) => {
    const notices = sources.map((source) => aNotice({ source, daysOff: { '2027-01-01': source } }))
    expect(calendarFrom(notices).daysOff).toEqual({ '2027-01-01': believed })
  })

  test('of two notices entered by hand, the later is believed', () => {
    const corrected = aNotice({ daysOff: { '2027-01-04': '元旦' } })
    expect(calendarFrom([aNotice(), corrected]).daysOff).toEqual(corrected.daysOff)
  })
})
