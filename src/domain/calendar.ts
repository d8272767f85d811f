// 支部日程：周汇朝学和会议，按日期排在一起

import { dayOf } from './day'
import { meetingsOf } from './gathering-key'
import type { BranchId } from './ids'
import type { Meeting } from './meeting'
import { daysOf, isWithin, type LedgerPeriod, weeksOf } from './period'
import type { Records } from './records'
import { branchScope } from './scopes'
import { type HeldStudy, isHeld } from './weekly-study'

/** A branch's weekly studies and meetings of a period, in the order they are held; cancelled ones too. */
export function calendarOf(
  records: Records,
  branchId: BranchId,
  period: LedgerPeriod,
): (HeldStudy | Meeting)[] {
  const scope = branchScope(branchId)
  const studies = weeksOf(period).flatMap((week) => {
    const study = records.get(scope, 'weekly-study', week)
    return study !== undefined && isHeld(study) ? [study] : []
  })
  return [...studies, ...meetingsIn(records, branchId, period)]
    .filter((each) => isWithin(period, each.heldOn))
    .sort((a, b) => a.startsAt - b.startsAt)
}

/** A period lies within one year, and so do its meetings' ids. */
const meetingsIn = (records: Records, branchId: BranchId, period: LedgerPeriod): Meeting[] =>
  records.list(branchScope(branchId), 'meeting', meetingsOf(Number(daysOf(period).from.slice(0, 4))))

/** As far ahead as Home looks. */
const aheadMs = 14 * 86_400_000

/** What a branch was told of and is still to come, soonest first. */
export const meetingsAhead = (records: Records, branchId: BranchId, now: number): Meeting[] =>
  [0, aheadMs]
    .map((ahead) => Number(dayOf(now + ahead).slice(0, 4)))
    .filter((year, index, all) => all.indexOf(year) === index)
    .flatMap((year) => records.list(branchScope(branchId), 'meeting', meetingsOf(year)))
    .filter(
      (each) =>
        each.state === 'open' &&
        each.notifiedAt !== undefined &&
        now < each.endsAt &&
        each.startsAt < now + aheadMs,
    )
    .sort((a, b) => a.startsAt - b.startsAt)
