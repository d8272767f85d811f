import * as v from 'valibot'
import { daySchema } from '#domain/day'

/** What anybody may see before signing in. */
export const welcomeSchema = v.object({
  /** Absent while nobody has set up an organisation on this server. */
  organization: v.optional(v.object({ name: v.string() })),
  isDemo: v.boolean(),
  /** People can come in with their WeChat account. */
  hasWechat: v.optional(v.boolean()),
  /** What the About page has to say, as far as it has been granted. */
  about: v.optional(
    v.object({
      filingNumber: v.optional(v.string()),
      icpNumber: v.optional(v.string()),
      contact: v.optional(v.string()),
    }),
  ),
  week: v.optional(
    v.object({
      number: v.number(),
      topic: v.string(),
      heldOn: v.optional(daySchema),
      moved: v.optional(v.string()),
    }),
  ),
})
export type Welcome = v.InferOutput<typeof welcomeSchema>
