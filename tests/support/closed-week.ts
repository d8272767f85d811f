import { lineKey } from '#domain/attendance'
import type { BranchId, PersonId } from '#domain/ids'
import type { Change } from '#domain/records'
import { branchScope, reviewScope } from '#domain/scopes'
import { type Standing, tallyOf } from '#domain/tally'
import type { OpenStudy } from '#domain/weekly-study'

/** A week whose register was closed with these standings, as a secretary enters them. */
export function closedWeek(
  branchId: BranchId,
  open: OpenStudy,
  lines: readonly (readonly [PersonId, Standing])[],
): Change[] {
  const { week, closesAt: closedAt } = open
  const tally = tallyOf(lines.map(([, standing]) => ({ standing })))
  return [
    {
      scope: branchScope(branchId),
      type: 'weekly-study',
      key: week,
      value: { ...open, state: 'closed', closedAt, tally },
    },
    {
      scope: reviewScope(branchId),
      type: 'register',
      key: week,
      value: { week, state: 'closed', expected: lines.map(([memberId]) => memberId), closedAt, version: 1 },
    },
    ...lines.map(
      ([memberId, standing]): Change => ({
        scope: reviewScope(branchId),
        type: 'register-line',
        key: lineKey(week, memberId),
        value: {
          ...{ week, branchId, memberId, standing, via: 'keeper', source: 'on-site' },
          ...{ receivedAt: open.startsAt, isLateSync: false, isBackfilled: false, isAmended: false },
          version: 1,
        },
      }),
    ),
  ]
}
