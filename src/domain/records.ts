import * as v from 'valibot'
import { profileSchema } from './authority'
import { cancellationSchema } from './cancellation'
import { careNoteSchema } from './care-note'
import { consentSchema } from './consent'
import { correctionSchema } from './correction'
import { daySchema, weekSchema } from './day'
import { ticketSchema } from './feedback'
import { branchIdSchema, personIdSchema } from './ids'
import { makeUpSchema } from './make-up'
import { jointMeetingSchema, meetingSchema } from './meeting'
import { membershipSchema } from './membership'
import { minutesSchema } from './minutes'
import { publishedNoticeSchema } from './published-notice'
import { readingItemSchema, readingListSchema, readingProgressSchema } from './reading'
import { readingNoteSchema } from './reading-note'
import { amendmentSchema, leaveSchema, registerLineSchema, registerSchema } from './register'
import type { Scope } from './scopes'
import { studyCodeSchema } from './study-code'
import { branchPlanSchema, studyPlanSchema } from './study-plan'
import { tallySchema } from './tally'
import { branchSchema, organizationSchema, weeklyStudySchema, weekTopicSchema } from './weekly-study'

/** Everything that is stored and travels down, by type. A record is found by scope, type and key.
 *
 *  | type | in scope | key |
 *  | --- | --- | --- |
 *  | profile | member | `profile` |
 *  | membership | member / review | branch / member |
 *  | register-line, leave, make-up | member / review, leave, secretary | week/branch / week/member |
 *  | care-note | secretary | member |
 *  | consent, cancellation | member | moment it was given / `cancellation` |
 *  | correction | member, secretary | command |
 *  | ticket | member, desk | command |
 *  | branch, person, weekly-study | branch | `branch` / person / week |
 *  | meeting | branch | its id |
 *  | study-plan, branch-plan | organization, and desk as a draft / branch | year |
 *  | register, amendment, minutes | review | week or meeting / the same/command/member / the same |
 *  | organization, week-topic, notice, horizon | organization | `organization` / week / year / `horizon` |
 *  | joint-meeting | organization | its id |
 *  | reading-list, reading-item | organization / branch | its id, list/item |
 *  | reading-progress, reading-note | member | list/item, list/item/note/version |
 *  | branch-totals, branch-topics | totals | week/branch, year/branch | */
export const recordSchemas = {
  profile: profileSchema,
  membership: membershipSchema,
  'register-line': registerLineSchema,
  'study-code': studyCodeSchema,
  leave: leaveSchema,
  'make-up': makeUpSchema,
  'care-note': careNoteSchema,
  consent: consentSchema,
  cancellation: cancellationSchema,
  correction: correctionSchema,
  ticket: ticketSchema,
  branch: branchSchema,
  /** The branch's people by name, and nothing else about them; `until`: they have left. */
  person: v.object({ id: personIdSchema, name: v.string(), until: v.optional(daySchema) }),
  'weekly-study': weeklyStudySchema,
  meeting: meetingSchema,
  register: registerSchema,
  amendment: amendmentSchema,
  minutes: minutesSchema,
  organization: organizationSchema,
  'week-topic': weekTopicSchema,
  'joint-meeting': jointMeetingSchema,
  notice: publishedNoticeSchema,
  /** How far the holidays are published, and how far the weeks are planned. */
  horizon: v.object({ knownUntil: daySchema, plannedUntil: daySchema }),
  'branch-totals': v.object({
    week: weekSchema,
    branchId: branchIdSchema,
    branchName: v.string(),
    family: v.string(),
    state: v.picklist(['open', 'closed', 'not-held', 'unconfirmed']),
    tally: tallySchema,
  }),
  'study-plan': studyPlanSchema,
  'branch-plan': branchPlanSchema,
  /** How far a branch has come with the year's plan: counts of studies and meetings by topic. */
  'branch-topics': v.object({
    year: v.number(),
    branchId: branchIdSchema,
    branchName: v.string(),
    family: v.string(),
    confirmed: v.optional(v.number()),
    /** Topics that the branch adapted, and how many it added. */
    adapted: v.number(),
    own: v.number(),
    topics: v.array(v.object({ id: v.string(), held: v.number(), planned: v.number() })),
  }),
  'reading-list': readingListSchema,
  'reading-item': readingItemSchema,
  'reading-progress': readingProgressSchema,
  'reading-note': readingNoteSchema,
} as const

export type RecordType = keyof typeof recordSchemas
export type RecordOf<Type extends RecordType> = v.InferOutput<(typeof recordSchemas)[Type]>
export const recordTypes = Object.keys(recordSchemas) as RecordType[] // the keys of the table above

/** The records a rule may look at: a phone's copy, or what the server read for one command. */
export interface Records {
  get<Type extends RecordType>(scope: Scope, type: Type, key: string): RecordOf<Type> | undefined
  /** All whose key begins with this, in the order of their keys. */
  list<Type extends RecordType>(scope: Scope, type: Type, prefix: string): RecordOf<Type>[]
}

/** What a rule is going to read: one record, or all whose key begins with a prefix. */
export type Read =
  | { readonly scope: Scope; readonly type: RecordType; readonly key: string }
  | { readonly scope: Scope; readonly type: RecordType; readonly prefix: string }

/** A record as it will be. Nothing is ever deleted by a rule: it gets a state that says so. */
export type Change = {
  [Type in RecordType]: {
    readonly scope: Scope
    readonly type: Type
    readonly key: string
    readonly value: RecordOf<Type>
  }
}[RecordType]
