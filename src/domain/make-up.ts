// 补学：缺席或请假后补上错过的主题，由支部书记认可；登记的状态不变
import * as v from 'valibot'
import { gatheringKeySchema } from './gathering-key'
import { branchIdSchema, personIdSchema } from './ids'

/** What a member says they made up. Readable by the two concerned, deleted with the account. */
export const makeUpSchema = v.object({
  week: gatheringKeySchema,
  branchId: branchIdSchema,
  memberId: personIdSchema,
  /** 心得: a line of what they took from it. */
  reflection: v.string(),
  state: v.picklist(['done', 'accepted', 'returned']),
  /** When it was first marked done: that it was returned does not make it late. */
  firstDoneAt: v.number(),
  doneAt: v.number(),
  receivedAt: v.number(),
  /** Why it was returned. */
  reason: v.optional(v.string()),
  decidedAt: v.optional(v.number()),
  version: v.number(),
})
export type MakeUp = v.InferOutput<typeof makeUpSchema>

export const reflectionSchema = v.pipe(v.string(), v.trim(), v.minLength(1), v.maxLength(500))
