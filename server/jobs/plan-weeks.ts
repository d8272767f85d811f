import { addDays, type Day, dayOf, mondayOf, type Week, weekOf, weeksFrom } from '#domain/day'
import type { BranchId, OrganizationId } from '#domain/ids'
import { planStudy, type Topic } from '#domain/planning'
import { calendarFrom, type PublishedNotice } from '#domain/published-notice'
import type { Change, Records } from '#domain/records'
import { branchScope, organizationScope, reviewScope, type Scope } from '#domain/scopes'
import { phasesOf, topicOn } from '#domain/study-plan'
import type { WorkCalendar } from '#domain/week-rule'
import { branchesOf } from '../branches'
import { libraryNotices } from '../holidays'
import { type Database, inTransaction } from '../storage/database'
import { headsOf, lockScopes, readRecords, writeChanges } from '../storage/rows'
import { newStudyCode } from '../study-codes'

/** A year ahead. */
export const weeksPlanned = 53
/** So long a keeper's phone may be without signal and still show the study's code. */
const weeksWithCodes = 3

/** The library's holidays, with what the organisation entered by hand over them. */
export const calendarOf = (entered: readonly PublishedNotice[]): WorkCalendar =>
  calendarFrom([...libraryNotices(), ...entered])

/** Sees to it that every branch has its coming weeks, and that those not yet begun follow the rule,
 *  the holidays and the topics as they are now. Running it again changes nothing. */
export class WeekPlanner {
  /** What each branch was planned by: another week, a change above or in the branch plans anew. */
  private readonly plannedBy = new Map<BranchId, string>()

  constructor(
    private readonly database: Database,
    private readonly organizationId: OrganizationId,
  ) {}

  /** Returns how many studies were written. */
  async pass(now: number): Promise<number> {
    const thisWeek = weekOf(dayOf(now))
    const scope = organizationScope(this.organizationId)
    const weeks = weeksFrom(thisWeek, weeksPlanned)
    let changed = await this.keepHorizon(scope, addDays(mondayOf(thisWeek), weeksPlanned * 7 - 1))
    const above = (await headsOf(this.database.pool, [scope])).get(scope)?.seq ?? 0
    for (const { id, version, plans } of await branchesOf(this.database, this.organizationId)) {
      const basis = `${thisWeek} ${above} ${version} ${plans}`
      if (this.plannedBy.get(id) === basis) continue
      changed += await planBranch(this.database, this.organizationId, id, weeks, now)
      this.plannedBy.set(id, basis)
    }
    return changed
  }

  /** Says in the organisation's records how far the published holidays reach, for the admin. */
  private async keepHorizon(scope: Scope, plannedUntil: Day): Promise<number> {
    const records = await readRecords(this.database.pool, [
      { scope, type: 'notice', prefix: '' },
      { scope, type: 'horizon', key: 'horizon' },
    ])
    const { knownUntil } = calendarOf(records.list(scope, 'notice', ''))
    const before = records.get(scope, 'horizon', 'horizon')
    if (before?.knownUntil === knownUntil && before.plannedUntil === plannedUntil) return 0
    const value = { knownUntil, plannedUntil }
    await inTransaction(this.database, (client) =>
      writeChanges(client, [{ scope, type: 'horizon', key: 'horizon', value }]),
    )
    return 1
  }
}

async function planBranch(
  database: Database,
  organizationId: OrganizationId,
  branchId: BranchId,
  weeks: readonly Week[],
  now: number,
): Promise<number> {
  const organization = organizationScope(organizationId)
  const scope = branchScope(branchId)
  const review = reviewScope(branchId)
  return inTransaction(database, async (client) => {
    await lockScopes(client, [review])
    const records = await readRecords(client, [
      { scope: organization, type: 'organization', key: 'organization' },
      { scope: organization, type: 'notice', prefix: '' },
      { scope, type: 'branch', key: 'branch' },
      { scope: organization, type: 'study-plan', prefix: '' },
      { scope, type: 'branch-plan', prefix: '' },
      ...weeks.flatMap((week) => [
        { scope: organization, type: 'week-topic' as const, key: week },
        { scope, type: 'weekly-study' as const, key: week },
        { scope: review, type: 'study-code' as const, key: week },
      ]),
    ])
    const branch = records.get(scope, 'branch', 'branch')
    const parent = records.get(organization, 'organization', 'organization')
    if (branch === undefined || parent === undefined) return 0
    const calendar = calendarOf(records.list(organization, 'notice', ''))
    const rule = branch.settings.weekRule ?? parent.weekRule
    const topicsOf = topicsFrom(records, organization, scope)
    const changes = weeks.flatMap((week): Change[] => {
      const plan = { settings: branch.settings, rule, calendar, topicOn: topicsOf(week) }
      const study = planStudy(week, plan, records.get(scope, 'weekly-study', week), now)
      return study === undefined ? [] : [{ scope, type: 'weekly-study', key: week, value: study }]
    })
    const planned = changes.length
    for (const week of weeks.slice(0, weeksWithCodes)) {
      if (records.get(review, 'study-code', week) !== undefined) continue
      changes.push({ scope: review, type: 'study-code', key: week, value: newStudyCode(week) })
    }
    await writeChanges(client, changes)
    return planned
  })
}

/** What a week is about: what was handed down for that very week, else what the year's plan has for the day. */
function topicsFrom(
  records: Records,
  organization: Scope,
  branch: Scope,
): (week: Week) => (heldOn: Day) => Topic {
  const own = new Map(records.list(branch, 'branch-plan', '').map((plan) => [plan.year, plan]))
  const above = new Map(records.list(organization, 'study-plan', '').map((plan) => [plan.year, plan]))
  const phases = new Map(
    [...own.keys(), ...above.keys()].map((year) => [year, phasesOf(above.get(year), own.get(year))]),
  )
  return (week) => (heldOn) => {
    const { topic = '', material } = records.get(organization, 'week-topic', week) ?? {}
    if (topic !== '') return { topic, material }
    const planned = topicOn(phases.get(Number(heldOn.slice(0, 4))) ?? [], heldOn)
    return planned === undefined
      ? { topic, material }
      : { topic: planned.title, material: planned.material, planTopicId: planned.id }
  }
}
