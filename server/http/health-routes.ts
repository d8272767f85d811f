import type { FastifyInstance } from 'fastify'
import { organizationOf } from '../organization-of'
import type { Database } from '../storage/database'

/** `/healthz`: the process lives. `/readyz`: it can do its work, and what is missing if not. */
export function healthRoutes(app: FastifyInstance, { database }: { database: Database }) {
  app.get('/healthz', { schema: { summary: 'The process lives' } }, () => ({ status: 'ok' }))
  app.get('/readyz', { schema: { summary: 'The server can do its work' } }, async (_request, reply) => {
    try {
      const organization = await organizationOf(database)
      return organization === undefined
        ? { status: 'ready', organization: 'none: create one with `npm run organization -- create`' }
        : { status: 'ready', organization }
    } catch {
      return reply.code(503).send({ status: 'not ready', database: 'not reachable' })
    }
  })
}
