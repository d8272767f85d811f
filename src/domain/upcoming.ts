import { meetingsAhead } from './calendar'
import { dayOf, weekOf, weeksFrom } from './day'
import { type Gathering, isFor } from './gathering'
import type { BranchId, PersonId } from './ids'
import { isOn } from './meeting'
import { isExpectedOn } from './membership'
import type { Records } from './records'
import { branchScope, memberScope } from './scopes'
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

/** The study that is next to begin, this week's or a later one. */
export function studyAhead(records: Records, branchId: BranchId, now: number): OpenStudy | undefined {
  const study = records.get(branchScope(branchId), 'weekly-study', weekOf(dayOf(now)))
  return study?.state === 'open' && now < study.startsAt ? study : nextStudy(records, branchId, now)
}

/** What somebody is expected at and has not begun: the next study, and the meetings they were told of, soonest
 *  first. */
export function gatheringsAhead(
  records: Records,
  personId: PersonId,
  branchId: BranchId,
  now: number,
): Gathering[] {
  const membership = records.get(memberScope(personId), 'membership', branchId)
  const study = studyAhead(records, branchId, now)
  const meetings = meetingsAhead(records, branchId, now).filter(isOn)
  return [...(study === undefined ? [] : [study]), ...meetings]
    .filter((each) => now < each.startsAt && isFor(each, personId))
    .filter((each) => membership !== undefined && isExpectedOn(membership, each.heldOn))
    .sort((a, b) => a.startsAt - b.startsAt)
}
