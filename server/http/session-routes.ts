import type { FastifyInstance } from 'fastify'
import type * as v from 'valibot'
import { problemSchema } from '#protocol/problem'
import { invitationSignInSchema, refreshSchema, sessionSchema } from '#protocol/sessions'
import { redeem } from '../invitations'
import type { Sessions } from '../sessions'
import type { Database } from '../storage/database'
import { ProblemError } from './problems'

const answers = { 200: sessionSchema, '4xx': problemSchema, '5xx': problemSchema }
/** Forty people may join in one room at once; guessing 26^12 codes at this pace is hopeless. */
const fewTries = { rateLimit: { max: 60, timeWindow: 60_000 } }

export function signInRoutes(
  app: FastifyInstance,
  { database, sessions, now }: { database: Database; sessions: Sessions; now: () => number },
) {
  app.post<{ Body: v.InferOutput<typeof invitationSignInSchema> }>(
    '/v1/sessions/invitation',
    {
      config: fewTries,
      schema: {
        summary: 'Signs in with a single-use invitation',
        body: invitationSignInSchema,
        response: answers,
      },
    },
    async (request) => {
      const personId = await redeem(database, request.body.code, now())
      const session = personId && (await sessions.begin(personId))
      if (!session) throw new ProblemError('invitation-invalid')
      return session
    },
  )
  app.post<{ Body: v.InferOutput<typeof refreshSchema> }>(
    '/v1/sessions/refresh',
    {
      schema: { summary: 'Trades a refresh token for the next', body: refreshSchema, response: answers },
    },
    async (request) => {
      const session = await sessions.refresh(request.body.refreshToken)
      if (session === undefined) throw new ProblemError('signed-out')
      return session
    },
  )
}

export function signOutRoutes(app: FastifyInstance, { sessions }: { sessions: Sessions }) {
  app.post(
    '/v1/sessions/end',
    { schema: { summary: 'Signs this phone out', security: [{ session: [] }] } },
    async (request, reply) => {
      await sessions.end(request.session.personId, request.session.sessionId)
      return reply.code(204).send()
    },
  )
}
