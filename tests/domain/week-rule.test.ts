import fc from 'fast-check'
import * as v from 'valibot'
import { addDays, type Day, isoWeekday, mondayOf, weekOf, weeksFrom } from '#domain/day'
import { calendarFrom } from '#domain/published-notice'
import {
  type HeldOn,
  heldOn,
  horizonWarning,
  isWorkday,
  movedText,
  type WeekRule,
  type WorkCalendar,
  weekRuleSchema,
} from '#domain/week-rule'
import { libraryNotices, noticesFrom } from '#server/holidays'

const postpone: WeekRule = { kind: 'postpone' }
const skip: WeekRule = { kind: 'skip' }
const onWeekday = (weekday: 1 | 2 | 3 | 4 | 5 | 6 | 7): WeekRule => ({ kind: 'fixed-day', weekday })

/** The published notices of 2021 to 2026, whatever later years the library learns. */
const published = calendarFrom(libraryNotices().filter((notice) => notice.year <= 2026))

/** Every week of the six years whose Monday is a day off. */
const movedWeeks: readonly { monday: Day; on: Day | 'not held'; text?: string }[] = [
  { monday: '2021-02-15', on: '2021-02-18', text: '春节顺延至周四' },
  { monday: '2021-04-05', on: '2021-04-06', text: '清明节顺延至周二' },
  { monday: '2021-05-03', on: '2021-05-06', text: '劳动节顺延至周四' },
  { monday: '2021-06-14', on: '2021-06-15', text: '端午节顺延至周二' },
  { monday: '2021-09-20', on: '2021-09-22', text: '中秋节顺延至周三' },
  { monday: '2021-10-04', on: '2021-10-08', text: '国庆节顺延至周五' },
  { monday: '2022-01-03', on: '2022-01-04', text: '元旦顺延至周二' },
  { monday: '2022-01-31', on: 'not held' },
  { monday: '2022-04-04', on: '2022-04-06', text: '清明节顺延至周三' },
  { monday: '2022-05-02', on: '2022-05-05', text: '劳动节顺延至周四' },
  { monday: '2022-09-12', on: '2022-09-13', text: '中秋节顺延至周二' },
  { monday: '2022-10-03', on: '2022-10-08', text: '国庆节顺延至周六' },
  { monday: '2023-01-02', on: '2023-01-03', text: '元旦顺延至周二' },
  { monday: '2023-01-23', on: '2023-01-28', text: '春节顺延至周六' },
  { monday: '2023-05-01', on: '2023-05-04', text: '劳动节顺延至周四' },
  { monday: '2023-10-02', on: '2023-10-07', text: '国庆节顺延至周六' },
  { monday: '2024-01-01', on: '2024-01-02', text: '元旦顺延至周二' },
  { monday: '2024-02-12', on: '2024-02-18', text: '春节顺延至周日' },
  { monday: '2024-06-10', on: '2024-06-11', text: '端午节顺延至周二' },
  { monday: '2024-09-16', on: '2024-09-18', text: '中秋节顺延至周三' },
  { monday: '2024-10-07', on: '2024-10-08', text: '国庆节顺延至周二' },
  { monday: '2025-02-03', on: '2025-02-05', text: '春节顺延至周三' },
  { monday: '2025-05-05', on: '2025-05-06', text: '劳动节顺延至周二' },
  { monday: '2025-06-02', on: '2025-06-03', text: '端午节顺延至周二' },
  { monday: '2025-10-06', on: '2025-10-09', text: '中秋节顺延至周四' },
  { monday: '2026-02-16', on: 'not held' },
  { monday: '2026-02-23', on: '2026-02-24', text: '春节顺延至周二' },
  { monday: '2026-04-06', on: '2026-04-07', text: '清明节顺延至周二' },
  { monday: '2026-05-04', on: '2026-05-06', text: '劳动节顺延至周三' },
  { monday: '2026-10-05', on: '2026-10-08', text: '国庆节顺延至周四' },
]

const allWeeks = weeksFrom('2021-W01', 313)
const movedMondays = new Set(movedWeeks.map(({ monday }) => monday))

describe('the published notices of 2021 to 2026', () => {
  test.each(movedWeeks)('$monday → $on', ({ monday, on, text }) => {
    const held = heldOn(weekOf(monday), postpone, published)
    expect(held.state === 'held' ? held.day : held.state).toBe(on === 'not held' ? 'not-held' : on)
    expect(movedText(held)).toBe(text)
  })

  test('a Spring Festival that takes the whole week is named', () => {
    const off: HeldOn = { state: 'not-held', reason: '春节' }
    expect(heldOn(weekOf('2022-01-31'), postpone, published)).toEqual(off)
    expect(heldOn(weekOf('2026-02-16'), postpone, published)).toEqual(off)
  })

  test('every other Monday is itself', () => {
    const mondays = allWeeks.map(mondayOf)
    expect([mondays[0], mondays.at(-1)]).toEqual(['2021-01-04', '2026-12-28'])

    const plain = mondays.filter((monday) => !movedMondays.has(monday))
    expect(plain).toHaveLength(313 - 30)
    for (const monday of plain) {
      expect(heldOn(weekOf(monday), postpone, published)).toEqual({ state: 'held', day: monday })
    }
  })

  test('a make-up weekend is a working day, its weekend neighbour is not', () => {
    expect(isWorkday('2022-10-08', published)).toBe(true)
    expect(isWorkday('2022-10-15', published)).toBe(false)
    expect(isWorkday('2022-10-07', published)).toBe(false)
    expect(isWorkday('2022-10-10', published)).toBe(true)
  })
})

