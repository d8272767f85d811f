// 错过的学习：哪些可以补学，到什么时候算按期，补到哪一步
import { countedOf, lineKey } from './attendance'
import { addDays, type Day, dayOf, instantOf, type Week, weekOf, weeksFrom } from './day'
import { type Gathering, gatheringOf, isMeeting } from './gathering'
import { type GatheringKey, meetingsOf } from './gathering-key'
import type { BranchId, PersonId } from './ids'
import type { MakeUp } from './make-up'
import { isOn, isStudy, kindsOf } from './meeting'
import type { Change, Records } from './records'
import type { RegisterLine } from './register'
import { branchScope, memberScope, reviewScope, secretaryScope } from './scopes'
import { opensMakeUp } from './tally'

/** How far back a make-up can still be done, and is looked for. */
const weeksBack = 53

const defaultDays = 7

/** The first instant that is late: so many days after the study, or after a later day on which the branch
 *  entered that the member was not there. */
export function makeUpEndsAt(study: Gathering, line: RegisterLine): number {
  const from = [study.heldOn, dayOf(line.receivedAt)].sort()[1] as Day // the later of two
  const days = isMeeting(study) ? defaultDays : (study.makeUpDays ?? defaultDays)
  return instantOf(addDays(from, days + 1), '00:00')
}

/** A study that somebody missed and may make up, with what they did about it. */
export interface Missed {
  readonly study: Gathering
  readonly line: RegisterLine
  readonly makeUp: MakeUp | undefined
  readonly endsAt: number
}

/** Whether what it was about can be studied afterwards; a vote or a committee's decision cannot. */
const canBeMadeUp = (gathering: Gathering) => !isMeeting(gathering) || kindsOf(gathering).some(isStudy)

/** Undefined where there is nothing to make up. */
export function missedOf(
  study: Gathering | undefined,
  line: RegisterLine | undefined,
  makeUp: MakeUp | undefined,
): Missed | undefined {
  if (study?.state !== 'closed' || line === undefined || !canBeMadeUp(study)) return undefined
  if (!opensMakeUp(countedOf(line, study).standing)) return undefined
  return { study, line, makeUp, endsAt: makeUpEndsAt(study, line) }
}

/** Whether something has still to be done by the member. */
export const isToMakeUp = ({ makeUp }: Missed): boolean => makeUp === undefined || makeUp.state === 'returned'

const firstWeek = (now: number): Week => weekOf(addDays(dayOf(now), -7 * weeksBack))

const weeksUntil = (now: number): Week[] => weeksFrom(firstWeek(now), weeksBack + 1)

/** The years that the last year lies in. */
const yearsUntil = (now: number): number[] => {
  const year = Number(dayOf(now).slice(0, 4))
  return [year - 1, year]
}

/** Whether it can still be said to have been made up. */
export const isWithinYear = (study: Gathering, now: number): boolean =>
  weekOf(study.heldOn) >= firstWeek(now) && study.heldOn <= dayOf(now)

const newestFirst = (now: number, missed: readonly Missed[]): Missed[] =>
  missed.filter(({ study }) => isWithinYear(study, now)).sort((a, b) => b.study.startsAt - a.study.startsAt)

/** One's own, newest first, of the last year. */
export function ownMissed(records: Records, person: PersonId, branchId: BranchId, now: number): Missed[] {
  const own = memberScope(person)
  const lineOf = (week: Week) => records.get(own, 'register-line', lineKey(week, branchId)) ?? []
  const lines = [
    ...weeksUntil(now).flatMap(lineOf),
    ...yearsUntil(now).flatMap((year) => records.list(own, 'register-line', meetingsOf(year))),
  ].filter((line) => line.branchId === branchId)
  const missed = lines.flatMap((line) => {
    const makeUp = records.get(own, 'make-up', lineKey(line.week, branchId))
    return missedOf(heldAt(records, branchId, line.week), line, makeUp) ?? []
  })
  return newestFirst(now, missed)
}

function heldAt(records: Records, branchId: BranchId, key: GatheringKey): Gathering | undefined {
  const found = gatheringOf(records, branchId, key)
  return 'refusal' in found ? undefined : found.gathering
}

/** The branch's, newest first, of the last year: for its secretary. */
export function branchMissed(records: Records, branchId: BranchId, now: number): Missed[] {
  const keys = [
    ...weeksUntil(now),
    ...yearsUntil(now).flatMap((year) =>
      records
        .list(branchScope(branchId), 'meeting', meetingsOf(year))
        .filter(isOn)
        .map(({ id }) => id),
    ),
  ]
  const missed = keys.flatMap((key) => {
    const study = heldAt(records, branchId, key)
    if (study?.state !== 'closed') return []
    return records.list(reviewScope(branchId), 'register-line', `${key}/`).flatMap((line) => {
      const makeUp = records.get(secretaryScope(branchId), 'make-up', lineKey(key, line.memberId))
      return missedOf(study, line, makeUp) ?? []
    })
  })
  return newestFirst(now, missed)
}

/** How many wait for the secretary's word. */
export function makeUpsWaiting(records: Records, branchId: BranchId, now: number): number {
  const prefixes = [...weeksUntil(now).map((week) => `${week}/`), ...yearsUntil(now).map(meetingsOf)]
  return prefixes
    .flatMap((prefix) => records.list(secretaryScope(branchId), 'make-up', prefix))
    .filter(({ state }) => state === 'done').length
}

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
