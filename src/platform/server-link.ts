import * as v from 'valibot'
import { scopeSchema } from '#domain/scopes'
import { type SyncAnswer, syncAnswerSchema } from '#protocol/sync'
import { Overloaded, type ServerLink, SignedOut, Unreachable } from '#sync/server-link'
import type { Http } from './http'
import type { SessionKeeper } from './session-keeper'

/** The way to the server over HTTP, with the session of whoever is signed in. */
export function httpServerLink(http: Http, sessions: SessionKeeper): ServerLink {
  return {
    async sync(request) {
      const answer = await sessions.authorised((accessToken) =>
        http({ method: 'POST', path: '/v1/sync', body: request, accessToken }),
      )
      if (answer.is === 'problem') {
        const { code, retryAfterMs } = answer.problem
        if (answer.status === 401 || code === 'wrong-actor') throw new SignedOut(code)
        if (retryAfterMs !== undefined) throw new Overloaded(retryAfterMs)
        throw new Unreachable(code)
      }
      const parsed = v.safeParse(syncAnswerSchema, answer.body)
      if (!parsed.success) throw new Unreachable('an answer of another form')
      return { ...parsed.output, scopes: understoodScopes(parsed.output.scopes) }
    },
  }
}

/** A newer server may send a kind of scope that this version knows nothing of. */
const understoodScopes = (scopes: SyncAnswer['scopes']): SyncAnswer['scopes'] =>
  Object.fromEntries(Object.entries(scopes).filter(([scope]) => v.is(scopeSchema, scope)))
