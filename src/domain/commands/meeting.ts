// 会议安排：计划、通知、取消；联合会议由机关党委安排，各支部各记各的登记簿
import * as v from 'valibot'
import { amendmentChange } from '../attendance'
import { branchCommand, organizationCommand } from '../command'
import { daySchema } from '../day'
import { accept, type Decision, refuse } from '../decision'
import { believable } from '../evidence'
import { type MeetingId, meetingIdSchema } from '../gathering-key'
import { type BranchId, branchIdSchema, organizationIdSchema, type PersonId, personIdSchema } from '../ids'
import {
  agendaSchema,
  type HeldMeeting,
  isOn,
  type JointMeeting,
  type Meeting,
  meetingKindSchema,
  meetingTimes,
  votes,
} from '../meeting'
import { groupNameSchema } from '../membership'
import { inTheWayOf, readDay } from '../overlap'
import type { Change, Read, Records } from '../records'
import type { Refusal } from '../refusal'
import { reasonSchema } from '../register'
import { branchScope, organizationScope, reviewScope } from '../scopes'
import { planTopicSchema } from '../study-plan'
import { clockSchema } from '../weekly-study'

const topicSchema = v.pipe(v.string(), v.trim(), v.maxLength(80))
const placeSchema = v.pipe(v.string(), v.trim(), v.maxLength(60))

const nameSchema = v.pipe(v.string(), v.trim(), v.maxLength(40))

const planSchema = v.object({
  kind: meetingKindSchema,
  alsoCountsAs: v.pipe(v.array(meetingKindSchema), v.maxLength(6)),
  topic: topicSchema,
  heldOn: daySchema,
  starts: clockSchema,
  ends: clockSchema,
  place: placeSchema,
  host: nameSchema,
  recorder: nameSchema,
  agenda: agendaSchema,
  /** Without it the whole branch. */
  attends: v.optional(v.pipe(v.array(personIdSchema), v.minLength(1), v.maxLength(500))),
  /** 党小组会: of which group. */
  group: v.optional(groupNameSchema),
  studyHours: v.pipe(v.number(), v.minValue(0), v.maxValue(24)),
  planTopicId: v.optional(planTopicSchema.entries.id),
})
type Plan = v.InferOutput<typeof planSchema>

/** Its id says the year it lies in. */
const isOfYear = (id: MeetingId, day: string) => id.slice(0, 4) === day.slice(0, 4)

/** The meeting that the plan makes of what was there, or why it cannot be. */
function planned(
  branchId: BranchId,
  plan: Plan,
  records: Records,
  before: Pick<HeldMeeting, 'id' | 'version' | 'notifiedAt' | 'joint'> & { readonly isReopened?: boolean },
): { readonly meeting: Meeting } | { readonly refusal: Refusal } {
  const { starts, ends, heldOn, alsoCountsAs, group, ...rest } = plan
  const times = meetingTimes(heldOn, starts, ends)
  if (times.endsAt <= times.startsAt) return { refusal: { code: 'times-out-of-order' } }
  const meeting: HeldMeeting = {
    state: 'open',
    isReopened: false,
    ...before,
    ...rest,
    ...(plan.kind === 'group-meeting' && group !== undefined && { group }),
    ...times,
    version: before.version + 1,
    alsoCountsAs: alsoCountsAs.filter((each) => each !== plan.kind),
    isBackfilled: false,
  }
  const inTheWay = inTheWayOf(meeting, branchId, records)
  return inTheWay === undefined
    ? { meeting }
    : { refusal: { code: 'overlaps', topic: inTheWay.topic, startsAt: inTheWay.startsAt } }
}

const meetingChange = (branchId: BranchId, meeting: Meeting): Change => ({
  scope: branchScope(branchId),
  type: 'meeting',
  key: meeting.id,
  value: meeting,
})

/** The meeting as its keeper saw it, still to be held, or why not. */
function openMeeting(
  records: Records,
  branchId: BranchId,
  id: MeetingId,
  version: number,
): { readonly meeting: Extract<Meeting, { state: 'open' }> } | { readonly refusal: Refusal } {
  const meeting = records.get(branchScope(branchId), 'meeting', id)
  if (meeting === undefined) return { refusal: { code: 'no-such-meeting' } }
  if (meeting.state === 'cancelled') return { refusal: { code: 'meeting-cancelled' } }
  if (meeting.state === 'closed') return { refusal: { code: 'already-closed' } }
  if (meeting.version !== version) return { refusal: { code: 'changed-meanwhile' } }
  return { meeting }
}

const done = (branchId: BranchId, made: ReturnType<typeof planned>): Decision<Change[], Refusal> =>
  'refusal' in made ? refuse(made.refusal) : accept([meetingChange(branchId, made.meeting)])

