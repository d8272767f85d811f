import { createHash } from 'node:crypto'
import type { FastifyInstance } from 'fastify'
import * as v from 'valibot'
import { hasRole } from '#domain/authority'
import { type BranchId, branchIdSchema } from '#domain/ids'
import { problemSchema } from '#protocol/problem'
import { calendarPathSchema } from '#protocol/reminders'
import { loadAuthority } from '../authority'
import type { CalendarPaths } from '../calendar/calendar-paths'
import { calendarFeed } from '../calendar/feed'
import { iCalendar } from '../calendar/icalendar'
import type { Database } from '../storage/database'
import { ProblemError } from './problems'

interface CalendarOptions {
  readonly database: Database
  readonly paths: CalendarPaths
  readonly minutesBefore: number
  readonly now: () => number
}

const answers = { '4xx': problemSchema, '5xx': problemSchema }
const branchParams = v.object({ branch: branchIdSchema })

/** The path of a branch's calendar, for those who belong to the branch or keep its register. */
export function calendarPathRoutes(app: FastifyInstance, { database, paths, now }: CalendarOptions): void {
  app.get<{ Params: { branch: BranchId } }>(
    '/v1/branches/:branch/calendar',
    {
      schema: {
        summary: 'The path at which a calendar app reads the branch’s calendar',
        security: [{ session: [] }],
        params: branchParams,
        response: { 200: calendarPathSchema, ...answers },
      },
    },
    async (request) => {
      const { branch: branchId } = request.params
      const authority = await loadAuthority(database.pool, request.session.personId, now())
      const keeps =
        authority !== undefined &&
        hasRole(authority, ['secretary', 'committee-member'], { kind: 'branch', branchId })
      if (!keeps && authority?.branches.includes(branchId) !== true) throw new ProblemError('not-allowed')
      return { path: paths.pathOf(branchId) }
    },
  )
}

/** What a calendar app reads, without a session: its path lets it in. */
export function calendarRoutes(
  app: FastifyInstance,
  { database, paths, minutesBefore, now }: CalendarOptions,
): void {
  app.get<{ Params: { branch: string; file: string } }>(
    '/v1/calendar/:branch/:file',
    {
      schema: {
        summary: 'A branch’s calendar as iCalendar, at a path that is signed',
        response: answers,
      },
    },
    async (request, reply) => {
      const branch = v.safeParse(branchIdSchema, request.params.branch)
      // Whether the branch or the signature is wrong is not told.
      if (!branch.success || !paths.isOf(branch.output, request.params.file))
        throw new ProblemError('not-found')
      const feed = await calendarFeed(database, branch.output, { now: now(), minutesBefore })
      if (feed === undefined) throw new ProblemError('not-found')
      const etag = `W/"${createHash('sha256').update(iCalendar(feed, 0)).digest('base64url').slice(0, 22)}"`
      reply.header('etag', etag).header('cache-control', 'private, no-cache')
      if (isKnown(request.headers['if-none-match'], etag)) return reply.code(304).send()
      return reply
        .type('text/calendar; charset=utf-8')
        .header('content-disposition', 'inline; filename="zhouhuizhaoxue.ics"')
        .send(iCalendar(feed, now()))
    },
  )
}

/** Compared as weak ones are (RFC 9110, 8.8.3.2). */
const isKnown = (given: string | undefined, etag: string) =>
  (given ?? '').split(',').some((each) => each.trim().replace(/^W\//, '') === etag.replace(/^W\//, ''))
