import * as v from 'valibot'
import { daySchema } from '#domain/day'

/** What anybody may see before signing in. */
export const welcomeSchema = v.object({
  /** Absent while nobody has set up an organisation on this server. */
  organization: v.optional(v.object({ name: v.string() })),
  isDemo: v.boolean(),
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
