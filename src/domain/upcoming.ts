import { dayOf, weekOf, weeksFrom } from './day'
import type { BranchId } from './ids'
import type { Records } from './records'
import { branchScope } from './scopes'
import type { OpenStudy } from './weekly-study'

/** As far as anybody looks ahead on Home: over a week-long holiday and the one after it. */
const weeksAhead = 4

/** The next study of the branch after this week, if it is planned. */
export function nextStudy(records: Records, branchId: BranchId, now: number): OpenStudy | undefined {
  for (const week of weeksFrom(weekOf(dayOf(now)), weeksAhead).slice(1)) {
    const study = records.get(branchScope(branchId), 'weekly-study', week)
    if (study?.state === 'open') return study
  }
  return undefined
}
