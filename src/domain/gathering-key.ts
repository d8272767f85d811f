import * as v from 'valibot'
import { weekSchema } from './day'

/** Made by the phone that plans it, so that it has its name before the server knows of it: of the year it is
 *  held in, by which a year's meetings lie together, and of words that no two phones think of. */
export const meetingIdSchema = v.pipe(v.string(), v.regex(/^\d{4}-m-[a-z0-9.]{1,45}$/))
export type MeetingId = v.InferOutput<typeof meetingIdSchema>

export const meetingIdOf = (year: number, words: string): MeetingId => `${year}-m-${words}`

/** The ids of a year's meetings begin with it. */
export const meetingsOf = (year: number) => `${year}-m-`

/** What a register is of: a weekly study, by its week, or a meeting, by its id. Not a union: on the wire a
 *  record repeats nothing of a text that its own key says. */
export const gatheringKeySchema = v.pipe(
  v.string(),
  v.check((key) => v.is(weekSchema, key) || v.is(meetingIdSchema, key)),
)
export type GatheringKey = v.InferOutput<typeof gatheringKeySchema>

export const isMeetingId = (key: GatheringKey): key is MeetingId => v.is(meetingIdSchema, key)
