import type { FastifyInstance, FastifyRequest } from 'fastify'
import * as v from 'valibot'
import { problemSchema } from '#protocol/problem'
import {
  bodyLimit,
  type SyncAnswer,
  type SyncRequest,
  syncAnswerSchema,
  syncRequestSchema,
} from '#protocol/sync'
import { packedAnswer, unpackedRequest } from '#protocol/wire'
import { packedAnswerSchema, packedRequestSchema } from '#protocol/wire-schemas'
import type { Admission } from '../admission'
import type { Exchange } from '../sync/exchange'
import { ProblemError } from './problems'

declare module 'fastify' {
  interface FastifyRequest {
    /** How the commands of this request were decided, for the measures. */
    outcomes?: readonly string[]
  }
}

/** Before anything is read of a request: while too many are under way it is told when to come back. */
export function admit(app: FastifyInstance, admission: Admission): void {
  app.addHook('onRequest', (request, reply, done) => {
    if (request.routeOptions.url !== path) return done()
    const waitMs = admission.enter()
    if (waitMs !== undefined) return done(new ProblemError('overloaded', waitMs))
    // Not `onResponse`: that is not called when the phone has gone before its answer.
    reply.raw.once('close', () => admission.leave())
    return done()
  })
}

const path = '/v1/sync'

/** What a phone asks, and how to answer it in the version it speaks. */
interface Asked {
  readonly request: SyncRequest
  written(answer: SyncAnswer): unknown
}

/** Version 2 is a list, version 1 an object; what most send is tried first. */
const askedSchema = v.union([
  v.pipe(
    packedRequestSchema,
    v.rawTransform(({ dataset: { value: packed }, addIssue, NEVER }): Asked => {
      const [, form, , actor] = packed
      const request = unpackedRequest(packed)
      if (request !== undefined)
        return { request, written: (answer) => packedAnswer(answer, { actor, form }) }
      addIssue({ message: 'a command names no scope' })
      return NEVER
    }),
  ),
  v.pipe(
    syncRequestSchema,
    v.transform((request): Asked => ({ request, written: (answer) => answer })),
  ),
])

interface SyncOptions {
  readonly exchange: Exchange
  readonly admission: Admission
  readonly now: () => number
  /** A phone asks every few seconds at most; one that has gone wild must not slow the others. */
  readonly requestsPerMinute: number
}

export function syncRoutes(
  app: FastifyInstance,
  { exchange, admission, now, requestsPerMinute }: SyncOptions,
) {
  const perSession = {
    max: requestsPerMinute,
    timeWindow: 60_000,
    hook: 'preHandler' as const,
    keyGenerator: (request: FastifyRequest) => request.session.sessionId,
  }
  app.post<{ Body: Asked }>(
    path,
    {
      bodyLimit: bodyLimit + 1024,
      config: { rateLimit: requestsPerMinute > 0 && perSession },
      schema: {
        security: [{ session: [] }],
        summary: 'Sends what a phone recorded and fetches what is new for its owner',
        body: askedSchema,
        response: {
          200: v.union([syncAnswerSchema, packedAnswerSchema]),
          '4xx': problemSchema,
          '5xx': problemSchema,
        },
      },
    },
    async (incoming) => {
      const { request, written } = incoming.body
      // Another person's outbox on the same phone: it must wait for its owner.
      if (request.actor !== incoming.session.personId) throw new ProblemError('wrong-actor')
      const onlyLooks = request.push.length === 0
      const waitMs = onlyLooks ? admission.startLook() : undefined
      if (waitMs !== undefined) throw new ProblemError('overloaded', waitMs)
      const answer = await exchange.take(request, now()).finally(() => {
        if (onlyLooks) admission.endLook()
      })
      incoming.outcomes = answer.outcomes.map(({ result }) => result.outcome)
      return written(answer)
    },
  )
}
