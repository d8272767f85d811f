import * as v from 'valibot'
import { cursorSchema } from './sync'

/** What a phone has of each scope, as in its pulls: it wants to hear when one of them has moved on. */
export const watchRequestSchema = v.object({
  scopes: v.record(v.pipe(v.string(), v.maxLength(60)), cursorSchema),
})
export type WatchRequest = v.InferOutput<typeof watchRequestSchema>

/** `changed`: a synchronisation will find something. Otherwise nothing has happened for as long as the
 *  server keeps a request waiting. */
export const watchAnswerSchema = v.object({ changed: v.boolean() })
export type WatchAnswer = v.InferOutput<typeof watchAnswerSchema>
