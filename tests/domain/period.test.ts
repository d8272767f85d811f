import fc from 'fast-check'
import * as v from 'valibot'
import { addDays, instantOf, mondayOf, weekOf, weeksFrom } from '#domain/day'
import { byMonth, ledgerOf } from '#domain/ledger'
import {
  daysOf,
  isWithin,
  type LedgerPeriod,
  ledgerPeriodSchema,
  monthOf,
  monthsOf,
  periodName,
  weeksOf,
} from '#domain/period'
import type { Change } from '#domain/records'
import { branchScope } from '#domain/scopes'
import { standings, sumOf } from '#domain/tally'
import { chenLi, home, linXiao, TestBranch, wuGuifang } from '../support/branch'
import { closedWeek } from '../support/closed-week'
import { openStudy } from '../support/open-study'

describe('a period', () => {
  test.each<[LedgerPeriod, string, string, string]>([
    [{ year: 2026 }, '2026-01-01', '2027-01-01', '2026年'],
    [{ year: 2026, quarter: 1 }, '2026-01-01', '2026-04-01', '2026年第1季度'],
    [{ year: 2026, quarter: 4 }, '2026-10-01', '2027-01-01', '2026年第4季度'],
    [{ year: 2026, month: 2 }, '2026-02-01', '2026-03-01', '2026年2月'],
    [{ year: 2026, month: 12 }, '2026-12-01', '2027-01-01', '2026年12月'],
  ])('%j', (period, from, until, name) => {
    expect(daysOf(period)).toEqual({ from, until })
    expect(isWithin(period, from)).toBe(true)
    expect(isWithin(period, addDays(from, -1))).toBe(false)
    expect(isWithin(period, addDays(until, -1))).toBe(true)
    expect(isWithin(period, until)).toBe(false)
    expect(periodName(period)).toBe(name)
  })

  test('is a quarter or a month, not both, and of a year that can be', () => {
    for (const wrong of [{ year: 2026, quarter: 1, month: 1 }, { year: 2026, month: 13 }, { year: 26 }, {}])
      expect(v.safeParse(ledgerPeriodSchema, wrong).success).toBe(false)
  })

  test('has every week with a day in it, and no other', () => {
    // 2026 begins on a Thursday and ends on one: 2026-W01 to 2026-W53 all touch it.
    expect(weeksOf({ year: 2026 })).toHaveLength(53)
    // 2027 begins on a Friday, in the last week of 2026.
    expect(weeksOf({ year: 2027 })[0]).toBe('2026-W53')
    expect(weeksOf({ year: 2026, month: 2 })).toEqual([
      '2026-W05',
      '2026-W06',
      '2026-W07',
      '2026-W08',
      '2026-W09',
    ])
  })
})

const day = fc.integer({ min: 0, max: 1500 }).map((count) => addDays('2024-01-01', count))

test('a day is in one month of its year, and in one quarter', () => {
  fc.assert(
    fc.property(day, (given) => {
      const year = { year: Number(given.slice(0, 4)) }
      expect(monthsOf(year).filter((month) => isWithin(month, given))).toEqual([monthOf(given)])
      const quarters = [1, 2, 3, 4].map((quarter) => ({ ...year, quarter }))
      expect(quarters.filter((quarter) => isWithin(quarter, given))).toHaveLength(1)
      expect(weeksOf(monthOf(given))).toContain(weekOf(given))
    }),
  )
})

/** A branch with a study in each of two years’ weeks, on any of its days, and any standings. */
const histories = fc
  .array(
    fc.record({
      weekday: fc.integer({ min: 0, max: 6 }),
      lines: fc.array(fc.constantFrom(...standings), { minLength: 3, maxLength: 3 }),
      isClosed: fc.boolean(),
      isHeld: fc.boolean(),
    }),
    { minLength: 106, maxLength: 106 },
  )
  .map((weeks) => {
    const branch = new TestBranch()
    const people = [linXiao, chenLi, wuGuifang]
    const all = weeksFrom('2025-W01', 106)
    const changes = weeks.flatMap(({ weekday, lines, isClosed, isHeld }, index): Change[] => {
      const week = all[index] ?? ''
      const scope = branchScope(home)
      if (!isHeld)
        return [
          {
            scope,
            type: 'weekly-study',
            key: week,
            value: { state: 'not-held', week, version: 1, isOverridden: false, reason: '停学' },
          },
        ]
      const heldOn = addDays(mondayOf(week), weekday)
      const open = openStudy(week, heldOn)
      const closed = closedWeek(
        home,
        open,
        people.map((memberId, at) => [memberId, lines[at] ?? 'absent']),
      )
      // Still open where nobody closed it: what was recorded shows all the same.
      return isClosed ? closed : [...closed.slice(1), { scope, type: 'weekly-study', key: week, value: open }]
    })
    branch.records.apply(changes)
    return { branch, weeks, all }
  })

test('the standings add up to who was expected, and a year to its quarters, months and weeks', () => {
  const asOf = instantOf('2027-06-01', '00:00')
  fc.assert(
    fc.property(histories, fc.constantFrom(2025, 2026), ({ branch, weeks, all }, year) => {
      const of = (period: LedgerPeriod) => ledgerOf(branch.records, home, period, asOf)
      const whole = of({ year })
      for (const { tally } of whole.reviews)
        expect(standings.reduce((sum, each) => sum + tally[each], 0)).toBe(tally.expected)
      expect(sumOf(monthsOf({ year }).map((month) => of(month).total))).toEqual(whole.total)
      expect(sumOf([1, 2, 3, 4].map((quarter) => of({ year, quarter }).total))).toEqual(whole.total)
      expect(byMonth(whole).flatMap(({ reviews }) => reviews)).toEqual(whole.reviews)
      // Counted by hand: by the day of the study alone.
      const held = weeks.filter(
        ({ isHeld, weekday }, index) =>
          isHeld && addDays(mondayOf(all[index] ?? ''), weekday).startsWith(String(year)),
      )
      expect(whole.reviews).toHaveLength(held.length)
      expect(whole.total.expected).toBe(3 * held.length)
      expect(whole.total.absent).toBe(
        held.flatMap(({ lines }) => lines).filter((standing) => standing === 'absent').length,
      )
    }),
    { numRuns: 25 },
  )
})

test('a study that has not begun is in no ledger yet', () => {
  const branch = new TestBranch()
  const study = openStudy('2025-W11', '2025-03-10')
  branch.records.apply([{ scope: branchScope(home), type: 'weekly-study', key: '2025-W11', value: study }])
  const at = (asOf: number) => ledgerOf(branch.records, home, { year: 2025 }, asOf).reviews.length
  expect([at(study.startsAt - 1), at(study.startsAt)]).toEqual([0, 1])
})
