import type { Profile } from '#domain/authority'
import {
  addDays,
  type Day,
  dayOf,
  daysBetween,
  instantOf,
  mondayOf,
  type Week,
  weekOf,
  weeksFrom,
} from '#domain/day'
import { isExpectedOn } from '#domain/membership'
import { planStudy } from '#domain/planning'
import { calendarFrom, type PublishedNotice } from '#domain/published-notice'
import type { Change } from '#domain/records'
import {
  branchScope,
  deskScope,
  memberScope,
  organizationScope,
  reviewScope,
  totalsScope,
} from '#domain/scopes'
import { emptyTally } from '#domain/tally'
import type { WorkCalendar } from '#domain/week-rule'
import {
  type Branch,
  type BranchSettings,
  defaultBranchSettings,
  isHeld,
  type Organization,
  type WeeklyStudy,
} from '#domain/weekly-study'
import { libraryNotices } from '../holidays'
import { branchNames } from './branch-names'
import { cast, castBranch, demoOrganizationId, demoOrganizationName } from './cast'
import { actMeetings } from './past-meetings'
import { actPastWeek, type Course, courseOf, type Habit } from './past-week'
import { currentMembers, type DemoPerson, People, type Roster } from './people'
import { Random } from './random'
import { demoReading } from './reading'
import { Rehearsal } from './rehearsal'
import { demoPlan, demoPlanTopicOn } from './study-plan'
import { topicOf } from './topics'

export interface DemoOptions {
  readonly seed: string
  /** The weeks before this moment's are the past. */
  readonly now: number
  readonly branches?: number
  readonly people?: number
  readonly weeks?: number
}

/** An invented association with its past. The same for the same options, on every machine. */
export interface DemoAssociation {
  readonly organization: Organization
  readonly weeks: readonly Week[]
  readonly people: readonly DemoPerson[]
  readonly rosters: readonly Roster[]
  /** What every branch shares, and everybody's profile. */
  readonly shared: () => Change[]
  /** A branch with its people and all its weeks. Made when asked for, for together they are large. */
  readonly ofBranch: (roster: Roster) => Change[]
}

const topicsAhead = 8
const weeksInTotals = 26

export function association(options: DemoOptions): DemoAssociation {
  const { seed, now, branches = 110, people = 3_000, weeks: count = 104 } = options
  const today = dayOf(now)
  const thisWeek = weekOf(today)
  const firstDay = addDays(mondayOf(thisWeek), -7 * count)
  const weeks = weeksFrom(weekOf(firstDay), count)
  const span = { from: firstDay, days: daysBetween(firstDay, today), today }
  const everybody = new People(new Random(`${seed} people`), branchNames(branches), people, span)
  const assumed = assumedNotices(libraryNotices(), today)
  const calendar = calendarFrom([...libraryNotices(), ...assumed])
  const organization: Organization = {
    id: demoOrganizationId,
    name: demoOrganizationName,
    isDemo: true,
    weekRule: { kind: 'postpone' },
    version: 1,
  }
  const past: Past = { seed, now, weeks, plan: planner(organization, calendar) }
  return {
    organization,
    weeks,
    people: everybody.all,
    rosters: everybody.rosters,
    shared: () => [
      ...sharedRows(organization, assumed, weeksFrom(weekOf(firstDay), count + 1 + topicsAhead)),
      ...everybody.all.map(profileRow),
    ],
    ofBranch: (roster) => branchRows(roster, past),
  }
}

interface Past {
  readonly seed: string
  readonly now: number
  readonly weeks: readonly Week[]
  readonly plan: (week: Week, settings: BranchSettings) => WeeklyStudy
}

/** By the real rule. Branches that begin at the same hour share the work of it. */
function planner({ weekRule: rule }: Organization, calendar: WorkCalendar): Past['plan'] {
  const planned = new Map<string, WeeklyStudy | undefined>()
  return (week, settings) => {
    const name = `${week} ${settings.opens}`
    if (!planned.has(name)) {
      const topicOn = (day: Day) => ({ topic: topicOf(week), planTopicId: demoPlanTopicOn(day) })
      const plan = { settings, rule, calendar, topicOn }
      planned.set(name, planStudy(week, plan, undefined, instantOf(mondayOf(week), '00:00')))
    }
    const study = planned.get(name)
    if (study === undefined) throw new Error('a week without a study was not planned')
    return study.state === 'open' ? { ...study, place: settings.place } : study
  }
}

