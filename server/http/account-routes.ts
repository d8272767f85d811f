import type { FastifyInstance } from 'fastify'
import type * as v from 'valibot'
import { cancellationSchema } from '#domain/cancellation'
import { accountSchema, giveConsentSchema } from '#protocol/account'
import { problemSchema } from '#protocol/problem'
import type { Accounts } from '../account/account'
import { exportMine } from '../account/export-mine'
import type { Database } from '../storage/database'
import { sendFile } from './files'
import { ProblemError } from './problems'

const answers = { '4xx': problemSchema, '5xx': problemSchema }

/** One's own account. Each route is about whoever asks, and names nobody. */
export function accountRoutes(
  app: FastifyInstance,
  { database, accounts, now }: { database: Database; accounts: Accounts; now: () => number },
): void {
  const schemaOf = (summary: string, response?: v.GenericSchema, body?: v.GenericSchema) => ({
    summary,
    security: [{ session: [] }],
    ...(body === undefined ? {} : { body }),
    response: response === undefined ? answers : { 200: response, ...answers },
  })

  app.get('/v1/me', { schema: schemaOf('One’s own account', accountSchema) }, (request) =>
    accounts.of(request.session.personId),
  )
  app.get(
    '/v1/me/export',
    {
      config: { rateLimit: { max: 6, timeWindow: 60_000 } },
      schema: schemaOf('Everything kept about oneself, as xlsx'),
    },
    async (request, reply) => {
      return sendFile(reply, await exportMine(database, request.session.personId, now()))
    },
  )
  app.post<{ Body: v.InferOutput<typeof giveConsentSchema> }>(
    '/v1/me/consent',
    { schema: schemaOf('Agrees to the privacy notice', undefined, giveConsentSchema) },
    async (request, reply) => {
      if (!(await accounts.giveConsent(request.session.personId, request.body.version)))
        throw new ProblemError('consent-needed')
      return reply.code(204).send()
    },
  )
  app.post(
    '/v1/me/consent/withdraw',
    { schema: schemaOf('Takes the agreement back and signs out everywhere') },
    async (request, reply) => {
      await accounts.withdrawConsent(request.session.personId)
      return reply.code(204).send()
    },
  )
  app.post(
    '/v1/me/cancellation',
    { schema: schemaOf('Asks for the account to end after the cooling-off', cancellationSchema) },
    (request) => accounts.askCancellation(request.session.personId),
  )
  app.post(
    '/v1/me/cancellation/withdraw',
    { schema: schemaOf('Keeps the account after all') },
    async (request, reply) => {
      await accounts.withdrawCancellation(request.session.personId)
      return reply.code(204).send()
    },
  )
}
