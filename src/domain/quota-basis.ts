// 应开次数的依据：当年的会议、党员名册和支部自己的次数
import { type Day, mondayOf } from './day'
import { meetingsOf } from './gathering-key'
import type { BranchId } from './ids'
import { isOn } from './meeting'
import { daysOf, isWithin, type LedgerPeriod, monthOf } from './period'
import type { QuotaBasis } from './quota'
import type { Read, Records } from './records'
import { branchScope, reviewScope } from './scopes'
import { isHeld, type WeeklyStudy } from './weekly-study'

const studiesOf = (year: number) => `${year}-W`

/** What {@link quotaBasisOf} looks at. Of the studies only the days are needed, to know since when. */
export const readQuotas = (branchId: BranchId, { year }: LedgerPeriod): Read[] => [
  { scope: branchScope(branchId), type: 'branch', key: 'branch' },
  { scope: branchScope(branchId), type: 'weekly-study', prefix: studiesOf(year) },
  { scope: branchScope(branchId), type: 'meeting', prefix: meetingsOf(year) },
  { scope: reviewScope(branchId), type: 'membership', prefix: '' },
]

/** A period lies in one year, and so does every quota's own period that ends in it. */
export const quotaBasisOf = (
  records: Records,
  branchId: BranchId,
  period: LedgerPeriod,
  asOf: number,
): QuotaBasis => ({
  meetings: records.list(branchScope(branchId), 'meeting', meetingsOf(period.year)).filter(isOn),
  memberships: records.list(reviewScope(branchId), 'membership', ''),
  quotas: records.get(branchScope(branchId), 'branch', 'branch')?.settings.quotas,
  since: sinceOf(records, branchId, period),
  asOf,
})

/** The month of the year's first record of a study or a meeting, from its first day: a branch that began
 *  in the course of the year did not leave out what lay before. */
function sinceOf(records: Records, branchId: BranchId, period: LedgerPeriod): Day {
  const scope = branchScope(branchId)
  const { year } = period
  const days = [
    ...records.list(scope, 'weekly-study', studiesOf(year)).map(dayOfStudy),
    ...records.list(scope, 'meeting', meetingsOf(year)).map(({ heldOn }) => heldOn),
  ].filter((day) => isWithin({ year }, day)) // the first week may begin in the year before
  const [first] = days.sort()
  return daysOf(first === undefined ? period : monthOf(first)).from
}

const dayOfStudy = (study: WeeklyStudy): Day => (isHeld(study) ? study.heldOn : mondayOf(study.week))
