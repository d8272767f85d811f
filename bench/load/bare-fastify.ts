/** Fastify alone: it parses what a phone sends by our own schema, and answers as if all were well.
 *  No session, no rule, no database. */

import Fastify from 'fastify'
import { type SyncAnswer, type SyncRequest, syncAnswerSchema, syncRequestSchema } from '#protocol/sync'
import { validateWithValibot } from '#server/http/validation'

const app = Fastify()
validateWithValibot(app)
app.post<{ Body: SyncRequest }>(
  '/v1/sync',
  { schema: { body: syncRequestSchema, response: { 200: syncAnswerSchema } } },
  async ({ body }): Promise<SyncAnswer> => ({
    now: Date.now(),
    last: body.push.at(-1)?.id ?? 0,
    outcomes: body.push.map(({ id }) => ({ id, result: { outcome: 'accepted' } })),
    scopes: Object.fromEntries(
      Object.entries(body.pull)
        .slice(0, 1)
        .map(([scope, { epoch, seq }]) => [
          scope,
          {
            is: 'rows',
            epoch,
            from: seq,
            seq: seq + 1,
            isReset: false,
            hasMore: false,
            rows: body.push.map(({ args }) => ['register-line', 'line', { args, ...body.push }]),
          },
        ]),
    ),
    hint: { nextPollMs: 25_000 },
  }),
)

const { HOST, PORT } = process.env
app.listen({ host: HOST ?? '', port: Number(PORT) }).then(() => console.log('Fastify is ready'))