describe('the library', () => {
  test('knows 2021 to at least 2026, a year at a time', () => {
    const years = libraryNotices().map((notice) => notice.year)
    expect(years.slice(0, 6)).toEqual([2021, 2022, 2023, 2024, 2025, 2026])
    expect(years).toEqual(years.map((_, index) => 2021 + index))
  })

  /** As the library spells them, one day each; the Mid-autumn Festival inside the National Day week. */
  const yearOf = (year: number) => ({
    [`${year}-01-01`]: "New Year's Day,元旦,1",
    [`${year}-02-10`]: 'Spring Festival,春节,4',
    [`${year}-04-05`]: 'Tomb-sweeping Day,清明,1',
    [`${year}-05-01`]: 'Labour Day,劳动节,2',
    [`${year}-06-10`]: 'Dragon Boat Festival,端午,1',
    [`${year}-10-01`]: 'National Day,国庆节,3',
  })

  test.each([
    { learned: 'nothing of 2023', holidays: {}, last: 2022 },
    {
      learned: 'the first day of 2023',
      holidays: { '2023-01-01': "New Year's Day,元旦,1" },
      last: 2022,
    },
    { learned: '2023 in full', holidays: yearOf(2023), last: 2023 },
    { learned: '2024 but not 2023', holidays: yearOf(2024), last: 2022 },
  ])('having learned $learned, it speaks for the years to $last', ({ holidays, last }) => {
    const data = { holidays: { ...yearOf(2021), ...yearOf(2022), ...holidays }, workdays: {} }
    expect(noticesFrom(data).at(-1)?.year).toBe(last)
  })

  test('data in a form we do not know is not taken for an empty year', () => {
    const strange = { holidays: { '2021-01-01': '元旦' }, workdays: {} }
    expect(() => noticesFrom(strange)).toThrow()
  })

  test('calls the holidays what people call them', () => {
    const names = libraryNotices()
      .filter((notice) => notice.year <= 2026)
      .flatMap(({ daysOff, workdays }) => [...Object.values(daysOff), ...Object.values(workdays)])
    const spoken = ['元旦', '春节', '清明节', '劳动节', '端午节', '中秋节', '国庆节']
    expect([...new Set(names)].sort()).toEqual(spoken.sort())
  })
})

describe('past the horizon', () => {
  test('2027 is not known, and no weekday is taken for granted', () => {
    expect(published.knownUntil).toBe('2026-12-31')
    for (const rule of [postpone, skip, onWeekday(3)]) {
      for (const week of weeksFrom('2027-W01', 52)) {
        expect(heldOn(week, rule, published)).toEqual({ state: 'unknown' })
      }
    }
    expect(isWorkday('2026-12-31', published)).toBe(true)
    expect(isWorkday('2027-01-01', published)).toBeUndefined()
  })

  /** 2026-W53: Monday 28 December to Sunday 3 January. */
  test.each([
    { rule: postpone, answer: { state: 'held', day: '2026-12-28' } },
    { rule: skip, answer: { state: 'held', day: '2026-12-28' } },
    { rule: onWeekday(4), answer: { state: 'held', day: '2026-12-31' } },
    { rule: onWeekday(5), answer: { state: 'unknown' } },
    { rule: onWeekday(6), answer: { state: 'unknown' } },
  ])('in the week across the horizon, $rule depends on its own day', ({ rule, answer }) => {
    expect(heldOn('2026-W53', rule, published)).toEqual(answer)
  })

  test('a Monday off is not moved to a day nobody has published', () => {
    const daysOff = {
      '2026-12-28': '元旦',
      '2026-12-29': '元旦',
      '2026-12-30': '元旦',
      '2026-12-31': '元旦',
    }
    expect(heldOn('2026-W53', postpone, { ...published, daysOff })).toEqual({ state: 'unknown' })
    expect(heldOn('2026-W53', skip, { ...published, daysOff })).toEqual({ state: 'not-held', reason: '元旦' })
  })

  test.each([
    { until: '2026-12-31', warning: undefined },
    { until: '2027-01-01', warning: { from: '2027-01-01', until: '2027-01-01', years: [2027] } },
    { until: '2028-03-01', warning: { from: '2027-01-01', until: '2028-03-01', years: [2027, 2028] } },
  ])('planning as far as $until', ({ until, warning }) => {
    expect(horizonWarning(published, until)).toEqual(warning)
  })
})

