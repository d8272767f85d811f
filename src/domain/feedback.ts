// 投诉建议：交到机关党委管理员，不经过支部；每件有编号、进度和答复
import * as v from 'valibot'
import { personIdSchema } from './ids'

/** 投诉 / 建议 / 问题 */
export const feedbackKindSchema = v.picklist(['complaint', 'suggestion', 'question'])
export type FeedbackKind = v.InferOutput<typeof feedbackKindSchema>

/** Readable by its author and the admin, deleted with the author's account. */
export const ticketSchema = v.object({
  id: v.string(),
  by: personIdSchema,
  name: v.string(),
  kind: feedbackKindSchema,
  words: v.string(),
  /** 已提交 / 受理中 / 已答复 */
  state: v.picklist(['sent', 'in-hand', 'answered']),
  sentAt: v.number(),
  reply: v.optional(v.string()),
  answeredAt: v.optional(v.number()),
  version: v.number(),
})
export type Ticket = v.InferOutput<typeof ticketSchema>

export const isOpenTicket = (ticket: Ticket): boolean => ticket.state !== 'answered'

/** What people call a ticket by: 「K3F9-12」. The id is `device.number` of the command. */
export function ticketNumber(id: string): string {
  const [device = '', number = ''] = id.split('.')
  return `${device.slice(0, 4).toUpperCase()}-${Number(number)}`
}
