// 会议活动：三会一课、主题党日、集中学习、组织生活会
import * as v from 'valibot'
import { type Day, daySchema, instantOf } from './day'
import { meetingIdSchema } from './gathering-key'
import { branchIdSchema, personIdSchema } from './ids'
import { tallySchema } from './tally'

/** 支部党员大会 / 支委会 / 党小组会 / 党课 / 主题党日 / 集中学习 / 组织生活会 */
export const meetingKindSchema = v.picklist([
  'general-meeting',
  'committee-meeting',
  'group-meeting',
  'party-class',
  'theme-day',
  'collective-study',
  'organizational-life-meeting',
])
export type MeetingKind = v.InferOutput<typeof meetingKindSchema>
export const meetingKinds = meetingKindSchema.options

/** Those at which a matter is put to the vote. */
export const votes = (kind: MeetingKind): boolean =>
  kind === 'general-meeting' || kind === 'committee-meeting'

/** Those that are study, and bring 学时 to whoever took part. */
export const isStudy = (kind: MeetingKind): boolean =>
  kind === 'party-class' || kind === 'theme-day' || kind === 'collective-study'

/** Those to which everybody in the branch comes, unless somebody says otherwise. */
export const isForEverybody = (kind: MeetingKind): boolean =>
  kind !== 'committee-meeting' && kind !== 'group-meeting'

export const agendaSchema = v.pipe(
  v.array(v.pipe(v.string(), v.trim(), v.minLength(1), v.maxLength(120))),
  v.maxLength(20),
)

const meetingFields = {
  id: meetingIdSchema,
  version: v.number(),
  kind: meetingKindSchema,
  /** 一会多用: what else it is, such as a Party class within a theme day. */
  alsoCountsAs: v.array(meetingKindSchema),
  topic: v.string(),
  /** The topic of the year's plan that it is about. */
  planTopicId: v.optional(v.string()),
  heldOn: daySchema,
  /** From here on somebody can be put on its register: the beginning of the day. */
  opensAt: v.number(),
  startsAt: v.number(),
  endsAt: v.number(),
  place: v.string(),
  /** 主持人, by name: it may be somebody of another branch. */
  host: v.string(),
  /** 记录人, by name. */
  recorder: v.string(),
  agenda: agendaSchema,
  /** Without it the whole branch is expected. */
  attends: v.optional(v.array(personIdSchema)),
  /** 党小组会: of which group. */
  group: v.optional(v.string()),
  /** 学时: the credit for it, as the branch set it; nothing is measured. */
  studyHours: v.number(),
  notifiedAt: v.optional(v.number()),
  /** 归档 */
  filedAt: v.optional(v.number()),
  /** 补录: filed more than three days after it was held. */
  isBackfilled: v.boolean(),
  /** A meeting of several branches: it is the same for all of them, and each has its own register. */
  joint: v.optional(v.object({ id: v.string(), branches: v.array(v.string()) })),
}

/** One branch's meeting. Times are instants (ms, UTC). Readable by the whole branch; what was said and
 *  decided is in its minutes, for the register's keepers. */
export const meetingSchema = v.variant('state', [
  v.object({ state: v.literal('open'), ...meetingFields, isReopened: v.boolean() }),
  v.object({ state: v.literal('closed'), ...meetingFields, closedAt: v.number(), tally: tallySchema }),
  v.object({ state: v.literal('cancelled'), ...meetingFields, reason: v.string() }),
])
export type Meeting = v.InferOutput<typeof meetingSchema>
export type HeldMeeting = Extract<Meeting, { state: 'open' | 'closed' }>

export const isOn = (meeting: Meeting): meeting is HeldMeeting => meeting.state !== 'cancelled'

/** What a meeting counts as, itself first. */
export const kindsOf = (meeting: Meeting): MeetingKind[] => [
  ...new Set([meeting.kind, ...meeting.alsoCountsAs]),
]

/** The instants of a meeting on a day; the clocks are UTC+8. */
export const meetingTimes = (heldOn: Day, starts: string, ends: string) => ({
  heldOn,
  opensAt: instantOf(heldOn, '00:00'),
  startsAt: instantOf(heldOn, starts),
  endsAt: instantOf(heldOn, ends),
})

/** Planned for several branches by the organisation. Readable by all of them; each that takes part makes
 *  a meeting of its own of it, so that no branch writes in another. Key: its id. */
export const jointMeetingSchema = v.object({
  id: meetingIdSchema,
  version: v.number(),
  kind: meetingKindSchema,
  topic: v.string(),
  heldOn: daySchema,
  starts: v.string(),
  ends: v.string(),
  place: v.string(),
  host: v.string(),
  agenda: agendaSchema,
  branches: v.array(v.object({ id: branchIdSchema, name: v.string() })),
  isCancelled: v.boolean(),
})
export type JointMeeting = v.InferOutput<typeof jointMeetingSchema>
