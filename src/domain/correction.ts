// 更正：本人发现资料或登记有误，请支部书记更正
import * as v from 'valibot'
import { branchIdSchema, personIdSchema } from './ids'

/** 姓名 / 党员身份 / 加入支部的日期 / 某次登记 / 其他 */
export const correctionSubjectSchema = v.picklist(['name', 'membership', 'joined', 'line', 'other'])
export type CorrectionSubject = v.InferOutput<typeof correctionSubjectSchema>

/** What somebody asks the secretary to set right. Readable by the two, deleted with the account. */
export const correctionSchema = v.object({
  id: v.string(),
  branchId: branchIdSchema,
  memberId: personIdSchema,
  name: v.string(),
  subject: correctionSubjectSchema,
  words: v.string(),
  state: v.picklist(['asked', 'done', 'declined']),
  askedAt: v.number(),
  reply: v.optional(v.string()),
  answeredAt: v.optional(v.number()),
  version: v.number(),
})
export type Correction = v.InferOutput<typeof correctionSchema>
