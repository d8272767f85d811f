import { lineKey } from './attendance'
import { addDays, dayOf, mondayOf, type Week, weekOf } from './day'
import type { BranchId, PersonId } from './ids'
import { isExpectedOn } from './membership'
import type { Records } from './records'
import type { Leave, RegisterLine } from './register'
import { branchScope, memberScope } from './scopes'
import type { Standing } from './tally'
import { nextStudy } from './upcoming'
import { type HeldStudy, isHeld } from './weekly-study'

export interface PastWeek {
  readonly study: HeldStudy
  readonly standing: Standing
  readonly line: RegisterLine | undefined
  readonly leave: Leave | undefined
}

export const weekBefore = (week: Week): Week => weekOf(addDays(mondayOf(week), -7))

/** One's own weeks before a week, newest first: only those in which the branch expected them. It
 *  looks at no more weeks than it is asked for, however long the history. */
export function pastWeeks(
  records: Records,
  person: PersonId,
  branchId: BranchId,
  before: Week,
  limit: number,
): { weeks: PastWeek[]; next: Week | undefined } {
  const own = memberScope(person)
  const membership = records.get(own, 'membership', branchId)
  const first = membership?.spells.map((spell) => spell.from).sort()[0]
  const weeks: PastWeek[] = []
  let week = before
  while (first !== undefined && weeks.length < limit) {
    week = weekBefore(week)
    if (addDays(mondayOf(week), 6) < first) return { weeks, next: undefined }
    const study = records.get(branchScope(branchId), 'weekly-study', week)
    if (study === undefined) return { weeks, next: undefined } // before the branch's first
    if (membership === undefined || !isHeld(study) || !isExpectedOn(membership, study.heldOn)) continue
    const line = records.get(own, 'register-line', lineKey(week, branchId))
    // Whoever a closed register has no line of was not on it: they came to the branch later.
    if (study.state === 'closed' && line === undefined) continue
    const standing = line?.standing ?? 'unrecorded'
    weeks.push({ study, standing, line, leave: records.get(own, 'leave', lineKey(week, branchId)) })
  }
  return { weeks, next: membership === undefined ? undefined : week }
}

const weekAfter = (week: Week): Week => weekOf(addDays(mondayOf(week), 7))
/** Longer than any holiday: beyond it a branch has no more studies that way. */
const longestGapWeeks = 12

/** The study that was held in a week, else the last before it; and the weeks of those beside it, up to
 *  the next one planned. */
export function heldAround(
  records: Records,
  branchId: BranchId,
  week: Week,
  now: number,
): {
  readonly at: HeldStudy | undefined
  readonly earlier: Week | undefined
  readonly later: Week | undefined
} {
  const last = nextStudy(records, branchId, now)?.week ?? weekOf(dayOf(now))
  const nearest = (from: Week, step: (week: Week) => Week): HeldStudy | undefined => {
    let at = from
    for (let looked = 0; looked < longestGapWeeks && at <= last; looked += 1) {
      const study = records.get(branchScope(branchId), 'weekly-study', at)
      if (study !== undefined && isHeld(study)) return study
      at = step(at)
    }
    return undefined
  }
  const at = nearest(week, weekBefore)
  return {
    at,
    earlier: at && nearest(weekBefore(at.week), weekBefore)?.week,
    later: at && nearest(weekAfter(at.week), weekAfter)?.week,
  }
}
