// 周汇朝学：每周一早上的学习，逢节假日顺延至本周第一个工作日
import * as v from 'valibot'
import { daySchema, weekSchema } from './day'
import { branchIdSchema, organizationIdSchema, personIdSchema } from './ids'
import { meetingKinds } from './meeting'
import { quotaSchema } from './quota'
import { tallySchema } from './tally'
import { weekRuleSchema } from './week-rule'

export const clockSchema = v.pipe(v.string(), v.regex(/^([01]\d|2[0-3]):[0-5]\d$/))

/** How a branch holds its weekly study. Clocks are UTC+8. */
export const branchSettingsSchema = v.object({
  opens: clockSchema,
  starts: clockSchema,
  ends: clockSchema,
  onTimeUntil: clockSchema,
  closes: clockSchema,
  /** How long after closing a check-in made offline is still taken; 0 = always ask the secretary. */
  graceHours: v.pipe(v.number(), v.integer(), v.minValue(0), v.maxValue(168)),
  leaveIsAutoAccepted: v.boolean(),
  /** 学时: the credit for a held, recorded study. Nothing is measured on a device. */
  studyHours: v.pipe(v.number(), v.minValue(0), v.maxValue(24)),
  /** 补学: how many days after the study it may be made up in time; 7 without it. */
  makeUpDays: v.optional(v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(90))),
  place: v.pipe(v.string(), v.maxLength(60)),
  /** 应开次数, where the branch has others than usual. */
  quotas: v.optional(v.partial(v.object(v.entriesFromList(meetingKinds, quotaSchema)))),
  /** The branch's own rule for the day; without it the organisation's holds. */
  weekRule: v.optional(weekRuleSchema),
})
export type BranchSettings = v.InferOutput<typeof branchSettingsSchema>

export const defaultBranchSettings: BranchSettings = {
  opens: '08:15',
  starts: '08:30',
  ends: '09:30',
  onTimeUntil: '08:40',
  closes: '12:00',
  graceHours: 12, // 24:00 of the day
  leaveIsAutoAccepted: false,
  studyHours: 1,
  makeUpDays: 7,
  place: '',
}

export const branchSchema = v.object({
  id: branchIdSchema,
  organizationId: organizationIdSchema,
  name: v.string(),
  /** 支部编号: what a roster file knows it by, where the unit has one. */
  number: v.optional(v.string()),
  /** 机关、直属单位、科技社团 */
  family: v.string(),
  settings: branchSettingsSchema,
  version: v.number(),
})
export type Branch = v.InferOutput<typeof branchSchema>

export const organizationSchema = v.object({
  id: organizationIdSchema,
  name: v.string(),
  isDemo: v.boolean(),
  weekRule: weekRuleSchema,
  version: v.number(),
})
export type Organization = v.InferOutput<typeof organizationSchema>

export const materialSchema = v.pipe(v.string(), v.trim(), v.maxLength(300))

/** The topic the organisation hands down for a week. */
export const weekTopicSchema = v.object({
  week: weekSchema,
  topic: v.pipe(v.string(), v.maxLength(80)),
  /** 学习材料: what to read for it, and where it is found. */
  material: v.optional(materialSchema),
})
export type WeekTopic = v.InferOutput<typeof weekTopicSchema>

const heldFields = {
  week: weekSchema,
  version: v.number(),
  heldOn: daySchema,
  /** Why the day is not the Monday: 「清明节顺延至周二」. */
  moved: v.optional(v.string()),
  /** A branch chose the day of this week itself: planning leaves it alone. */
  isOverridden: v.boolean(),
  /** The branch named topic, lead and place itself: what is handed down no longer changes them. */
  isNamedByBranch: v.boolean(),
  topic: v.string(),
  /** 学习材料 */
  material: v.optional(v.string()),
  /** The topic of the year's plan that it is about. */
  planTopicId: v.optional(v.string()),
  /** 领学人 */
  studyLead: v.optional(v.object({ personId: personIdSchema, name: v.string() })),
  place: v.string(),
  opensAt: v.number(),
  startsAt: v.number(),
  endsAt: v.number(),
  onTimeUntil: v.number(),
  closesAt: v.number(),
  graceEndsAt: v.number(),
  studyHours: v.number(),
  makeUpDays: v.optional(v.number()),
}

/** A branch's study of one week. Times are instants (ms, UTC). Readable by the whole branch. */
export const weeklyStudySchema = v.variant('state', [
  v.object({
    state: v.literal('open'),
    ...heldFields,
    /** The register closes by itself then; later than `closesAt` when it was reopened. */
    registerClosesAt: v.number(),
    isReopened: v.boolean(),
  }),
  v.object({ state: v.literal('closed'), ...heldFields, closedAt: v.number(), tally: tallySchema }),
  v.object({
    state: v.literal('not-held'),
    week: weekSchema,
    version: v.number(),
    isOverridden: v.boolean(),
    reason: v.string(),
  }),
  /** Past the published holidays: nobody has said yet which days are working days. */
  v.object({ state: v.literal('unconfirmed'), week: weekSchema, version: v.number() }),
])
export type WeeklyStudy = v.InferOutput<typeof weeklyStudySchema>
export type OpenStudy = Extract<WeeklyStudy, { state: 'open' }>
export type HeldStudy = Extract<WeeklyStudy, { state: 'open' | 'closed' }>

export const isHeld = (study: WeeklyStudy): study is HeldStudy =>
  study.state === 'open' || study.state === 'closed'
