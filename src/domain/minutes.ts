// 会议记录：内容、发言、决议、表决、列席
import * as v from 'valibot'
import { daySchema } from './day'
import { gatheringKeySchema } from './gathering-key'
import { personIdSchema } from './ids'

const line = (most: number) => v.pipe(v.string(), v.trim(), v.minLength(1), v.maxLength(most))
const several = <Schema extends v.GenericSchema>(schema: Schema, most: number) =>
  v.pipe(v.array(schema), v.maxLength(most))
const people = v.pipe(v.number(), v.integer(), v.minValue(0), v.maxValue(10_000))

export const countSchema = v.object({ inFavour: people, against: people, abstained: people })

/** What is written of a gathering by its keepers, all at once. */
export const writtenSchema = v.object({
  content: v.pipe(v.string(), v.trim(), v.maxLength(6000)),
  /** 交流发言 */
  speeches: several(v.object({ name: line(40), words: v.pipe(v.string(), v.trim(), v.maxLength(500)) }), 60),
  /** 列席: guests and members of other branches; they have no vote and are not in 应到. */
  guests: several(v.object({ name: line(40), from: v.pipe(v.string(), v.trim(), v.maxLength(60)) }), 100),
  /** Why somebody who is absent was not there. */
  absences: several(v.object({ memberId: personIdSchema, reason: line(60) }), 500),
  resolutions: several(
    v.object({
      text: line(300),
      /** Who sees to it, by name. */
      owner: v.pipe(v.string(), v.trim(), v.maxLength(40)),
      due: v.optional(daySchema),
      isDone: v.boolean(),
    }),
    50,
  ),
})
export type Written = v.InferOutput<typeof writtenSchema>

/** A vote, with what its validity rested on when it was held. */
export const voteSchema = v.object({
  id: v.string(),
  matter: v.string(),
  ...countSchema.entries,
  entitled: people,
  present: people,
  isPassed: v.boolean(),
  heldAt: v.number(),
})
export type Vote = v.InferOutput<typeof voteSchema>

/** 会议记录. Readable by the secretary and the committee. */
export const minutesSchema = v.object({
  of: gatheringKeySchema,
  ...writtenSchema.entries,
  votes: v.array(voteSchema),
  version: v.number(),
})
export type Minutes = v.InferOutput<typeof minutesSchema>

export const noMinutes = (of: string): Minutes => ({
  of,
  content: '',
  speeches: [],
  guests: [],
  absences: [],
  resolutions: [],
  votes: [],
  version: 0,
})
