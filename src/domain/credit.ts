// 学时：参加了支部安排并登记的学习，按支部的折算记；不在手机上计时，不比较，不示人
import { lineKey } from './attendance'
import { type Week, weekOf, weeksFrom } from './day'
import { type Gathering, gatheringOf } from './gathering'
import { meetingsOf } from './gathering-key'
import type { BranchId, PersonId } from './ids'
import type { Records } from './records'
import type { RegisterLine } from './register'
import { branchScope, memberScope } from './scopes'
import { isHeld } from './weekly-study'

/** What a year asks of a member, by the rules on Party members' training. */
export const hoursOfYear = 32

/** A study or meeting that counts, and why: the record behind the hours. */
export interface Credit {
  readonly study: Gathering
  readonly line: RegisterLine
  readonly hours: number
  readonly why: 'attended' | 'made-up'
}

/** The credit of one line, or undefined where it has none. */
export function creditOf(study: Gathering, line: RegisterLine): Credit | undefined {
  const hours = study.studyHours
  if (hours === 0) return undefined
  if (line.standing === 'on-time' || line.standing === 'late') return { study, line, hours, why: 'attended' }
  return line.madeUp === undefined ? undefined : { study, line, hours, why: 'made-up' }
}

/** One's own of a year, newest first: those held within it, by the day of the study. They never roll over. */
export function creditsOf(records: Records, person: PersonId, branchId: BranchId, year: number): Credit[] {
  const attended = records
    .list(memberScope(person), 'register-line', meetingsOf(year))
    .flatMap((line) => creditAt(records, branchId, line) ?? [])
  const studied = weeksOfYear(year).flatMap((week) => {
    const study = records.get(branchScope(branchId), 'weekly-study', week)
    if (study === undefined || !isHeld(study) || !study.heldOn.startsWith(`${year}-`)) return []
    const line = records.get(memberScope(person), 'register-line', lineKey(week, branchId))
    return (line && creditOf(study, line)) ?? []
  })
  return [...studied, ...attended].sort((a, b) => b.study.startsAt - a.study.startsAt)
}

/** Of a meeting that this branch held. */
function creditAt(records: Records, branchId: BranchId, line: RegisterLine): Credit | undefined {
  if (line.branchId !== branchId) return undefined
  const found = gatheringOf(records, branchId, line.week)
  return 'refusal' in found ? undefined : creditOf(found.gathering, line)
}

/** Tenths add up exactly. */
export const sumOfHours = (credits: readonly Credit[]): number =>
  credits.reduce((tenths, { hours }) => tenths + Math.round(hours * 10), 0) / 10

/** Every week with a day in the year, newest first. */
const weeksOfYear = (year: number): Week[] =>
  weeksFrom(weekOf(`${year}-01-01`), 54)
    .filter((week) => week <= weekOf(`${year}-12-31`))
    .reverse()