/** Where the library ends before today, somebody of the demo has confirmed to go by plain weeks. */
function assumedNotices(known: readonly PublishedNotice[], today: string): PublishedNotice[] {
  const last = Math.max(...known.map((notice) => notice.year))
  const years = Array.from({ length: Math.max(0, Number(today.slice(0, 4)) - last) }, (_, i) => last + 1 + i)
  return years.map((year) => ({ year, daysOff: {}, workdays: {}, source: 'assumed' }))
}

function sharedRows(
  organization: Organization,
  notices: readonly PublishedNotice[],
  weeks: readonly Week[],
): Change[] {
  const scope = organizationScope(organization.id)
  return [
    { scope, type: 'organization', key: 'organization', value: organization },
    ...notices.map((notice): Change => ({ scope, type: 'notice', key: String(notice.year), value: notice })),
    ...[...new Set(weeks.map((week) => Number(week.slice(0, 4))))].flatMap((year) =>
      [scope, deskScope(organization.id)].map(
        (of): Change => ({ scope: of, type: 'study-plan', key: String(year), value: demoPlan(year) }),
      ),
    ),
    ...demoReading(scope, 'above'),
    ...weeks.map(
      (week): Change => ({ scope, type: 'week-topic', key: week, value: { week, topic: topicOf(week) } }),
    ),
  ]
}

function profileRow({ id, name, number, appointments }: DemoPerson): Change {
  const value: Profile = {
    personId: id,
    name,
    ...(number === undefined ? {} : { number }),
    organizationId: demoOrganizationId,
    appointments,
  }
  return { scope: memberScope(id), type: 'profile', key: 'profile', value }
}

function branchRows(roster: Roster, past: Past): Change[] {
  const random = new Random(`${past.seed} ${roster.named.id}`)
  const branch = branchOf(roster, random)
  const rehearsal = new Rehearsal('demo')
  const scope = branchScope(branch.id)
  rehearsal.write({ scope, type: 'branch', key: 'branch', value: branch })
  for (const change of demoReading(scope, 'branch')) rehearsal.write(change)
  const year = Number(dayOf(past.now).slice(0, 4))
  const plan = { year, topics: [], confirmed: demoPlan(year).version, version: 1 }
  rehearsal.write({ scope, type: 'branch-plan', key: String(year), value: plan })
  for (const { personId: id, name } of currentMembers(roster, dayOf(past.now))) {
    rehearsal.write({ scope, type: 'person', key: id, value: { id, name } })
  }
  for (const value of roster.memberships) {
    rehearsal.write({ scope: memberScope(value.personId), type: 'membership', key: branch.id, value })
    rehearsal.write({ scope: reviewScope(branch.id), type: 'membership', key: value.personId, value })
  }
  const habits = roster.memberships.map((each) => habitOf(each.personId, random))
  for (const week of past.weeks) actWeek(rehearsal, { roster, branch, habits, random, past }, week)
  const { memberships, secretary, keepers } = roster
  actMeetings(
    rehearsal,
    {
      branchId: branch.id,
      place: branch.settings.place,
      ...{ memberships, secretary, keepers },
      random: new Random(`${past.seed} ${roster.named.id} meetings`),
    },
    { weeks: past.weeks, now: past.now, isCast: branch.id === castBranch.id },
  )
  for (const week of past.weeks.slice(-weeksInTotals)) {
    const study = rehearsal.get(scope, 'weekly-study', week)
    if (study !== undefined) rehearsal.write(totalsRow(branch, study))
  }
  return rehearsal.changes()
}

const places = ['一楼会议室', '二楼学习室', '三楼会议室', '党员活动室', '学会办公室', '报告厅']

