import * as v from 'valibot'
import { lineKey, standingOf } from '#domain/attendance'
import { expectedAt } from '#domain/commands/close-register'
import { type Week, weekSchema } from '#domain/day'
import type { BranchId, OrganizationId } from '#domain/ids'
import type { Change } from '#domain/records'
import { branchScope, reviewScope, totalsScope } from '#domain/scopes'
import { emptyTally, tallyOf } from '#domain/tally'
import { isHeld } from '#domain/weekly-study'
import { branchesOf } from '../branches'
import { type Database, inTransaction } from '../storage/database'
import type { ReadRecords } from '../storage/read-records'
import { readRecords, writeChanges } from '../storage/rows'

/** Keeps one row for each branch and week for those who see all branches, from what changed since
 *  the last pass. No check-in waits for it, and nobody's name is in it. */
export class Totals {
  private readonly seen = new Map<string, number>()

  constructor(
    private readonly database: Database,
    private readonly organizationId: OrganizationId,
  ) {}

  /** Returns how many rows were written. */
  async pass(thisWeek: Week): Promise<number> {
    let written = 0
    for (const { id: branchId } of await branchesOf(this.database, this.organizationId)) {
      const weeks = await this.changedWeeks(branchId, thisWeek)
      if (weeks.length > 0) written += await this.total(branchId, weeks)
    }
    return written
  }

  private async changedWeeks(branchId: BranchId, thisWeek: Week): Promise<Week[]> {
    const scopes = [reviewScope(branchId), branchScope(branchId)]
    const { rows } = await this.database.pool.query<{ scope: string; head: number }>({
      name: 'totals-heads',
      text: 'SELECT scope, head FROM scopes WHERE scope = ANY($1)',
      values: [scopes],
    })
    const weeks = new Set<Week>()
    for (const { scope, head } of rows) {
      const before = this.seen.get(scope)
      this.seen.set(scope, head)
      if (before === head) continue
      if (before === undefined) {
        weeks.add(thisWeek) // after a start: earlier weeks were counted when they changed
        continue
      }
      const changed = await this.database.pool.query<{ week: string }>({
        name: 'totals-weeks',
        text: `SELECT DISTINCT split_part(key, '/', 1) AS week FROM rows
          WHERE scope = $1 AND seq > $2 AND type IN ('register-line', 'register', 'weekly-study')`,
        values: [scope, before],
      })
      // Weeks ahead have nothing to count yet.
      for (const { week } of changed.rows) if (week <= thisWeek) weeks.add(v.parse(weekSchema, week))
    }
    return [...weeks]
  }

  private async total(branchId: BranchId, weeks: readonly Week[]): Promise<number> {
    const reads = weeks.flatMap((week) => [
      { scope: branchScope(branchId), type: 'weekly-study' as const, key: week },
      { scope: reviewScope(branchId), type: 'register' as const, key: week },
      { scope: reviewScope(branchId), type: 'register-line' as const, prefix: `${week}/` },
    ])
    const records = await readRecords(this.database.pool, [
      { scope: branchScope(branchId), type: 'branch', key: 'branch' },
      { scope: reviewScope(branchId), type: 'membership', prefix: '' },
      ...reads,
    ])
    const changes = weeks.flatMap((week) => totalOf(this.organizationId, branchId, week, records))
    await inTransaction(this.database, (client) => writeChanges(client, changes))
    return changes.length
  }
}

export function totalOf(
  organizationId: OrganizationId,
  branchId: BranchId,
  week: Week,
  records: ReadRecords,
): Change[] {
  const branch = records.get(branchScope(branchId), 'branch', 'branch')
  const study = records.get(branchScope(branchId), 'weekly-study', week)
  if (branch === undefined || study === undefined) return []
  const standing = isHeld(study)
    ? expectedAt(branchId, study, records).map((memberId) =>
        standingOf(records.get(reviewScope(branchId), 'register-line', lineKey(week, memberId)), study),
      )
    : []
  return [
    {
      scope: totalsScope(organizationId),
      type: 'branch-totals',
      key: `${week}/${branchId}`,
      value: {
        week,
        branchId,
        branchName: branch.name,
        family: branch.family,
        state: study.state,
        tally: standing.length === 0 ? emptyTally : tallyOf(standing),
      },
    },
  ]
}