export const planMeeting = branchCommand({
  version: 1,
  args: v.object({ ...planSchema.entries, id: meetingIdSchema }),
  roles: ['secretary', 'committee-member'],
  guard: reviewScope,
  reads: (branchId, { id, heldOn }) => [
    ...readDay(branchId, heldOn),
    { scope: branchScope(branchId), type: 'meeting', key: id },
  ],
  decide(branchId, { id, ...plan }, records) {
    if (!isOfYear(id, plan.heldOn)) return refuse({ code: 'other-year' })
    if (records.get(branchScope(branchId), 'meeting', id) !== undefined)
      return refuse({ code: 'already-decided' })
    return done(branchId, planned(branchId, plan, records, { id, version: 0 }))
  },
})

export const changeMeeting = branchCommand({
  version: 1,
  args: v.object({ ...planSchema.entries, id: meetingIdSchema, version: v.number() }),
  roles: ['secretary', 'committee-member'],
  guard: reviewScope,
  reads: (branchId, plan) => [
    ...readDay(branchId, plan.heldOn),
    { scope: branchScope(branchId), type: 'meeting', key: plan.id },
    { scope: reviewScope(branchId), type: 'minutes', key: plan.id },
    { scope: reviewScope(branchId), type: 'register-line', prefix: `${plan.id}/` },
  ],
  decide(branchId, { id, version, ...plan }, records) {
    const meeting = records.get(branchScope(branchId), 'meeting', id)
    if (meeting === undefined) return refuse({ code: 'no-such-meeting' })
    if (meeting.state === 'cancelled') return refuse({ code: 'meeting-cancelled' })
    if (meeting.version !== version) return refuse({ code: 'changed-meanwhile' })
    if (meeting.filedAt !== undefined) return refuse({ code: 'already-filed' })
    if (meeting.state === 'closed') return describedAnew(branchId, meeting, plan)
    if (!isOfYear(id, plan.heldOn)) return refuse({ code: 'other-year' })
    const recorded = recordedOn(records, branchId, id)
    const isMoved = plan.heldOn !== meeting.heldOn
    if (recorded.length > 0 && (isMoved || !recorded.every((each) => isAskedBy(plan, each)))) {
      return refuse({ code: 'study-has-records' })
    }
    const minutes = records.get(reviewScope(branchId), 'minutes', id)
    if (minutes !== undefined && minutes.votes.length > 0 && !votes(plan.kind)) {
      return refuse({ code: 'study-has-records' })
    }
    const { notifiedAt, joint, isReopened } = meeting
    return done(
      branchId,
      planned(branchId, stillAbout(meeting, plan), records, { id, version, notifiedAt, joint, isReopened }),
    )
  },
})

/** A phone of before says no topic of the plan: with the same words it is still about the same. */
const stillAbout = ({ topic, planTopicId }: Meeting, plan: Plan): Plan => ({
  ...plan,
  planTopicId: plan.planTopicId ?? (plan.topic === topic ? planTopicId : undefined),
})

const isAskedBy = ({ attends }: Plan, person: PersonId) => attends === undefined || attends.includes(person)

/** What a closed register does not rest on can still be filled in, until the meeting is filed. */
function describedAnew(
  branchId: BranchId,
  meeting: Extract<Meeting, { state: 'closed' }>,
  plan: Plan,
): Decision<Change[], Refusal> {
  const times = meetingTimes(plan.heldOn, plan.starts, plan.ends)
  const isSame =
    plan.kind === meeting.kind &&
    times.startsAt === meeting.startsAt &&
    times.endsAt === meeting.endsAt &&
    JSON.stringify(plan.attends) === JSON.stringify(meeting.attends)
  if (!isSame) return refuse({ code: 'already-closed' })
  const { topic, place, host, recorder, agenda, studyHours, alsoCountsAs, planTopicId } = stillAbout(
    meeting,
    plan,
  )
  const said = { topic, place, host, recorder, agenda, studyHours, alsoCountsAs, planTopicId }
  return accept([meetingChange(branchId, { ...meeting, ...said, version: meeting.version + 1 })])
}

const recordedOn = (records: Records, branchId: BranchId, id: MeetingId): PersonId[] =>
  records
    .list(reviewScope(branchId), 'register-line', `${id}/`)
    .flatMap(({ standing, memberId }) => (standing === 'unrecorded' ? [] : [memberId]))

const oneMeeting = {
  roles: ['secretary', 'committee-member'] as const,
  guard: reviewScope,
  reads: (branchId: BranchId, { id }: { id: MeetingId }): Read[] => [
    { scope: branchScope(branchId), type: 'meeting', key: id },
    { scope: reviewScope(branchId), type: 'register-line', prefix: `${id}/` },
  ],
}

/** From here on the branch sees it on Home. */
export const notifyMeeting = branchCommand({
  version: 1,
  ...oneMeeting,
  args: v.object({ id: meetingIdSchema, version: v.number() }),
  decide(branchId, { id, version }, records, { evidence }) {
    const found = openMeeting(records, branchId, id, version)
    if ('refusal' in found) return refuse(found.refusal)
    const notified = { ...found.meeting, version: version + 1, notifiedAt: believable(evidence) }
    return accept([meetingChange(branchId, notified)])
  },
})