describe('the other rules', () => {
  test.each([
    { rule: skip, week: '2021-W15', answer: { state: 'held', day: '2021-04-12' } },
    { rule: skip, week: '2021-W14', answer: { state: 'not-held', reason: '清明节' } },
    { rule: onWeekday(3), week: '2021-W14', answer: { state: 'held', day: '2021-04-07' } },
    { rule: onWeekday(3), week: '2021-W40', answer: { state: 'not-held', reason: '国庆节' } },
    { rule: onWeekday(1), week: '2021-W14', answer: { state: 'not-held', reason: '清明节' } },
    { rule: onWeekday(6), week: '2022-W40', answer: { state: 'held', day: '2022-10-08' } },
    { rule: onWeekday(6), week: '2022-W41', answer: { state: 'not-held', reason: '周末' } },
  ])('$rule in $week', ({ rule, week, answer }) => {
    const held = heldOn(week, rule, published)
    expect(held).toEqual(answer)
    expect(movedText(held)).toBeUndefined()
  })

  test.each([
    { rule: { kind: 'postpone' }, isRule: true },
    { rule: { kind: 'fixed-day', weekday: 7 }, isRule: true },
    { rule: { kind: 'fixed-day', weekday: 8 }, isRule: false },
    { rule: { kind: 'fixed-day', weekday: 0 }, isRule: false },
    { rule: { kind: 'fixed-day' }, isRule: false },
    { rule: { kind: 'daily' }, isRule: false },
  ])('$rule is a rule: $isRule', ({ rule, isRule }) => {
    expect(v.is(weekRuleSchema, rule)).toBe(isRule)
  })
})

describe('whatever is published', () => {
  const start = '2026-11-02'
  const span = 12 * 7
  const someDay = fc.integer({ min: 0, max: span - 1 }).map((count) => addDays(start, count))
  const anyRule: fc.Arbitrary<WeekRule> = fc.oneof(
    fc.constant(postpone),
    fc.constant(skip),
    fc.constantFrom(1, 2, 3, 4, 5, 6, 7).map((weekday) => onWeekday(weekday)),
  )
  /** Long runs of days off, so that whole weeks fall away. */
  const anyCalendar: fc.Arbitrary<WorkCalendar> = fc
    .record({
      knownUntil: someDay,
      breaks: fc.array(fc.tuple(someDay, fc.integer({ min: 1, max: 16 })), { maxLength: 4 }),
      makeUps: fc.array(someDay, { maxLength: 8 }),
    })
    .map(({ knownUntil, breaks, makeUps }) => {
      const off = breaks.flatMap(([first, length]) =>
        Array.from({ length }, (_, index) => addDays(first, index)),
      )
      const work = makeUps.filter((day) => isoWeekday(day) > 5 && !off.includes(day))
      return { knownUntil, daysOff: named(off), workdays: named(work) }
    })
  const weeks = weeksFrom(weekOf(start), span / 7)

  function named(days: Day[]): Record<Day, string> {
    return Object.fromEntries(days.map((day) => [day, '节日']))
  }

  test('a study is held on a working day of its own week, so no two weeks share one', () =>
    fc.assert(
      fc.property(anyCalendar, anyRule, (calendar, rule) => {
        const days: Day[] = []
        for (const week of weeks) {
          const held = heldOn(week, rule, calendar)
          if (held.state !== 'held') continue
          expect(weekOf(held.day)).toBe(week)
          expect(isWorkday(held.day, calendar)).toBe(true)
          days.push(held.day)
        }
        expect(new Set(days).size).toBe(days.length)
      }),
    ))

  test('a postponed study is held on the first working day, and missed only when there is none', () =>
    fc.assert(
      fc.property(anyCalendar, fc.constantFrom(...weeks), (calendar, week) => {
        const held = heldOn(week, postpone, calendar)
        const answers = Array.from({ length: 7 }, (_, index) =>
          isWorkday(addDays(mondayOf(week), index), calendar),
        )
        const first = answers.findIndex((answer) => answer !== false)
        const state = first === -1 ? 'not-held' : answers[first] === undefined ? 'unknown' : 'held'
        expect(held.state).toBe(state)
        if (held.state === 'held') {
          expect(held.day).toBe(addDays(mondayOf(week), first))
          expect(held.moved !== undefined).toBe(first > 0)
        }
      }),
    ))

  test('an answer once given stands when later notices are published', () =>
    fc.assert(
      fc.property(anyCalendar, someDay, anyRule, (calendar, later, rule) => {
        const extended = later > calendar.knownUntil ? { ...calendar, knownUntil: later } : calendar
        for (const week of weeks) {
          const before = heldOn(week, rule, calendar)
          if (before.state !== 'unknown') expect(heldOn(week, rule, extended)).toEqual(before)
        }
      }),
    ))
})
