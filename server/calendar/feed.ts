import { dayOf, instantOf, mondayOf, weekOf, weeksFrom } from '#domain/day'
import { meetingsOf } from '#domain/gathering-key'
import type { BranchId } from '#domain/ids'
import { isOn, kindsOf, type Meeting } from '#domain/meeting'
import type { Read } from '#domain/records'
import { gatheringName } from '#domain/reminder'
import { branchScope } from '#domain/scopes'
import { type Branch, isHeld, type WeeklyStudy } from '#domain/weekly-study'
import { meetingKindWords } from '#domain/words'
import type { Database } from '../storage/database'
import { readRecords } from '../storage/rows'
import type { CalendarEvent, CalendarFeed } from './icalendar'

/** This week and the eleven after it. */
const weeksShown = 12

/** What a branch's calendar shows to whoever has its path: its studies of the coming weeks and the meetings it
 *  was told of, by kind, time and place. No topic and no name, since a calendar is read by its provider too.
 *  Undefined when there is no such branch. */
export async function calendarFeed(
  database: Database,
  branchId: BranchId,
  { now, minutesBefore }: { now: number; minutesBefore: number },
): Promise<CalendarFeed | undefined> {
  const scope = branchScope(branchId)
  const weeks = weeksFrom(weekOf(dayOf(now)), weeksShown)
  const from = instantOf(mondayOf(weeks[0] ?? ''), '00:00')
  const until = from + weeksShown * 7 * 86_400_000
  const years = [...new Set([from, until].map((each) => Number(dayOf(each).slice(0, 4))))]
  const records = await readRecords(database.pool, [
    { scope, type: 'branch', key: 'branch' },
    ...weeks.map((key): Read => ({ scope, type: 'weekly-study', key })),
    ...years.map((year): Read => ({ scope, type: 'meeting', prefix: meetingsOf(year) })),
  ])
  const branch = records.get(scope, 'branch', 'branch')
  if (branch === undefined) return undefined
  const studies = records.list(scope, 'weekly-study', '').flatMap((study) => eventOfStudy(branch, study))
  const meetings = records
    .list(scope, 'meeting', '')
    .filter(({ notifiedAt, startsAt }) => notifiedAt !== undefined && from <= startsAt && startsAt < until)
    .map((meeting) => eventOfMeeting(branch, meeting))
  return {
    name: `${branch.name} · 周汇朝学`,
    events: [...studies, ...meetings]
      .map((event) => ({ ...event, alarmMinutes: minutesBefore }))
      .sort((a, b) => a.startsAt - b.startsAt),
  }
}

const description = '安排以周汇朝学小程序为准'
const uidOf = (branch: Branch, key: string) => `${key}.${branch.id}@morning-study`

/** A week that is not held stands on its Monday, struck out, so that what a phone already shows is taken back. */
function eventOfStudy(branch: Branch, study: WeeklyStudy): CalendarEvent[] {
  if (study.state === 'unconfirmed') return []
  const { week, version: sequence } = study
  const always = { uid: uidOf(branch, week), sequence, description }
  if (isHeld(study)) {
    const { startsAt, endsAt, place } = study
    return [{ ...always, summary: gatheringName(study), place, startsAt, endsAt, isCancelled: false }]
  }
  const { starts, ends, place } = branch.settings
  const monday = mondayOf(week)
  return [
    {
      ...always,
      summary: `停学：${gatheringName(study)}`,
      place,
      startsAt: instantOf(monday, starts),
      endsAt: instantOf(monday, ends),
      isCancelled: true,
    },
  ]
}

function eventOfMeeting(branch: Branch, meeting: Meeting): CalendarEvent {
  const { id, version: sequence, startsAt, endsAt, place } = meeting
  const kinds = kindsOf(meeting).map((kind) => meetingKindWords[kind])
  const isCancelled = !isOn(meeting)
  const summary = `${isCancelled ? '已取消：' : ''}${kinds.join('、')}`
  return { uid: uidOf(branch, id), sequence, description, summary, place, startsAt, endsAt, isCancelled }
}
