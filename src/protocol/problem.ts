import * as v from 'valibot'

/** The one shape of every error. `code` is for programs, `message` for people, `traceId` finds the
 *  line in the server's log. */
export const problemCodes = [
  'malformed',
  'too-large',
  'signed-out',
  'wrong-actor',
  'not-allowed',
  'not-found',
  'invitation-invalid',
  'invitation-used',
  'consent-needed',
  'bound-to-another',
  'wechat-code',
  'wechat-blocked',
  'wechat-unavailable',
  'roster-changed',
  'roster-unreadable',
  'too-many-tries',
  'too-many-requests',
  'overloaded',
  'not-ready',
  'internal',
] as const
export type ProblemCode = (typeof problemCodes)[number]

export const problemSchema = v.object({
  error: v.object({
    // A newer server may have reasons that this version does not know; its words say what to do.
    code: v.fallback(v.picklist(problemCodes), 'internal'),
    message: v.string(),
    traceId: v.string(),
    /** With `overloaded` and `too-many-requests`: come back after this many milliseconds. */
    retryAfterMs: v.optional(v.number()),
  }),
})
export type Problem = v.InferOutput<typeof problemSchema>