export const cancelMeeting = branchCommand({
  version: 1,
  ...oneMeeting,
  args: v.object({ id: meetingIdSchema, reason: reasonSchema, version: v.number() }),
  decide(branchId, { id, reason, version }, records, { actor, evidence, commandKey }) {
    const found = openMeeting(records, branchId, id, version)
    if ('refusal' in found) return refuse(found.refusal)
    if (recordedOn(records, branchId, id).length > 0) return refuse({ code: 'study-has-records' })
    const { isReopened: _, ...kept } = found.meeting
    return accept([
      meetingChange(branchId, { ...kept, state: 'cancelled', reason, version: version + 1 }),
      amendmentChange(branchId, commandKey, {
        week: id,
        at: evidence.receivedAt,
        by: actor?.personId,
        what: 'study',
        reason,
        isAfterClosing: false,
      }),
    ])
  },
})

const jointPlanSchema = v.object({
  id: meetingIdSchema,
  kind: meetingKindSchema,
  topic: v.pipe(topicSchema, v.minLength(1)),
  heldOn: daySchema,
  starts: clockSchema,
  ends: clockSchema,
  place: placeSchema,
  host: nameSchema,
  agenda: agendaSchema,
  /** With their names, which are labels: a branch takes part by its id, and in its own organisation. */
  branches: v.pipe(
    v.array(v.object({ id: branchIdSchema, name: v.pipe(v.string(), v.maxLength(60)) })),
    v.minLength(2),
    v.maxLength(500),
  ),
})

/** 联合会议: planned once; each of the branches then takes part with a register of its own. */
export const planJointMeeting = organizationCommand({
  version: 1,
  args: jointPlanSchema,
  roles: ['admin'],
  guard: organizationScope,
  reads: (id, plan) => [{ scope: organizationScope(id), type: 'joint-meeting', key: plan.id }],
  decide(organizationId, plan, records) {
    const scope = organizationScope(organizationId)
    if (plan.ends <= plan.starts) return refuse({ code: 'times-out-of-order' })
    if (!isOfYear(plan.id, plan.heldOn)) return refuse({ code: 'other-year' })
    if (records.get(scope, 'joint-meeting', plan.id) !== undefined) return refuse({ code: 'already-decided' })
    const value: JointMeeting = { version: 1, ...plan, isCancelled: false }
    return accept([{ scope, type: 'joint-meeting', key: plan.id, value }])
  },
})

/** Branches that take part already cancel theirs themselves: it may have been held. */
export const cancelJointMeeting = organizationCommand({
  version: 1,
  args: v.object({ id: meetingIdSchema, version: v.number() }),
  roles: ['admin'],
  guard: organizationScope,
  reads: (id, args) => [{ scope: organizationScope(id), type: 'joint-meeting', key: args.id }],
  decide(organizationId, { id, version }, records) {
    const scope = organizationScope(organizationId)
    const joint = records.get(scope, 'joint-meeting', id)
    if (joint === undefined) return refuse({ code: 'no-such-meeting' })
    if (joint.version !== version) return refuse({ code: 'changed-meanwhile' })
    const value = { ...joint, isCancelled: true, version: version + 1 }
    return accept([{ scope, type: 'joint-meeting', key: id, value }])
  },
})

/** A branch takes part: its own meeting, with its own register and minutes. Two keepers who both say so
 *  make one. */
export const joinMeeting = branchCommand({
  version: 1,
  args: v.object({
    organizationId: organizationIdSchema,
    jointId: meetingIdSchema,
    /** As its keeper saw it. */
    heldOn: daySchema,
    studyHours: v.pipe(v.number(), v.minValue(0), v.maxValue(24)),
  }),
  roles: ['secretary', 'committee-member'],
  guard: reviewScope,
  reads: (branchId, { organizationId, jointId, heldOn }) => [
    { scope: organizationScope(organizationId), type: 'joint-meeting', key: jointId },
    { scope: branchScope(branchId), type: 'branch', key: 'branch' },
    { scope: branchScope(branchId), type: 'meeting', key: jointId },
    ...readDay(branchId, heldOn),
  ],
  decide(branchId, { organizationId, jointId, heldOn, studyHours }, records) {
    const branch = records.get(branchScope(branchId), 'branch', 'branch')
    const joint = records.get(organizationScope(organizationId), 'joint-meeting', jointId)
    const isAsked = joint?.branches.some(({ id }) => id === branchId) ?? false
    if (joint === undefined || !isAsked || branch?.organizationId !== organizationId) {
      return refuse({ code: 'no-such-meeting' })
    }
    if (joint.isCancelled) return refuse({ code: 'meeting-cancelled' })
    if (joint.heldOn !== heldOn) return refuse({ code: 'changed-meanwhile' })
    const before = records.get(branchScope(branchId), 'meeting', jointId)
    if (before !== undefined && isOn(before)) return accept([])
    const { id, version: _, isCancelled: __, branches, ...plan } = joint
    return done(
      branchId,
      planned(branchId, { ...plan, alsoCountsAs: [], recorder: '', studyHours }, records, {
        id,
        version: before?.version ?? 0,
        joint: { id, branches: branches.map(({ name }) => name) },
      }),
    )
  },
})