function branchOf({ named }: Roster, random: Random): Branch {
  const isOfCast = cast.some((each) => each.branchId === named.id)
  const settings = { ...defaultBranchSettings, place: random.pick(places) }
  const later = { opens: '08:45', starts: '09:00', ends: '10:00', onTimeUntil: '09:10' }
  const hours = !isOfCast && random.chance(0.2) ? later : {}
  const leaveIsAutoAccepted = !isOfCast && random.chance(0.2)
  return {
    id: named.id,
    organizationId: demoOrganizationId,
    name: named.name,
    family: named.family,
    settings: { ...settings, ...hours, leaveIsAutoAccepted },
    version: 1,
  }
}

const habitOf = (memberId: Habit['memberId'], random: Random): Habit => ({
  memberId,
  ownPhone: random.weighted([
    [0.99, 6],
    [0.93, 3],
    [0.2, 1],
  ]),
  absence: random.weighted([
    [0.3, 4],
    [1, 5],
    [3, 1],
  ]),
})

interface BranchPast {
  readonly roster: Roster
  readonly branch: Branch
  readonly habits: readonly Habit[]
  readonly random: Random
  readonly past: Past
}

function actWeek(
  rehearsal: Rehearsal,
  { roster, branch, habits, random, past }: BranchPast,
  week: Week,
): void {
  const planned = past.plan(week, branch.settings)
  if (planned.state !== 'open') {
    rehearsal.write({ scope: branchScope(branch.id), type: 'weekly-study', key: week, value: planned })
    return
  }
  const expected = roster.memberships.filter((each) => isExpectedOn(each, planned.heldOn))
  const lead = expected.length === 0 ? undefined : random.pick(expected)
  const study = { ...planned, studyLead: lead && { personId: lead.personId, name: lead.name } }
  const coming = new Set(expected.map((each) => each.personId))
  const courses = new Map<Habit['memberId'], Course>()
  for (const habit of habits) {
    if (coming.has(habit.memberId)) courses.set(habit.memberId, courseOf(random, habit))
  }
  if (branch.id === castBranch.id) {
    const isPlanned = (each: Week) => past.plan(each, branch.settings).state === 'open'
    const heldSince = past.weeks.slice(past.weeks.indexOf(week) + 1).filter(isPlanned).length
    if (heldSince < 2) forTheSecretary(courses, heldSince === 0, longStanding(roster, past))
  }
  const { secretary, keepers } = roster
  const { leaveIsAutoAccepted: isLeaveAutoAccepted } = branch.settings
  const scene = { branchId: branch.id, study, secretary, keepers, random, isLeaveAutoAccepted }
  actPastWeek(rehearsal, scene, courses, past.now)
}

/** Who is expected now and was all the time, without the cast. */
const longStanding = ({ memberships }: Roster, { weeks, now }: Past): Habit['memberId'][] =>
  memberships
    .filter((each) => [...weeks.map(mondayOf), dayOf(now)].every((day) => isExpectedOn(each, day)))
    .map(({ personId: id }) => id)
    .filter((id) => cast.every((each) => each.personId !== id))

/** What the secretary of the cast finds to do in the last two weeks that a study was held: a claim that
 *  waits, and somebody to ask after. */
function forTheSecretary(
  courses: Map<Habit['memberId'], Course>,
  isLast: boolean,
  others: readonly Habit['memberId'][],
): void {
  const [claimant, missed] = [others[3], others[7]]
  if (isLast && claimant !== undefined) courses.set(claimant, 'claim-waiting')
  if (missed !== undefined) courses.set(missed, 'unheard-of')
}

function totalsRow(branch: Branch, study: WeeklyStudy): Change {
  return {
    scope: totalsScope(branch.organizationId),
    type: 'branch-totals',
    key: `${study.week}/${branch.id}`,
    value: {
      week: study.week,
      branchId: branch.id,
      branchName: branch.name,
      family: branch.family,
      state: study.state,
      tally: isHeld(study) && study.state === 'closed' ? study.tally : emptyTally,
    },
  }
}
