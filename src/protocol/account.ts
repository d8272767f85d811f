import * as v from 'valibot'
import { cancellationSchema } from '#domain/cancellation'
import { consentSchema } from '#domain/consent'

/** What the server keeps of somebody's account, beside their records. */
export const accountSchema = v.object({
  /** Agreements, the last one last. */
  consents: v.array(consentSchema),
  cancellation: v.optional(cancellationSchema),
  isWechatBound: v.boolean(),
  /** Phones and browsers signed in now. */
  devices: v.number(),
})
export type Account = v.InferOutput<typeof accountSchema>

export const giveConsentSchema = v.object({ version: v.pipe(v.string(), v.maxLength(20)) })

/** An error of the app itself: where it happened, and nothing of what anybody wrote. */
export const clientErrorSchema = v.object({
  version: v.pipe(v.string(), v.maxLength(20)),
  platform: v.picklist(['weapp', 'h5']),
  /** The page's path, without what follows it. */
  page: v.pipe(v.string(), v.regex(/^[a-z/-]{0,60}$/)),
  /** The kind of the error, such as TypeError. */
  name: v.pipe(v.string(), v.regex(/^[A-Za-z]{1,40}$/)),
  /** Places in our own code. */
  frames: v.pipe(v.array(v.pipe(v.string(), v.regex(/^[\w.$<>/ -]{1,80}:\d{1,7}:\d{1,7}$/))), v.maxLength(8)),
  /** The last requests of this phone, as they stand in the server's log. */
  requests: v.pipe(v.array(v.pipe(v.string(), v.regex(/^[a-z0-9]{8,40}$/))), v.maxLength(3)),
})
export type ClientError = v.InferOutput<typeof clientErrorSchema>
