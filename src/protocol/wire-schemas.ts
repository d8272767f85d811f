import * as v from 'valibot'
import { personIdSchema } from '#domain/ids'
import { refusalSchema } from '#domain/refusal'
import {
  commandIdSchema,
  commandNameSchema,
  deviceIdSchema,
  instantSchema,
  pushLimit,
  scopeNameSchema,
  sequenceSchema,
} from './sync'

/** The messages of version 2 as they are on the wire; `wire.ts` says what stands where. */
export const packedRequestSchema = v.tuple([
  v.literal(2),
  v.pipe(v.string(), v.maxLength(10)),
  deviceIdSchema,
  personIdSchema,
  sequenceSchema,
  v.pipe(
    v.array(
      v.tupleWithRest(
        [
          commandIdSchema,
          commandNameSchema,
          v.union([scopeNameSchema, sequenceSchema]),
          v.unknown(),
          instantSchema,
        ],
        instantSchema,
      ),
    ),
    v.maxLength(pushLimit),
  ),
  v.record(
    scopeNameSchema,
    v.union([sequenceSchema, v.tupleWithRest([sequenceSchema, sequenceSchema], sequenceSchema)]),
  ),
])
export type PackedRequest = v.InferOutput<typeof packedRequestSchema>

const packedOutcomeSchema = v.union([
  commandIdSchema,
  v.tuple([commandIdSchema, v.picklist(['held', 'set-aside', 'refused']), v.nullable(refusalSchema)]),
])
export type PackedOutcome = v.InferOutput<typeof packedOutcomeSchema>

const packedRowSchema = v.tuple([v.union([v.string(), sequenceSchema]), v.string(), v.unknown()])
export type PackedRow = v.InferOutput<typeof packedRowSchema>

const packedNewsSchema = v.nullable(
  v.tupleWithRest(
    [
      sequenceSchema,
      sequenceSchema,
      sequenceSchema,
      v.array(packedRowSchema),
      v.pipe(sequenceSchema, v.maxValue(3)),
    ],
    sequenceSchema,
  ),
)
export type PackedNews = v.InferOutput<typeof packedNewsSchema>

export const packedAnswerSchema = v.tupleWithRest(
  [instantSchema, sequenceSchema, v.array(packedOutcomeSchema), v.record(v.string(), packedNewsSchema)],
  v.number(),
)
export type PackedAnswer = v.InferOutput<typeof packedAnswerSchema>
