import * as v from 'valibot'
import { personIdSchema } from '#domain/ids'

/** A signed-in session. The access token is short-lived; the refresh token is good once. */
export const sessionSchema = v.object({
  personId: personIdSchema,
  name: v.string(),
  accessToken: v.string(),
  /** When the access token ends (ms UTC, the server's clock). */
  expiresAt: v.number(),
  refreshToken: v.string(),
})
export type Session = v.InferOutput<typeof sessionSchema>

export const demoSignInSchema = v.object({ personId: personIdSchema })

/** The version of the privacy notice that the person just agreed to. */
const consent = v.optional(v.pipe(v.string(), v.maxLength(20)))

/** `attempt` is made by the phone and kept until it has an answer: the same attempt may come again
 *  when the answer was lost, another phone's may not. `ticket` binds the WeChat account it stands for. */
export const invitationSignInSchema = v.object({
  /** As people write it: spaces, dashes and small letters do not matter. */
  code: v.pipe(v.string(), v.trim(), v.minLength(1), v.maxLength(40)),
  attempt: v.optional(v.pipe(v.string(), v.regex(/^[a-z0-9]{16,40}$/))),
  ticket: v.optional(v.pipe(v.string(), v.maxLength(600))),
  consent,
})

/** `code` comes from wx.login; behind WeChat's own hosting the platform says who it is instead. */
export const wechatSignInSchema = v.object({
  code: v.optional(v.pipe(v.string(), v.minLength(1), v.maxLength(200))),
  consent,
})
/** Signed in, or an account nobody has bound yet: an invitation given with the ticket binds it. */
export const wechatSignInAnswerSchema = v.variant('is', [
  v.object({ is: v.literal('signed-in'), session: sessionSchema }),
  v.object({ is: v.literal('unbound'), ticket: v.string() }),
])
export const refreshSchema = v.object({ refreshToken: v.pipe(v.string(), v.maxLength(200)) })

/** Someone to try in the demo association. */
export const demoPersonSchema = v.object({
  personId: personIdSchema,
  name: v.string(),
  /** What they do here, in words: 「党支部书记」. */
  part: v.string(),
  branch: v.string(),
})
export type DemoPerson = v.InferOutput<typeof demoPersonSchema>
export const demoPeopleSchema = v.object({ people: v.array(demoPersonSchema) })
