import type { PoolClient } from 'pg'
import { lineKey } from '#domain/attendance'
import type { Week } from '#domain/day'
import { happeningAt } from '#domain/evidence'
import { expectedAt } from '#domain/expected'
import type { BranchId, PersonId } from '#domain/ids'
import type { Register } from '#domain/register'
import { branchScope, leaveScope, memberScope, reviewScope } from '#domain/scopes'
import { heldOn, type WorkCalendar } from '#domain/week-rule'
import {
  type Branch,
  isHeld,
  type OpenStudy,
  type Organization,
  type WeeklyStudy,
} from '#domain/weekly-study'
import { readRecords } from '../storage/rows'
import { cast } from './cast'
import { Random } from './random'
import { Rehearsal } from './rehearsal'
import { actThisWeek, timesAround } from './this-week'
import { topicOf } from './topics'

export interface Stage {
  readonly week: Week
  readonly now: number
  readonly organization: Organization
  readonly calendar: WorkCalendar
}

/** A rehearsal that knows what there is of this branch and week. */
export async function rehearsalOf(
  client: PoolClient,
  there: { branch: Branch; study: WeeklyStudy | undefined; register: Register | undefined },
  { week, now }: Stage,
): Promise<Rehearsal> {
  const { branch, study, register } = there
  const [scope, review, leaves] = [branchScope(branch.id), reviewScope(branch.id), leaveScope(branch.id)]
  const records = await readRecords(client, [
    { scope: review, type: 'membership', prefix: '' },
    { scope: review, type: 'register-line', prefix: `${week}/` },
    { scope: leaves, type: 'leave', prefix: `${week}/` },
  ])
  const rehearsal = new Rehearsal(`demo-${now}`)
  rehearsal.given({ scope, type: 'branch', key: 'branch', value: branch })
  if (study !== undefined) rehearsal.given({ scope, type: 'weekly-study', key: week, value: study })
  if (register !== undefined) rehearsal.given({ scope: review, type: 'register', key: week, value: register })
  for (const value of records.list(review, 'membership', '')) {
    rehearsal.given({ scope: review, type: 'membership', key: value.personId, value })
    rehearsal.given({ scope: memberScope(value.personId), type: 'membership', key: branch.id, value })
  }
  const own = lineKey(week, branch.id)
  for (const value of records.list(review, 'register-line', `${week}/`)) {
    rehearsal.given({ scope: review, type: 'register-line', key: lineKey(week, value.memberId), value })
    rehearsal.given({ scope: memberScope(value.memberId), type: 'register-line', key: own, value })
  }
  for (const value of records.list(leaves, 'leave', `${week}/`)) {
    rehearsal.given({ scope: leaves, type: 'leave', key: lineKey(week, value.memberId), value })
    rehearsal.given({ scope: memberScope(value.memberId), type: 'leave', key: own, value })
  }
  return rehearsal
}

/** The study of this week, held today, with what was recorded of it. */
export function openToday(
  rehearsal: Rehearsal,
  branch: Branch,
  { week, now, organization, calendar }: Stage,
): void {
  const scope = branchScope(branch.id)
  const before = rehearsal.get(scope, 'weekly-study', week)
  if (before?.state === 'closed') {
    // What closing made of those without a line is taken back, as when a secretary reopens it.
    rehearsal.act({
      branchId: branch.id,
      command: 'reopen-register',
      args: { week, reason: '演示：本周的学习今天重新开放', version: before.version },
      actor: undefined,
      evidence: happeningAt(now),
    })
  }
  const there = rehearsal.get(scope, 'weekly-study', week)
  const held = there !== undefined && isHeld(there) ? there : undefined
  const random = new Random(`${week} ${branch.id}`)
  const topic = held?.topic || topicOf(week)
  const place = held?.place || branch.settings.place
  const study: OpenStudy = {
    state: 'open',
    week,
    version: (there?.version ?? 0) + 1,
    isOverridden: true,
    isReopened: false,
    isNamedByBranch: true,
    ...timesAround(now, heldOn(week, branch.settings.weekRule ?? organization.weekRule, calendar)),
    topic,
    place,
    studyHours: branch.settings.studyHours,
    studyLead: held?.studyLead,
  }
  const expected = expectedAt(branch.id, study, rehearsal)
  const led = { ...study, studyLead: study.studyLead ?? leadOf(rehearsal, branch.id, expected, random) }
  rehearsal.write({ scope, type: 'weekly-study', key: week, value: led })
  if (hasRecords(rehearsal, branch.id, week)) return
  const keepers = cast.filter((each) => each.branchId === branch.id && isKeeper(each.appointments))
  const scene = {
    branchId: branch.id,
    study: led,
    secretary: keepers[0]?.personId,
    keepers: keepers.map((each) => each.personId),
    random,
  }
  const busy = new Set(
    rehearsal.list(leaveScope(branch.id), 'leave', `${week}/`).map((each) => each.memberId),
  )
  actThisWeek(
    rehearsal,
    scene,
    expected.filter((id) => !busy.has(id)),
    now,
  )
}

const isKeeper = (appointments: (typeof cast)[number]['appointments']) =>
  appointments.some((each) => each.role === 'secretary' || each.role === 'committee-member')

/** Whether anybody did anything yet; what the closing wrote by itself does not count. */
const hasRecords = (rehearsal: Rehearsal, branchId: BranchId, week: Week): boolean =>
  rehearsal
    .list(reviewScope(branchId), 'register-line', `${week}/`)
    .some((line) => line.via !== 'closing' && line.standing !== 'unrecorded')

function leadOf(
  rehearsal: Rehearsal,
  branchId: BranchId,
  expected: readonly PersonId[],
  random: Random,
): OpenStudy['studyLead'] {
  if (expected.length === 0) return undefined
  const ofCast = cast.find((each) => each.branchId === branchId && each.part === '本周领学人')
  const personId = ofCast?.personId ?? random.pick(expected)
  const name = rehearsal.get(reviewScope(branchId), 'membership', personId)?.name
  return name === undefined ? undefined : { personId, name }
}
