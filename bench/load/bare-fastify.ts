/** Fastify alone: it parses what a phone sends by our own schema, and answers as if all were well.
 *  No session, no rule, no database. */

import Fastify from 'fastify'
import type { PackedAnswer, PackedRequest } from '#protocol/wire-schemas'
import { packedAnswerSchema, packedRequestSchema } from '#protocol/wire-schemas'
import { validateWithValibot } from '#server/http/validation'

const app = Fastify()
validateWithValibot(app)
app.post<{ Body: PackedRequest }>(
  '/v1/sync',
  { schema: { body: packedRequestSchema, response: { 200: packedAnswerSchema } } },
  async ({ body: [, , , , , commands, cursors] }): Promise<PackedAnswer> => {
    const [scope = 'm', cursor = 0] = Object.entries(cursors)[0] ?? []
    const seq = typeof cursor === 'number' ? cursor : cursor[1]
    const rows = commands.map(([, , , args]): [string, string, unknown] => [
      'register-line',
      'line',
      [args, ...commands],
    ])
    return [
      Date.now(),
      commands.at(-1)?.[0] ?? 0,
      commands.map(([id]) => id),
      { [scope]: [1, seq, seq + 1, rows, 0] },
    ]
  },
)

const { HOST, PORT } = process.env
app.listen({ host: HOST ?? '', port: Number(PORT) }).then(() => console.log('Fastify is ready'))
