// 登记的写法：一行登记同时写给本人和登记簿，关闭后的改动同时更正合计
import type { Week } from './day'
import { addDays, dayOf, instantOf } from './day'
import { type Gathering, gatheringChange } from './gathering'
import type { GatheringKey } from './gathering-key'
import type { BranchId, PersonId } from './ids'
import type { Change, Read } from './records'
import type { Amendment, Leave, RegisterLine } from './register'
import { branchScope, leaveScope, memberScope, reviewScope } from './scopes'
import { type Counted, type Standing, shifted } from './tally'

export const readStudy = (branchId: BranchId, week: Week): Read => ({
  scope: branchScope(branchId),
  type: 'weekly-study',
  key: week,
})

/** In the register a line is found by member, on the member's own phone by branch. */
export const lineKey = (week: GatheringKey, id: PersonId | BranchId) => `${week}/${id}`

/** The standing that a register shows for somebody without a line. */
export const standingOf = (line: RegisterLine | undefined, study: Gathering): Standing =>
  line?.standing ?? (study.state === 'closed' ? 'absent' : 'unrecorded')

/** The same as it is counted. */
export const countedOf = (line: RegisterLine | undefined, study: Gathering): Counted => ({
  standing: standingOf(line, study),
  madeUp: line?.madeUp,
})

/** A line as it is written: to the register and to the member, and into the totals of a register
 *  that was closed already. What was made up stays so, unless the line itself says otherwise. */
export function lineChanges(
  study: Gathering,
  before: RegisterLine | undefined,
  written: RegisterLine,
): Change[] {
  const line: RegisterLine = { madeUp: before?.madeUp, ...written }
  const changes: Change[] = [
    {
      scope: memberScope(line.memberId),
      type: 'register-line',
      key: lineKey(line.week, line.branchId),
      value: line,
    },
    {
      scope: reviewScope(line.branchId),
      type: 'register-line',
      key: lineKey(line.week, line.memberId),
      value: line,
    },
  ]
  const from = countedOf(before, study)
  if (study.state === 'closed' && (from.standing !== line.standing || from.madeUp !== line.madeUp)) {
    const tally = shifted(study.tally, from, line)
    changes.push(gatheringChange(line.branchId, { ...study, version: study.version + 1, tally }))
  }
  return changes
}

/** A leave as it is written: to the member and to the secretary. */
export const leaveChanges = (leave: Leave): Change[] => [
  {
    scope: memberScope(leave.memberId),
    type: 'leave',
    key: lineKey(leave.week, leave.branchId),
    value: leave,
  },
  {
    scope: leaveScope(leave.branchId),
    type: 'leave',
    key: lineKey(leave.week, leave.memberId),
    value: leave,
  },
]

export const amendmentChange = (branchId: BranchId, commandKey: string, amendment: Amendment): Change => ({
  scope: reviewScope(branchId),
  type: 'amendment',
  key: `${amendment.week}/${commandKey}/${amendment.memberId ?? ''}`,
  value: amendment,
})

/** 补录: entered, on any device, more than three days after the day of the study. */
export const isBackfill = (study: Gathering, enteredAt: number): boolean =>
  enteredAt >= instantOf(addDays(study.heldOn, 4), '00:00')

/** 事后录入 when a keeper enters it after the day of the study, else 现场. */
export const sourceOfEntry = (study: Gathering, enteredAt: number) =>
  dayOf(enteredAt) > study.heldOn ? ('entered-afterwards' as const) : ('on-site' as const)
