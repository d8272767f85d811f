// 登记簿：支部对一次学习的真实记录；签到只是方便，自愿使用
import * as v from 'valibot'
import { gatheringKeySchema } from './gathering-key'
import { branchIdSchema, personIdSchema } from './ids'
import { madeUpSchema, standingSchema } from './tally'

/** Where a record came from: 现场 / 离线后同步 / 事后录入 / 导入 */
export const sourceSchema = v.picklist(['on-site', 'synced-late', 'entered-afterwards', 'imported'])

/** Why a standing waits for the secretary. */
export const heldBecauseSchema = v.picklist(['arrived-late', 'recorded-otherwise', 'leave-undecided'])
export type HeldBecause = v.InferOutput<typeof heldBecauseSchema>

/** One member's line in one register; `week` names what the register is of, a week or a meeting.
 * Readable by the member, the secretary and the
 *  committee; kept as long as the branch keeps its register. `claimedAt` is the phone's word for
 *  when it happened, `earliest` and `receivedAt` are what the server knows. */
export const registerLineSchema = v.object({
  week: gatheringKeySchema,
  branchId: branchIdSchema,
  memberId: personIdSchema,
  standing: standingSchema,
  /** Their own check-in, the secretary's or committee's hand, a leave, or the closing. */
  via: v.picklist(['own', 'keeper', 'leave', 'closing']),
  source: sourceSchema,
  earliest: v.optional(v.number()),
  claimedAt: v.optional(v.number()),
  receivedAt: v.number(),
  /** When the study’s code that they typed was first shown: they were told it then or later. */
  codeShownAt: v.optional(v.number()),
  /** 晚同步: made without signal, the time rests on the phone's word. */
  isLateSync: v.boolean(),
  /** 补录: entered, on any device, more than three days after the study. */
  isBackfilled: v.boolean(),
  /** Changed after the register was closed. */
  isAmended: v.boolean(),
  heldBecause: v.optional(heldBecauseSchema),
  /** 补学 was accepted; the standing stays what it was. */
  madeUp: v.optional(madeUpSchema),
  version: v.number(),
})
export type RegisterLine = v.InferOutput<typeof registerLineSchema>

/** The week's register as a whole. Until it closes, who is expected follows from the memberships;
 *  at closing the names are kept as they were on the day. */
export const registerSchema = v.object({
  week: gatheringKeySchema,
  state: v.picklist(['open', 'closed']),
  expected: v.array(personIdSchema),
  closedAt: v.optional(v.number()),
  /** A person, or nobody: it closed by itself. */
  closedBy: v.optional(personIdSchema),
  version: v.number(),
})
export type Register = v.InferOutput<typeof registerSchema>

/** One change by a keeper of the register: who, when, what it was, what it is. Never changed. */
export const amendmentSchema = v.object({
  week: gatheringKeySchema,
  at: v.number(),
  /** A person, or nobody: the register closed by itself. */
  by: v.optional(personIdSchema),
  what: v.picklist(['line', 'leave', 'close', 'reopen', 'study', 'make-up', 'minutes']),
  memberId: v.optional(personIdSchema),
  before: v.optional(standingSchema),
  after: v.optional(standingSchema),
  reason: v.optional(v.string()),
  isAfterClosing: v.boolean(),
})
export type Amendment = v.InferOutput<typeof amendmentSchema>

/** 病假 / 事假 / 公假 / 其他 */
export const leaveKindSchema = v.picklist(['sick', 'personal', 'official', 'other'])
export type LeaveKind = v.InferOutput<typeof leaveKindSchema>

/** 请假. Readable by the member and the secretary alone, deleted with the person's account. */
export const leaveSchema = v.object({
  week: gatheringKeySchema,
  branchId: branchIdSchema,
  memberId: personIdSchema,
  kind: leaveKindSchema,
  note: v.string(),
  /** `moot`: they came after all. */
  state: v.picklist(['asked', 'accepted', 'declined', 'withdrawn', 'moot']),
  askedAt: v.number(),
  receivedAt: v.number(),
  decisionReason: v.optional(v.string()),
  version: v.number(),
})
export type Leave = v.InferOutput<typeof leaveSchema>

export const noteSchema = v.pipe(v.string(), v.trim(), v.maxLength(200))
export const reasonSchema = v.pipe(v.string(), v.trim(), v.minLength(1), v.maxLength(200))
