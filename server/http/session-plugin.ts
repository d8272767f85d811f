import type { FastifyInstance, FastifyRequest } from 'fastify'
import type { PersonId } from '#domain/ids'
import type { Sessions } from '../sessions'
import { ProblemError } from './problems'

declare module 'fastify' {
  interface FastifyRequest {
    /** Who is asking, from their access token: set on every route behind {@link requireSession}. */
    session: { personId: PersonId; sessionId: string }
  }
}

/** Whose access token the request carries, while their session lasts. */
export async function sessionOf(
  sessions: Sessions,
  request: FastifyRequest,
): Promise<FastifyRequest['session'] | undefined> {
  const token = /^Bearer (\S+)$/.exec(request.headers.authorization ?? '')?.[1]
  return token === undefined ? undefined : sessions.verify(token)
}

/** Everything registered beneath is for people who are signed in. */
export function requireSession(app: FastifyInstance, sessions: Sessions): void {
  app.decorateRequest('session')
  app.addHook('onRequest', async (request) => {
    const session = await sessionOf(sessions, request)
    if (session === undefined) throw new ProblemError('signed-out')
    request.session = session
  })
}
