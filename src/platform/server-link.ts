import * as v from 'valibot'
import { scopeSchema } from '#domain/scopes'
import { type SyncAnswer, type SyncRequest, syncAnswerSchema } from '#protocol/sync'
import { watchAnswerSchema } from '#protocol/watch'
import { packedRequest, unpackedAnswer } from '#protocol/wire'
import { type LiveLink, Overloaded, SignedOut, Unreachable } from '#sync/server-link'
import type { Http, HttpAnswer } from './http'
import type { SessionKeeper } from './session-keeper'

/** The way to the server over HTTP, with the session of whoever is signed in. */
export function httpServerLink(http: Http, sessions: SessionKeeper): LiveLink {
  return {
    async sync(request) {
      const answer = await sessions.authorised((accessToken) =>
        http({ method: 'POST', path: '/v1/sync', body: packedRequest(request), accessToken }),
      )
      if (answer.is === 'problem') throw errorOf(answer)
      const parsed = v.safeParse(syncAnswerSchema, unpacked(answer.body, request))
      if (!parsed.success) throw new Unreachable('an answer of another form')
      return { ...parsed.output, scopes: understoodScopes(parsed.output.scopes) }
    },

    async watch(scopes) {
      const answer = await sessions.authorised((accessToken) =>
        http({ method: 'POST', path: '/v1/watch', body: { scopes }, accessToken, timeoutMs: watchTimeoutMs }),
      )
      if (answer.is === 'problem') throw errorOf(answer)
      const parsed = v.safeParse(watchAnswerSchema, answer.body)
      if (!parsed.success) throw new Unreachable('an answer of another form')
      return parsed.output.changed
    },
  }
}

/** The server answers well before. */
const watchTimeoutMs = 40_000

function errorOf({ status, problem: { code, retryAfterMs } }: HttpAnswer & { is: 'problem' }): Error {
  if (status === 401 || code === 'wrong-actor') return new SignedOut(code)
  return retryAfterMs === undefined ? new Unreachable(code) : new Overloaded(retryAfterMs)
}

/** Undefined when it cannot be an answer. */
function unpacked(body: unknown, { actor }: SyncRequest): unknown {
  try {
    return unpackedAnswer(body, actor)
  } catch {
    return undefined
  }
}

/** A newer server may send a kind of scope that this version knows nothing of. */
const understoodScopes = (scopes: SyncAnswer['scopes']): SyncAnswer['scopes'] =>
  Object.fromEntries(Object.entries(scopes).filter(([scope]) => v.is(scopeSchema, scope)))
