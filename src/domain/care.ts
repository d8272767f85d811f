// 关心提醒：两次没有来也没有请假的同志，请支部书记问问近况；只给书记看，不是对同志的评价
import { lineKey } from './attendance'
import type { CareNote } from './care-note'
import { dayOf, type Week, weekOf } from './day'
import { expectedAt } from './expected'
import { weekBefore } from './history'
import type { BranchId, PersonId } from './ids'
import { belongsOn, isExpectedOn, type Membership } from './membership'
import type { Records } from './records'
import { branchScope, leaveScope, memberScope, reviewScope, secretaryScope } from './scopes'
import type { HeldStudy } from './weekly-study'

/** A call, a talk (谈心谈话), a visit: the longer somebody was missed, the nearer. */
export type CareSuggestion = 'call' | 'talk' | 'visit'

/** Somebody to ask after, with the facts: no word about the person. */
export interface CarePrompt {
  readonly memberId: PersonId
  readonly name: string
  /** Those they were absent from, one after the other, the oldest first. */
  readonly missed: readonly HeldStudy[]
  /** Those among them for which they did ask leave, and did not get it. */
  readonly declined: readonly HeldStudy[]
  /** The last of them. */
  readonly throughWeek: Week
  readonly suggestion: CareSuggestion
  /** What the secretary noted after the first of these. */
  readonly noted: CareNote | undefined
}

/** No more is looked at, however long the history; what lies further back is no reason to call. */
const studiesBack = 12
const weeksBack = 26

interface Looked {
  readonly study: HeldStudy
  readonly expected: ReadonlySet<PersonId>
}

/** Whom the secretary may want to ask after, whoever was missed last first, else in the branch's order.
 *  Nobody else is told anything, whatever their copy holds; and nobody about themselves. */
export function carePromptsOf(
  records: Records,
  reader: PersonId,
  branchId: BranchId,
  now: number,
): CarePrompt[] {
  if (!isSecretary(records, reader, branchId)) return []
  const studies = closedStudies(records, branchId, now)
  return records
    .list(reviewScope(branchId), 'membership', '')
    .filter((each) => each.personId !== reader && belongsOn(each, dayOf(now)))
    .flatMap((membership) => promptOf(records, branchId, membership, studies) ?? [])
    .sort((a, b) => (a.throughWeek === b.throughWeek ? 0 : a.throughWeek < b.throughWeek ? 1 : -1))
}

const isSecretary = (records: Records, reader: PersonId, branchId: BranchId): boolean =>
  records
    .get(memberScope(reader), 'profile', 'profile')
    ?.appointments.some((each) => each.role === 'secretary' && each.branchId === branchId) ?? false

/** The branch's last ones, newest first. */
function closedStudies(records: Records, branchId: BranchId, now: number): Looked[] {
  const studies: Looked[] = []
  let week = weekOf(dayOf(now))
  for (let back = 0; back < weeksBack && studies.length < studiesBack; back += 1) {
    const study = records.get(branchScope(branchId), 'weekly-study', week)
    week = weekBefore(week)
    if (study?.state === 'closed')
      studies.push({ study, expected: new Set(expectedAt(branchId, study, records)) })
  }
  return studies
}

function promptOf(
  records: Records,
  branchId: BranchId,
  membership: Membership,
  studies: readonly Looked[],
): CarePrompt | undefined {
  const { personId: memberId, name } = membership
  const missed: HeldStudy[] = []
  for (const { study, expected } of studies) {
    // An exemption that was entered afterwards counts too.
    if (!expected.has(memberId) || !isExpectedOn(membership, study.heldOn)) continue
    const line = records.get(reviewScope(branchId), 'register-line', lineKey(study.week, memberId))
    // Closing writes a line for everybody: one that is missing has not reached this copy, and says nothing.
    if (line?.standing !== 'absent' || line.madeUp !== undefined) break
    missed.unshift(study)
  }
  const [first] = missed
  const last = missed[missed.length - 1]
  if (first === undefined || last === undefined || missed.length < 2) return undefined
  const note = records.get(secretaryScope(branchId), 'care-note', memberId)
  if (note !== undefined && note.throughWeek >= last.week) return undefined
  return {
    memberId,
    name,
    missed,
    declined: missed.filter(
      ({ week }) => records.get(leaveScope(branchId), 'leave', lineKey(week, memberId))?.state === 'declined',
    ),
    throughWeek: last.week,
    suggestion: missed.length === 2 ? 'call' : missed.length === 3 ? 'talk' : 'visit',
    noted: note !== undefined && note.throughWeek >= first.week ? note : undefined,
  }
}
