import * as v from 'valibot'
import { countedOf, lineKey } from '#domain/attendance'
import { type Week, weekSchema } from '#domain/day'
import { expectedAt } from '#domain/expected'
import type { BranchId, OrganizationId } from '#domain/ids'
import type { Change } from '#domain/records'
import { branchScope, reviewScope, totalsScope } from '#domain/scopes'
import { emptyTally, tallyOf } from '#domain/tally'
import { isHeld } from '#domain/weekly-study'
import { branchesOf } from '../branches'
import { type Database, inTransaction } from '../storage/database'
import { manyOf } from '../storage/many'
import type { ReadRecords } from '../storage/read-records'
import { readRecords, writeChanges } from '../storage/rows'

/** Branches whose totals are written together: few statements, and none that others wait for long. */
const atOnce = 32

interface BranchWeek {
  readonly branchId: BranchId
  readonly week: Week
}

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
    const branches = (await branchesOf(this.database, this.organizationId)).map(({ id }) => id)
    let written = 0
    for (let from = 0; from < branches.length; from += atOnce) {
      const changed = await this.changedWeeks(branches.slice(from, from + atOnce), thisWeek)
      if (changed.length > 0) written += await this.total(changed)
    }
    return written
  }

  private async changedWeeks(branches: readonly BranchId[], thisWeek: Week): Promise<BranchWeek[]> {
    const branchOf = new Map(
      branches.flatMap((id) => [reviewScope(id), branchScope(id)].map((scope) => [scope as string, id])),
    )
    const { rows } = await this.database.pool.query<{ scope: string; head: number }>({
      name: 'totals-heads',
      text: 'SELECT scope, head FROM scopes WHERE scope = ANY($1)',
      values: [[...branchOf.keys()]],
    })
    const changed = new Map<string, BranchWeek>()
    const add = (scope: string, week: Week) => {
      const branchId = branchOf.get(scope)
      if (branchId !== undefined) changed.set(`${week}/${branchId}`, { branchId, week })
    }
    const grown: [string, number][] = []
    for (const { scope, head } of rows) {
      const before = this.seen.get(scope)
      this.seen.set(scope, head)
      if (before === undefined)
        add(scope, thisWeek) // after a start: earlier weeks were counted when they changed
      else if (before !== head) grown.push([scope, before])
    }
    if (grown.length > 0) {
      const found = await this.database.pool.query<{ scope: string; week: string }>({
        name: 'totals-weeks',
        text: `SELECT DISTINCT rows.scope, split_part(rows.key, '/', 1) AS week
          FROM jsonb_array_elements($1::jsonb) AS grown
          JOIN rows ON rows.scope = grown->>0 AND rows.seq > (grown->1)::bigint
          WHERE rows.type IN ('register-line', 'register', 'weekly-study')`,
        values: [manyOf(grown)],
      })
      // Weeks ahead have nothing to count yet.
      for (const { scope, week } of found.rows) if (week <= thisWeek) add(scope, v.parse(weekSchema, week))
    }
    return [...changed.values()]
  }

  private async total(changed: readonly BranchWeek[]): Promise<number> {
    const records = await readRecords(this.database.pool, [
      ...[...new Set(changed.map(({ branchId }) => branchId))].flatMap((branchId) => [
        { scope: branchScope(branchId), type: 'branch' as const, key: 'branch' },
        { scope: reviewScope(branchId), type: 'membership' as const, prefix: '' },
      ]),
      ...changed.flatMap(({ branchId, week }) => [
        { scope: branchScope(branchId), type: 'weekly-study' as const, key: week },
        { scope: reviewScope(branchId), type: 'register' as const, key: week },
        { scope: reviewScope(branchId), type: 'register-line' as const, prefix: `${week}/` },
      ]),
    ])
    const changes = changed.flatMap(({ branchId, week }) =>
      totalOf(this.organizationId, branchId, week, records),
    )
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
        countedOf(records.get(reviewScope(branchId), 'register-line', lineKey(week, memberId)), study),
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
