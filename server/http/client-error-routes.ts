import type { FastifyInstance } from 'fastify'
import { type ClientError, clientErrorSchema } from '#protocol/account'
import { problemSchema } from '#protocol/problem'

/** Errors of the app on somebody's phone, for whoever mends it: places in our code and the numbers of
 *  requests, and nothing of what a person wrote. They are logged and not kept otherwise. */
export function clientErrorRoutes(app: FastifyInstance): void {
  app.post<{ Body: ClientError }>(
    '/v1/client-errors',
    {
      config: { rateLimit: { max: 30, timeWindow: 60_000 } },
      schema: {
        summary: 'Reports an error of the app, without personal data',
        body: clientErrorSchema,
        response: { '4xx': problemSchema, '5xx': problemSchema },
      },
    },
    (request, reply) => {
      request.log.warn({ clientError: request.body }, 'the app failed on a phone')
      return reply.code(204).send()
    },
  )
}
