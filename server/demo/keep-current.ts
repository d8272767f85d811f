import type { PoolClient } from 'pg'
import { dayOf, type Week, weekOf, weeksFrom } from '#domain/day'
import type { BranchId, OrganizationId } from '#domain/ids'
import type { Change, Records } from '#domain/records'
import type { Register } from '#domain/register'
import { branchScope, organizationScope, reviewScope } from '#domain/scopes'
import { isHeld, type WeeklyStudy } from '#domain/weekly-study'
import { branchesOf } from '../branches'
import { calendarOf } from '../jobs/plan-weeks'
import { organizationOf } from '../organization-of'
import { type Database, inTransaction } from '../storage/database'
import { lockScopes, readRecords, writeChanges } from '../storage/rows'
import { openToday, rehearsalOf } from './open-today'
import { topicOf } from './topics'

const topicsAhead = 8

/** Sees to it that this week's study is open whenever the demo is started, on any day of the week:
 *  the demo is for trying out, not for waiting until Monday. A second start on the same day changes
 *  nothing, and any other association than the demo's is left alone. Returns how many studies were
 *  opened. */
export async function keepDemoCurrent(database: Database, now: number): Promise<number> {
  const organizationId = await organizationOf(database)
  if (organizationId === undefined) return 0
  const ids = (await branchesOf(database, organizationId)).map(({ id }) => id)
  return inTransaction(database, (client) => openThisWeek(client, organizationId, ids, now))
}

async function openThisWeek(
  client: PoolClient,
  organizationId: OrganizationId,
  ids: readonly BranchId[],
  now: number,
): Promise<number> {
  const week = weekOf(dayOf(now))
  const above = organizationScope(organizationId)
  await lockScopes(client, ids.map(reviewScope))
  const records = await readRecords(client, [
    { scope: above, type: 'organization', key: 'organization' },
    { scope: above, type: 'notice', prefix: '' },
    { scope: above, type: 'week-topic', prefix: '' },
    ...ids.flatMap((id) => [
      { scope: branchScope(id), type: 'branch' as const, key: 'branch' },
      { scope: branchScope(id), type: 'weekly-study' as const, key: week },
      { scope: reviewScope(id), type: 'register' as const, key: week },
    ]),
  ])
  const organization = records.get(above, 'organization', 'organization')
  if (!organization?.isDemo) return 0
  const stage = { week, now, organization, calendar: calendarOf(records.list(above, 'notice', '')) }
  const changes = missingTopics(organizationId, week, records)
  let opened = 0
  for (const id of ids) {
    const study = records.get(branchScope(id), 'weekly-study', week)
    const register = records.get(reviewScope(id), 'register', week)
    const branch = records.get(branchScope(id), 'branch', 'branch')
    if (branch === undefined || isCurrent(study, register, now)) continue
    const rehearsal = await rehearsalOf(client, { branch, study, register }, stage)
    openToday(rehearsal, branch, stage)
    changes.push(...rehearsal.changes())
    opened += 1
  }
  await writeChanges(client, changes)
  return opened
}

/** Open today by us, or closed today by somebody who is trying just that. */
function isCurrent(study: WeeklyStudy | undefined, register: Register | undefined, now: number): boolean {
  if (study === undefined || !isHeld(study) || study.heldOn !== dayOf(now)) return false
  if (study.state === 'closed') return register?.closedBy !== undefined
  return study.isOverridden && now < study.registerClosesAt
}

function missingTopics(id: OrganizationId, from: Week, records: Records): Change[] {
  const scope = organizationScope(id)
  return weeksFrom(from, 1 + topicsAhead)
    .filter((week) => records.get(scope, 'week-topic', week) === undefined)
    .map((week) => ({ scope, type: 'week-topic', key: week, value: { week, topic: topicOf(week) } }))
}
