// 台账：一次登记，按周、月、季、年汇总，每个数都能回到当周的登记簿
import { instantOf, mondayOf, type Week } from './day'
import type { BranchId } from './ids'
import { isWithin, type LedgerPeriod, monthsOf, weeksOf } from './period'
import type { Read, Records } from './records'
import { type Review, reviewOf } from './review'
import { branchScope, leaveScope, reviewScope } from './scopes'
import { sumOf, type Tally } from './tally'
import type { HeldStudy, WeeklyStudy } from './weekly-study'

/** A branch's studies of a period, each with its register, and their sum. */
export interface Ledger {
  readonly period: LedgerPeriod
  readonly reviews: readonly Review<HeldStudy>[]
  /** 停学, with why. */
  readonly notHeld: readonly Extract<WeeklyStudy, { state: 'not-held' }>[]
  readonly total: Tally
}

/** A study counts in the period that has its day, once it has begun; never by the week it is named after. */
export const countsIn = (study: HeldStudy, period: LedgerPeriod, asOf: number): boolean =>
  study.startsAt <= asOf && isWithin(period, study.heldOn)

export function ledgerOf(records: Records, branchId: BranchId, period: LedgerPeriod, asOf: number): Ledger {
  const weeks = weeksOf(period)
  const reviews = weeks.flatMap((week) => {
    const review = reviewOf(records, branchId, week)
    return review !== undefined && countsIn(review.study, period, asOf) ? [review] : []
  })
  return {
    period,
    reviews,
    notHeld: weeks.flatMap((week) => {
      const study = records.get(branchScope(branchId), 'weekly-study', week)
      return study?.state === 'not-held' && isMondayWithin(week, period, asOf) ? [study] : []
    }),
    total: sumOf(reviews.map(({ tally }) => tally)),
  }
}

const isMondayWithin = (week: Week, period: LedgerPeriod, asOf: number) =>
  isWithin(period, mondayOf(week)) && instantOf(mondayOf(week), '00:00') <= asOf

/** The same by month, in order; a month without a study is left out. */
export const byMonth = (
  ledger: Ledger,
): { readonly period: LedgerPeriod; readonly reviews: Review<HeldStudy>[] }[] =>
  monthsOf(ledger.period)
    .map((period) => ({
      period,
      reviews: ledger.reviews.filter(({ study }) => isWithin(period, study.heldOn)),
    }))
    .filter(({ reviews }) => reviews.length > 0)

/** What {@link ledgerOf} looks at; kinds of leave only for who may read them. */
export const readLedger = (
  branchId: BranchId,
  period: LedgerPeriod,
  { withLeaves }: { readonly withLeaves: boolean },
): Read[] => readWeeks(branchId, weeksOf(period), { withLeaves })

/** The registers of these weeks, whole. */
export const readWeeks = (
  branchId: BranchId,
  weeks: readonly Week[],
  { withLeaves }: { readonly withLeaves: boolean },
): Read[] => [
  { scope: branchScope(branchId), type: 'branch', key: 'branch' },
  { scope: reviewScope(branchId), type: 'membership', prefix: '' },
  ...weeks.flatMap((week): Read[] => [
    { scope: branchScope(branchId), type: 'weekly-study', key: week },
    { scope: reviewScope(branchId), type: 'register', key: week },
    { scope: reviewScope(branchId), type: 'register-line', prefix: `${week}/` },
    { scope: reviewScope(branchId), type: 'amendment', prefix: `${week}/` },
    ...(withLeaves ? [{ scope: leaveScope(branchId), type: 'leave', prefix: `${week}/` } as const] : []),
  ]),
]
