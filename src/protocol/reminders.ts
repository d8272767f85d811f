import * as v from 'valibot'

/** 学习前提醒, for whoever asks about themselves. */
export const remindersSchema = v.object({
  /** How long before a study people are reminded. */
  minutesBefore: v.number(),
  /** Messages by WeChat; absent where the organisation has not switched them on. */
  wechat: v.optional(
    v.object({
      templateId: v.string(),
      /** How many they may still be sent: one for each agreement. */
      left: v.number(),
      /** Somebody without WeChat here cannot be sent any. */
      isBound: v.boolean(),
    }),
  ),
  /** A page of the mini-program that the phone’s calendar may link to, as WeChat wants it signed. */
  calendarLink: v.optional(v.object({ path: v.string(), signature: v.string() })),
})
export type Reminders = v.InferOutput<typeof remindersSchema>

/** One agreement in WeChat: good for one message. */
export const agreedSchema = v.object({
  /** Made by the phone, so that what is told twice is counted once. */
  id: v.pipe(v.string(), v.regex(/^[a-z0-9]{8,40}$/)),
  templateId: v.pipe(v.string(), v.regex(/^[\w-]{20,64}$/)),
})

/** Where a calendar app finds a branch’s calendar. Whoever has it may read the calendar. */
export const calendarPathSchema = v.object({ path: v.string() })
