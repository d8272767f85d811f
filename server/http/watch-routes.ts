import type { FastifyInstance, FastifyRequest } from 'fastify'
import { readableScopes } from '#domain/authority'
import type { PersonId } from '#domain/ids'
import type { Scope } from '#domain/scopes'
import { problemSchema } from '#protocol/problem'
import { type WatchRequest, watchAnswerSchema, watchRequestSchema } from '#protocol/watch'
import { authorityFrom, readAuthority } from '../authority'
import { answered, Rounds } from '../rounds'
import type { Sessions } from '../sessions'
import type { Database } from '../storage/database'
import { readRecords } from '../storage/rows'
import type { Watchers } from '../watch/watchers'
import { ProblemError } from './problems'
import { sessionOf } from './session-plugin'

interface WatchOptions {
  readonly database: Database
  readonly sessions: Sessions
  readonly watchers: Watchers
  readonly now: () => number
  readonly limits: WatchLimits
  readonly requestsPerMinute: number
}

export interface WatchLimits {
  /** How many may wait at once. */
  readonly room: number
  /** How long a request without news is kept, more or less. */
  readonly holdMs: number
  /** The same through WeChat's own hosting, which gives a request up after 15 s. */
  readonly holdInCloudMs: number
}
export const defaultWatchLimits: WatchLimits = { room: 5_000, holdMs: 25_000, holdInCloudMs: 10_000 }

/** Until then a phone asks again and again as it did before there were watches. */
const comeBackMs = 60_000

/** The long poll beside `/v1/sync`. It holds no connection to the database while it waits, and says
 *  nothing but that there is something: what, a synchronisation tells to whoever may know. */
export function watchRoutes(
  app: FastifyInstance,
  { database, sessions, watchers, now, limits, requestsPerMinute }: WatchOptions,
): void {
  const scopes = new Rounds<PersonId, readonly Scope[]>(
    async (people) => {
      const records = await readRecords(database.pool, people.flatMap(readAuthority))
      return people.map((person) => {
        const authority = authorityFrom(records, person, now())
        return answered(authority === undefined ? [] : readableScopes(authority))
      })
    },
    { most: 256, room: 8_192 },
  )
  const perSession = {
    max: requestsPerMinute,
    timeWindow: 60_000,
    hook: 'preHandler' as const,
    keyGenerator: (request: FastifyRequest) => request.session.sessionId,
  }
  app.addHook('preClose', (done) => {
    watchers.close()
    done()
  })
  app.post<{ Body: WatchRequest }>(
    '/v1/watch',
    {
      config: { rateLimit: requestsPerMinute > 0 && perSession },
      schema: {
        security: [{ session: [] }],
        summary: 'Waits until there is something new for a phone, for half a minute at most',
        body: watchRequestSchema,
        response: { 200: watchAnswerSchema, '4xx': problemSchema, '5xx': problemSchema },
      },
    },
    async (request, reply) => {
      if (watchers.isFull) throw new ProblemError('overloaded', comeBackMs * (0.5 + Math.random() / 2))
      const { personId, sessionId } = request.session
      const readable = await scopes.ask(personId)
      const isGone = (may: readonly string[]) =>
        Object.keys(request.body.scopes).some((scope) => !may.includes(scope))
      if (isGone(readable)) return { changed: true } // a synchronisation says so
      const gone = new AbortController()
      reply.raw.once('close', () => gone.abort())
      // Who forges the header is only answered sooner.
      const isInCloud = request.headers['x-wx-source'] !== undefined
      const holdMs = isInCloud ? limits.holdInCloudMs : limits.holdMs
      const changed = await watchers.wait(
        {
          session: sessionId,
          scopes: readable,
          cursors: request.body.scopes,
          forMs: holdMs * (0.9 + Math.random() / 5),
        },
        gone.signal,
      )
      if (changed || gone.signal.aborted) return { changed }
      // It may have ended meanwhile that they are signed in, or may read what they watched.
      if ((await sessionOf(sessions, request)) === undefined) throw new ProblemError('signed-out')
      return { changed: isGone(await scopes.ask(personId)) }
    },
  )
}
