import type { FastifyInstance } from 'fastify'
import type { PersonId } from '#domain/ids'
import type { Sessions } from '../sessions'
import { ProblemError } from './problems'

declare module 'fastify' {
  interface FastifyRequest {
    /** Who is asking, from their access token: set on every route behind {@link requireSession}. */
    session: { personId: PersonId; sessionId: string }
  }
}

/** Everything registered beneath is for people who are signed in. */
export function requireSession(app: FastifyInstance, sessions: Sessions): void {
  app.decorateRequest('session')
  app.addHook('onRequest', async (request) => {
    const token = /^Bearer (\S+)$/.exec(request.headers.authorization ?? '')?.[1]
    const session = token === undefined ? undefined : await sessions.verify(token)
    if (session === undefined) throw new ProblemError('signed-out')
    request.session = session
  })
}
