import * as v from 'valibot'
import { weekSchema } from '#domain/day'
import { gatheringKeySchema, meetingIdSchema } from '#domain/gathering-key'
import { branchIdSchema, organizationIdSchema } from '#domain/ids'
import { ledgerPeriodSchema } from '#domain/period'

/** What can be made of what is recorded. For a branch: its secretary and committee; for the
 *  organisation, without a name: its admin and inspector. */
export const exportAskedSchema = v.variant('kind', [
  /** 登记簿 of one week, xlsx. */
  v.strictObject({ kind: v.literal('register'), branchId: branchIdSchema, week: weekSchema }),
  /** 签到表 to print and sign on, docx: of a week, or of a meeting by its id. */
  v.strictObject({ kind: v.literal('sign-in-sheet'), branchId: branchIdSchema, week: gatheringKeySchema }),
  /** 会议记录 of one meeting, docx. */
  v.strictObject({ kind: v.literal('minutes'), branchId: branchIdSchema, meeting: meetingIdSchema }),
  /** 学习记录 of one week, docx: what is recorded filled in, what nobody wrote down left to be written. */
  v.strictObject({ kind: v.literal('study-record'), branchId: branchIdSchema, week: weekSchema }),
  /** 台账 of a month, a quarter or a year, xlsx. */
  v.strictObject({ kind: v.literal('ledger'), branchId: branchIdSchema, period: ledgerPeriodSchema }),
  /** 支部学习手册 of a period, docx. */
  v.strictObject({ kind: v.literal('handbook'), branchId: branchIdSchema, period: ledgerPeriodSchema }),
  /** 各支部台账, xlsx. */
  v.strictObject({
    kind: v.literal('organization-ledger'),
    organizationId: organizationIdSchema,
    period: ledgerPeriodSchema,
  }),
])
export type ExportAsked = v.InferOutput<typeof exportAskedSchema>
export type ExportKind = ExportAsked['kind']

/** A file that was asked for. It is kept for a day. */
export const exportSchema = v.object({
  id: v.string(),
  state: v.picklist(['asked', 'done', 'failed']),
  /** With its ending; once it is done. */
  fileName: v.optional(v.string()),
})
export type Export = v.InferOutput<typeof exportSchema>
