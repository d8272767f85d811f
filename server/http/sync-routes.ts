import type { FastifyInstance, FastifyRequest } from 'fastify'
import { problemSchema } from '#protocol/problem'
import { bodyLimit, type SyncRequest, syncAnswerSchema, syncRequestSchema } from '#protocol/sync'
import type { Exchange } from '../sync/exchange'
import { ProblemError } from './problems'

declare module 'fastify' {
  interface FastifyRequest {
    /** How the commands of this request were decided, for the measures. */
    outcomes?: readonly string[]
  }
}

/** A phone asks every few seconds at most; one that has gone wild must not slow the others. */
const perSession = {
  max: 300,
  timeWindow: 60_000,
  hook: 'preHandler' as const,
  keyGenerator: (request: FastifyRequest) => request.session.sessionId,
}

export function syncRoutes(
  app: FastifyInstance,
  { exchange, now }: { exchange: Exchange; now: () => number },
) {
  app.post<{ Body: SyncRequest }>(
    '/v1/sync',
    {
      bodyLimit: bodyLimit + 1024,
      config: { rateLimit: perSession },
      schema: {
        security: [{ session: [] }],
        summary: 'Sends what a phone recorded and fetches what is new for its owner',
        body: syncRequestSchema,
        response: { 200: syncAnswerSchema, '4xx': problemSchema, '5xx': problemSchema },
      },
    },
    async (request) => {
      // Another person's outbox on the same phone: it must wait for its owner.
      if (request.body.actor !== request.session.personId) throw new ProblemError('wrong-actor')
      const answer = await exchange.take(request.body, now())
      request.outcomes = answer.outcomes.map(({ result }) => result.outcome)
      return answer
    },
  )
}
