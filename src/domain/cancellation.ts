// 注销账号：冷静期内可以撤回；支部的登记簿和会议记录由支部依规保存，不随账号删除
import * as v from 'valibot'

const day = 86_400_000

/** How long somebody may think better of it. Our choice. */
export const coolingOffMs = 15 * day

/** Somebody's wish to end their account. Readable by the person alone. */
export const cancellationSchema = v.object({
  state: v.picklist(['asked', 'withdrawn', 'done']),
  askedAt: v.number(),
  /** When the account ends, unless it is withdrawn before. */
  dueAt: v.number(),
})
export type Cancellation = v.InferOutput<typeof cancellationSchema>
