import { isDeepStrictEqual } from 'node:util'
import { dayOf } from '#domain/day'
import type { BranchId, OrganizationId } from '#domain/ids'
import { readTopicCounts, topicCounts } from '#domain/plan-progress'
import type { Change, RecordOf, Records } from '#domain/records'
import { branchScope, organizationScope, totalsScope } from '#domain/scopes'
import { phasesOf } from '#domain/study-plan'
import { branchesOf } from '../branches'
import { type Database, inTransaction } from '../storage/database'
import { headsOf, readRecords, writeChanges } from '../storage/rows'

/** Branches that are counted together: few statements, and none that others wait for long. */
const atOnce = 32

/** Keeps one row for each branch that says how far it has come with the year's plan, for those who see all
 *  branches. Studies and meetings are counted; nobody's name is in it. */
export class PlanTotals {
  /** By what each branch was counted. */
  private readonly countedBy = new Map<BranchId, string>()

  constructor(
    private readonly database: Database,
    private readonly organizationId: OrganizationId,
  ) {}

  /** Returns how many rows were written. */
  async pass(now: number): Promise<number> {
    const year = Number(dayOf(now).slice(0, 4))
    const above = organizationScope(this.organizationId)
    const plan = { scope: above, type: 'study-plan', key: String(year) } as const
    const handedDown = await readRecords(this.database.pool, [plan])
    const version = handedDown.get(above, plan.type, plan.key)?.version
    const branches = (await branchesOf(this.database, this.organizationId)).map(({ id }) => id)
    const heads = await headsOf(this.database.pool, branches.map(branchScope))
    const changed = branches.flatMap((id) => {
      const basis = `${year} ${version} ${heads.get(branchScope(id))?.seq}`
      return this.countedBy.get(id) === basis ? [] : [{ id, basis }]
    })
    let written = 0
    for (let from = 0; from < changed.length; from += atOnce) {
      const some = changed.slice(from, from + atOnce)
      written += await this.count(
        some.map(({ id }) => id),
        year,
      )
      for (const { id, basis } of some) this.countedBy.set(id, basis)
    }
    return written
  }

  private async count(branches: readonly BranchId[], year: number): Promise<number> {
    const key = String(year)
    const records = await readRecords(this.database.pool, [
      { scope: organizationScope(this.organizationId), type: 'study-plan', key },
      ...branches.flatMap((id) => [
        { scope: branchScope(id), type: 'branch' as const, key: 'branch' },
        { scope: branchScope(id), type: 'branch-plan' as const, key },
        { scope: totalsScope(this.organizationId), type: 'branch-topics' as const, key: `${year}/${id}` },
        ...readTopicCounts(id, year),
      ]),
    ])
    const changes = branches.flatMap((id) => branchTopics(this.organizationId, id, year, records))
    await inTransaction(this.database, (client) => writeChanges(client, changes))
    return changes.length
  }
}

/** The branch's row, where it is not as it should be. */
export function branchTopics(
  organizationId: OrganizationId,
  branchId: BranchId,
  year: number,
  records: Records,
): Change[] {
  const branch = records.get(branchScope(branchId), 'branch', 'branch')
  if (branch === undefined) return []
  const above = records.get(organizationScope(organizationId), 'study-plan', String(year))
  const plan = records.get(branchScope(branchId), 'branch-plan', String(year))
  const counts = topicCounts(records, branchId, year)
  const topics = phasesOf(above, plan).flatMap((phase) => phase.topics)
  const value: RecordOf<'branch-topics'> = {
    year,
    branchId,
    branchName: branch.name,
    family: branch.family,
    ...(plan?.confirmed !== undefined && { confirmed: plan.confirmed }),
    adapted: topics.filter(({ origin }) => origin === 'adapted').length,
    own: topics.filter(({ origin }) => origin === 'own').length,
    topics: topics.flatMap(({ id }) => {
      const count = counts[id]
      return count === undefined ? [] : [{ id, ...count }]
    }),
  }
  const scope = totalsScope(organizationId)
  const key = `${year}/${branchId}`
  const before = records.get(scope, 'branch-topics', key)
  if (isDeepStrictEqual(before, value)) return []
  // Nothing to say of a branch before there is any plan.
  if (before === undefined && topics.length === 0) return []
  return [{ scope, type: 'branch-topics', key, value }]
}
