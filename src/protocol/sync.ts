import * as v from 'valibot'
import { personIdSchema } from '#domain/ids'
import { refusalSchema } from '#domain/refusal'
import { scopeSchema } from '#domain/scopes'

/** The form of what is said, raised together with the pinned hash in the tests. Version 1 are the objects
 *  below as they are; version 2, which the app speaks, says the same by position (`wire.ts`). */
export const wireVersion = 2

export const pushLimit = 50
export const bodyLimit = 64 * 1024

export const sequenceSchema = v.pipe(v.number(), v.integer(), v.minValue(0))
export const commandIdSchema = v.pipe(v.number(), v.integer(), v.minValue(1))
export const instantSchema = v.pipe(v.number(), v.finite())
export const commandNameSchema = v.pipe(v.string(), v.maxLength(60))
export const scopeNameSchema = v.pipe(v.string(), v.maxLength(60))
export const deviceIdSchema = v.pipe(v.string(), v.regex(/^[a-z0-9]{16,32}$/))

/** A command on its way. `id` counts up from 1 for each person on each device, without holes. */
export const sentCommandSchema = v.object({
  id: commandIdSchema,
  command: commandNameSchema,
  scope: scopeSchema,
  /** Parsed by the command's own schema. */
  args: v.unknown(),
  /** The phone's word for when it happened (ms UTC). */
  claimedAt: instantSchema,
  /** The server's own clock in the last answer that the phone had taken in by then: it happened after. */
  heardAt: v.optional(instantSchema),
})
export type SentCommand = v.InferOutput<typeof sentCommandSchema>

/** How far a phone has a scope. Another epoch means that the server went back to a backup. */
export const cursorSchema = v.object({
  epoch: sequenceSchema,
  seq: sequenceSchema,
  /** While a copy is being filled page by page: the floor that its first page came with. */
  floor: v.optional(sequenceSchema),
})
export type Cursor = v.InferOutput<typeof cursorSchema>

export const syncRequestSchema = v.object({
  device: deviceIdSchema,
  /** Whose outbox this is; another person's session is turned away. */
  actor: personIdSchema,
  /** Said by older phones; each command now says itself what its phone had heard. */
  next: v.optional(commandIdSchema),
  /** Outcomes up to here are safe on the phone. */
  acked: sequenceSchema,
  push: v.pipe(v.array(sentCommandSchema), v.maxLength(pushLimit)),
  /** By scope. */
  pull: v.record(scopeNameSchema, cursorSchema),
})
export type SyncRequest = v.InferOutput<typeof syncRequestSchema>

/** What became of a command. `set-aside`: it failed again and again for a reason of ours; its
 *  content is kept on the server, and the queue moves on. */
export const outcomeSchema = v.variant('outcome', [
  v.object({ outcome: v.literal('accepted') }),
  v.object({ outcome: v.literal('held') }),
  v.object({
    outcome: v.literal('refused'),
    // A newer server may have reasons that this version has no words for; it is a refusal all the same.
    refusal: v.fallback(refusalSchema, { code: 'known-to-newer-version' }),
  }),
  v.object({ outcome: v.literal('set-aside') }),
])
export type Outcome = v.InferOutput<typeof outcomeSchema>

/** A record as it travels: type, key, value. Without a value it is gone. The type may be one that
 *  only a newer server knows: the phone leaves that row out, and takes the rest of the answer. */
export const rowSchema = v.tuple([v.string(), v.string(), v.nullable(v.unknown())])
export type Row = v.InferOutput<typeof rowSchema>

/** What is new in a scope, or that it is no longer this person's. */
export const scopeNewsSchema = v.variant('is', [
  v.object({
    is: v.literal('rows'),
    epoch: sequenceSchema,
    /** The cursor this answer continues; the phone ignores it when its own has moved on. */
    from: sequenceSchema,
    seq: sequenceSchema,
    /** Forget what was there: these rows begin anew. */
    isReset: v.boolean(),
    /** With a first page: deletions up to here are not told any more, for they came before it. */
    floor: v.optional(sequenceSchema),
    /** Ask again at once. */
    hasMore: v.boolean(),
    rows: v.array(rowSchema),
  }),
  v.object({ is: v.literal('gone') }),
])
export type ScopeNews = v.InferOutput<typeof scopeNewsSchema>

export const syncAnswerSchema = v.object({
  now: instantSchema,
  /** The last command of this device that has an outcome. */
  last: sequenceSchema,
  outcomes: v.array(v.object({ id: commandIdSchema, result: outcomeSchema })),
  /** By scope; only those with something new. */
  scopes: v.record(v.string(), scopeNewsSchema),
  hint: v.object({ nextPollMs: v.number() }),
})
export type SyncAnswer = v.InferOutput<typeof syncAnswerSchema>
