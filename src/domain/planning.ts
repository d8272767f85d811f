// 排定一周的学习：按顺延规则、公布的节假日和支部的作息生成
import { type Day, instantOf, type Week } from './day'
import { heldOn, movedText, type WeekRule, type WorkCalendar } from './week-rule'
import { type BranchSettings, isHeld, type OpenStudy, type WeeklyStudy, type WeekTopic } from './weekly-study'

const hour = 3_600_000

/** The instants of a study on a day, by the branch's settings. */
export function timesOn(day: Day, settings: BranchSettings) {
  const closesAt = instantOf(day, settings.closes)
  return {
    heldOn: day,
    opensAt: instantOf(day, settings.opens),
    startsAt: instantOf(day, settings.starts),
    endsAt: instantOf(day, settings.ends),
    onTimeUntil: instantOf(day, settings.onTimeUntil),
    closesAt,
    registerClosesAt: closesAt,
    graceEndsAt: closesAt + settings.graceHours * hour,
    studyHours: settings.studyHours,
    makeUpDays: settings.makeUpDays,
    place: settings.place,
  }
}

/** What a study is about, as it was handed down. */
export type Topic = Pick<WeekTopic, 'topic' | 'material'> & Pick<OpenStudy, 'planTopicId'>

/** The study of a week as it should be, or undefined where the one there stands: it has begun, it
 *  is closed, the branch chose it itself, or there was no branch here when it was held. `now` only
 *  tells what has begun. */
export function planStudy(
  week: Week,
  plan: { settings: BranchSettings; rule: WeekRule; calendar: WorkCalendar; topicOn: (heldOn: Day) => Topic },
  existing: WeeklyStudy | undefined,
  now: number,
): WeeklyStudy | undefined {
  if (existing !== undefined && !isOpenToPlanning(existing, now)) return undefined
  const version = (existing?.version ?? 0) + 1
  const day = heldOn(week, plan.rule, plan.calendar)
  const planned: WeeklyStudy =
    day.state === 'unknown'
      ? { state: 'unconfirmed', week, version }
      : day.state === 'not-held'
        ? { state: 'not-held', week, version, isOverridden: false, reason: day.reason }
        : {
            state: 'open',
            week,
            version,
            isOverridden: false,
            isReopened: false,
            ...timesOn(day.day, plan.settings),
            moved: movedText(day),
            isNamedByBranch: false,
            ...plan.topicOn(day.day),
            studyLead: undefined,
            ...namedBy(existing),
          }
  if (existing !== undefined) return isSamePlan(existing, planned) ? undefined : planned
  // A branch that begins today is not charged with a study before it was here.
  return planned.state === 'open' && planned.registerClosesAt <= now ? undefined : planned
}

function isOpenToPlanning(study: WeeklyStudy, now: number): boolean {
  if (study.state === 'closed') return false
  if (study.state === 'unconfirmed') return true
  return !study.isOverridden && (study.state === 'not-held' || now < study.opensAt)
}

function isSamePlan(a: WeeklyStudy, b: WeeklyStudy): boolean {
  const withoutVersion = ({ version: _, ...rest }: WeeklyStudy) =>
    JSON.stringify(rest, Object.keys(rest).sort())
  return withoutVersion(a) === withoutVersion(b)
}

/** A study moved to another day of its week by the branch, keeping topic and lead. */
export const movedTo = (
  day: Day,
  settings: BranchSettings,
  reason: string,
  study: WeeklyStudy,
  { topic, material }: Pick<Topic, 'topic' | 'material'>,
): OpenStudy => ({
  state: 'open',
  week: study.week,
  version: study.version + 1,
  isOverridden: true,
  isReopened: false,
  ...timesOn(day, settings),
  moved: reason,
  isNamedByBranch: false,
  topic: isHeld(study) ? study.topic : topic,
  material: isHeld(study) ? study.material : material,
  planTopicId: isHeld(study) ? study.planTopicId : undefined,
  studyLead: isHeld(study) ? study.studyLead : undefined,
  ...namedBy(study),
})

/** What the branch named itself stays, whatever else is planned anew. */
function namedBy(study: WeeklyStudy | undefined) {
  if (study === undefined || !isHeld(study) || !study.isNamedByBranch) return {}
  const { topic, material, planTopicId, studyLead, place } = study
  return { isNamedByBranch: true, topic, material, planTopicId, studyLead, place }
}
