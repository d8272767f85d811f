// 演示：过去某一周的学习，由当时的人一步步登记出来
import { lineKey } from '#domain/attendance'
import type { CommandName } from '#domain/commands'
import { happeningAt } from '#domain/evidence'
import type { BranchId, PersonId } from '#domain/ids'
import type { LeaveKind } from '#domain/register'
import { branchScope, reviewScope } from '#domain/scopes'
import type { OpenStudy } from '#domain/weekly-study'
import type { Random } from './random'
import { type Act, actorIn, type Rehearsal } from './rehearsal'

export interface PastWeek {
  readonly branchId: BranchId
  readonly study: OpenStudy
  readonly secretary: PersonId
  readonly keepers: readonly PersonId[]
  readonly isLeaveAutoAccepted: boolean
  readonly random: Random
  /** Nothing happened after. */
  readonly now: number
}

/** How one person usually comes. */
export interface Habit {
  readonly memberId: PersonId
  /** How likely they check in themselves rather than be ticked off. */
  readonly ownPhone: number
  /** 1 for most. */
  readonly absence: number
}

/** What became of one member's week. */
export type Course =
  | 'own'
  | 'own-late'
  | 'ticked-off'
  | 'ticked-off-late'
  | 'without-signal'
  | 'claim-accepted'
  | 'claim-waiting'
  | 'leave'
  | 'leave-told'
  | 'leave-declined'
  | 'entered-afterwards'
  | 'absent'

const minute = 60_000
const hour = 60 * minute
const day = 24 * hour

export const courseOf = (random: Random, { ownPhone, absence }: Habit): Course =>
  random.weighted([
    ['own', 80 * ownPhone],
    ['ticked-off', 80 * (1 - ownPhone)],
    ['own-late', 4],
    ['ticked-off-late', 0.8],
    ['without-signal', 2.5],
    ['claim-accepted', 0.3],
    ['leave', 5.5],
    ['leave-told', 1],
    ['leave-declined', 0.1],
    ['entered-afterwards', 0.4],
    ['absent', 4 * absence],
  ])

export const leaveNotes: readonly (readonly [LeaveKind, readonly string[]])[] = [
  ['sick', ['感冒发热，在家休息', '预约了复诊', '牙科治疗', '']],
  ['personal', ['孩子学校有事', '陪父母就医', '家中有急事需要处理', '']],
  ['official', ['外出开会', '到区县调研', '参加学术会议', '值班', '出差']],
  ['other', ['路上车辆故障', '']],
]

type Timed = { readonly at: number } & { [Name in CommandName]: Script<Name> }[CommandName]
type Script<Name extends CommandName> = Omit<Act<Name>, 'branchId' | 'args' | 'evidence'> & {
  readonly args: (lineVersion: number, studyVersion: number) => Act<Name>['args']
  readonly evidence?: Act<Name>['evidence']
  readonly memberId?: PersonId
}

/** Acts one week of a branch, in the order things reached the server. */
export function actPastWeek(
  rehearsal: Rehearsal,
  week: PastWeek,
  courses: ReadonlyMap<PersonId, Course>,
): void {
  const { branchId, study, now } = week
  rehearsal.write({ scope: branchScope(branchId), type: 'weekly-study', key: study.week, value: study })
  const script = [closing(week)]
  for (const [memberId, course] of courses) script.push(...actsOf(week, memberId, course))
  script.sort((a, b) => a.at - b.at)
  for (const each of script) {
    if (each.at < now) perform(rehearsal, branchId, study.week, each)
  }
}

function perform(rehearsal: Rehearsal, branchId: BranchId, week: OpenStudy['week'], script: Timed): void {
  const { at, command, actor, memberId, args, evidence = happeningAt(at) } = script
  const line =
    memberId && rehearsal.get(reviewScope(branchId), 'register-line', lineKey(week, memberId))?.version
  const study = rehearsal.get(branchScope(branchId), 'weekly-study', week)?.version
  rehearsal.act({ branchId, command, actor, evidence, args: args(line ?? 0, study ?? 0) })
}
