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
/** As people write it: spaces, dashes and small letters do not matter. */
export const invitationSignInSchema = v.object({
  code: v.pipe(v.string(), v.trim(), v.minLength(1), v.maxLength(40)),
})
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
