// 错过的学习：哪些可以补学，到什么时候算按期，补到哪一步
import { countedOf, lineKey } from './attendance'
import { addDays, type Day, dayOf, instantOf, type Week, weekOf, weeksFrom } from './day'
import type { BranchId, PersonId } from './ids'
import type { MakeUp } from './make-up'
import type { Change, Records } from './records'
import type { RegisterLine } from './register'
import { branchScope, memberScope, reviewScope, secretaryScope } from './scopes'
import { opensMakeUp } from './tally'
import { type HeldStudy, isHeld, type WeeklyStudy } from './weekly-study'

/** How far back a make-up can still be done, and is looked for. */
const weeksBack = 53

const defaultDays = 7

/** The first instant that is late: so many days after the study, or after a later day on which the branch
 *  entered that the member was not there. */
export function makeUpEndsAt(study: HeldStudy, line: RegisterLine): number {
  const from = [study.heldOn, dayOf(line.receivedAt)].sort()[1] as Day // the later of two
  return instantOf(addDays(from, (study.makeUpDays ?? defaultDays) + 1), '00:00')
}

/** A study that somebody missed and may make up, with what they did about it. */
export interface Missed {
  readonly study: HeldStudy
  readonly line: RegisterLine
  readonly makeUp: MakeUp | undefined
  readonly endsAt: number
}

/** Undefined where there is nothing to make up. */
export function missedOf(
  study: WeeklyStudy | undefined,
  line: RegisterLine | undefined,
  makeUp: MakeUp | undefined,
): Missed | undefined {
  if (study === undefined || !isHeld(study) || study.state !== 'closed' || line === undefined)
    return undefined
  if (!opensMakeUp(countedOf(line, study).standing)) return undefined
  return { study, line, makeUp, endsAt: makeUpEndsAt(study, line) }
}

/** Whether something has still to be done by the member. */
export const isToMakeUp = ({ makeUp }: Missed): boolean => makeUp === undefined || makeUp.state === 'returned'

const weeksUntil = (now: number): Week[] =>
  weeksFrom(weekOf(addDays(dayOf(now), -7 * weeksBack)), weeksBack + 1).reverse()

/** One's own, newest first, of the last year. */
export function ownMissed(records: Records, person: PersonId, branchId: BranchId, now: number): Missed[] {
  const own = memberScope(person)
  return weeksUntil(now).flatMap((week) => {
    const key = lineKey(week, branchId)
    const line = records.get(own, 'register-line', key)
    if (line === undefined) return []
    const study = records.get(branchScope(branchId), 'weekly-study', week)
    return missedOf(study, line, records.get(own, 'make-up', key)) ?? []
  })
}

/** The branch's, newest first, of the last year: for its secretary. */
export function branchMissed(records: Records, branchId: BranchId, now: number): Missed[] {
  return weeksUntil(now).flatMap((week) => {
    const study = records.get(branchScope(branchId), 'weekly-study', week)
    if (study?.state !== 'closed') return []
    return records.list(reviewScope(branchId), 'register-line', `${week}/`).flatMap((line) => {
      const makeUp = records.get(secretaryScope(branchId), 'make-up', lineKey(week, line.memberId))
      return missedOf(study, line, makeUp) ?? []
    })
  })
}

/** How many wait for the secretary's word. */
export const makeUpsWaiting = (records: Records, branchId: BranchId, now: number): number =>
  weeksUntil(now).reduce(
    (sum, week) =>
      sum +
      records.list(secretaryScope(branchId), 'make-up', `${week}/`).filter(({ state }) => state === 'done')
        .length,
    0,
  )

/** Whether it can still be said to have been made up. */
export const isWithinYear = (study: HeldStudy, now: number): boolean => weeksUntil(now).includes(study.week)

/** A make-up as it is written: to the member and to the secretary. */
export const makeUpChanges = (makeUp: MakeUp): Change[] => [
  {
    scope: memberScope(makeUp.memberId),
    type: 'make-up',
    key: lineKey(makeUp.week, makeUp.branchId),
    value: makeUp,
  },
  {
    scope: secretaryScope(makeUp.branchId),
    type: 'make-up',
    key: lineKey(makeUp.week, makeUp.memberId),
    value: makeUp,
  },
]
