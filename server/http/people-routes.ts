import type { FastifyInstance, FastifyRequest } from 'fastify'
import * as v from 'valibot'
import { type Authority, hasRole, looksAfter, type Role } from '#domain/authority'
import { branchIdSchema, type PersonId } from '#domain/ids'
import type { Place } from '#domain/scopes'
import { branchPeopleSchema, invitationSchema, keepersSchema, personOnlySchema } from '#protocol/people'
import { problemSchema } from '#protocol/problem'
import { loadAuthority } from '../authority'
import { type InvitationPaths, issueInvitation, unbind } from '../people/invite'
import { keepersOf, peopleOf } from '../people/people'
import type { Database } from '../storage/database'
import { ProblemError } from './problems'

interface PeopleOptions {
  readonly database: Database
  readonly now: () => number
  readonly paths: InvitationPaths
}

const answers = { '4xx': problemSchema, '5xx': problemSchema }
const branchParams = v.object({ branch: branchIdSchema })
/** Forty invitations in a minute is a secretary before a meeting; thousands are not. */
const handedOut = {
  rateLimit: {
    max: 200,
    timeWindow: 60_000,
    hook: 'preHandler' as const,
    keyGenerator: (request: FastifyRequest) => request.session.sessionId,
  },
}

/** 支部成员 and their invitations: for whoever looks after them. */
export function peopleRoutes(app: FastifyInstance, { database, now, paths }: PeopleOptions): void {
  const authorityOf = async (request: FastifyRequest): Promise<Authority> => {
    const authority = await loadAuthority(database.pool, request.session.personId, now())
    if (authority === undefined) throw new ProblemError('not-allowed')
    return authority
  }
  const requireRole = async (request: FastifyRequest, roles: readonly Role[], place: Place) => {
    if (!hasRole(await authorityOf(request), roles, place)) throw new ProblemError('not-allowed')
  }
  /** Who asks, if they look after this person. Whether there is such a person is not told. */
  const requireKeeperOf = async (request: FastifyRequest, person: PersonId) => {
    const keeper = await authorityOf(request)
    const other = await loadAuthority(database.pool, person, now())
    if (other === undefined || !looksAfter(keeper, other)) {
      const isOfTheirBranch = other?.branches.some((branchId) =>
        hasRole(keeper, ['secretary'], { kind: 'branch', branchId }),
      )
      throw new ProblemError(
        'not-allowed',
        undefined,
        isOfTheirBranch ? '这位同志还担任本支部以外的职务，请由机关党委管理员邀请' : undefined,
      )
    }
    return { keeper, person }
  }

  app.get<{ Params: v.InferOutput<typeof branchParams> }>(
    '/v1/branches/:branch/people',
    {
      schema: {
        summary: 'The people of a branch and how they stand with coming in',
        security: [{ session: [] }],
        params: branchParams,
        response: { 200: branchPeopleSchema, ...answers },
      },
    },
    async (request) => {
      const { branch: branchId } = request.params
      await requireRole(request, ['secretary'], { kind: 'branch', branchId })
      return { people: await peopleOf(database, branchId, now()) }
    },
  )
  app.get(
    '/v1/keepers',
    {
      schema: {
        summary: 'Every branch with its secretary and committee',
        security: [{ session: [] }],
        response: { 200: keepersSchema, ...answers },
      },
    },
    async (request) => {
      const { organizationId } = await authorityOf(request)
      await requireRole(request, ['admin'], { kind: 'organization', organizationId })
      return { branches: await keepersOf(database, organizationId, now()) }
    },
  )
  app.post<{ Body: v.InferOutput<typeof personOnlySchema> }>(
    '/v1/invitations',
    {
      config: handedOut,
      schema: {
        summary: 'Makes a single-use invitation; earlier ones of this person are good no more',
        security: [{ session: [] }],
        body: personOnlySchema,
        response: { 200: invitationSchema, ...answers },
      },
    },
    async (request) => {
      const who = await requireKeeperOf(request, request.body.personId)
      return issueInvitation(database, who, paths, now())
    },
  )
  app.post<{ Body: v.InferOutput<typeof personOnlySchema> }>(
    '/v1/people/unbind',
    {
      schema: {
        summary: 'Unbinds a person’s WeChat account and signs them out everywhere',
        security: [{ session: [] }],
        body: personOnlySchema,
        response: answers,
      },
    },
    async (request, reply) => {
      await unbind(database, await requireKeeperOf(request, request.body.personId), now())
      return reply.code(204).send()
    },
  )
}
