import type { FastifyInstance, FastifyRequest } from 'fastify'
import * as v from 'valibot'
import type { CannotAssign } from '#domain/assignment'
import { type Authority, hasRole, looksAfter } from '#domain/authority'
import { type BranchId, branchIdSchema, type PersonId } from '#domain/ids'
import {
  appointSchema,
  branchPeopleSchema,
  invitationSchema,
  keepersSchema,
  personOnlySchema,
  transferSchema,
} from '#protocol/people'
import { problemSchema } from '#protocol/problem'
import { loadAuthority } from '../authority'
import { type AssignOutcome, appoint, transfer } from '../people/assign'
import { type InvitationPaths, issueInvitation, unbind } from '../people/invite'
import { isBranchOf, keepersOf, peopleOf } from '../people/people'
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
  const requireAdmin = async (request: FastifyRequest): Promise<Authority> => {
    const authority = await authorityOf(request)
    const { organizationId } = authority
    if (!hasRole(authority, ['admin'], { kind: 'organization', organizationId })) {
      throw new ProblemError('not-allowed')
    }
    return authority
  }
  /** The branch's secretary, or the admin whose branch it is. */
  const requirePeopleOf = async (request: FastifyRequest, branchId: BranchId) => {
    const authority = await authorityOf(request)
    if (hasRole(authority, ['secretary'], { kind: 'branch', branchId })) return
    const { organizationId } = await requireAdmin(request)
    if (!(await isBranchOf(database, branchId, organizationId))) throw new ProblemError('not-allowed')
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
      await requirePeopleOf(request, branchId)
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
      const { organizationId } = await requireAdmin(request)
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
  app.post<{ Body: v.InferOutput<typeof transferSchema> }>(
    '/v1/people/transfer',
    {
      schema: {
        summary: 'Moves a person to another branch of the organisation, from a day on',
        security: [{ session: [] }],
        body: transferSchema,
        response: answers,
      },
    },
    async (request, reply) => {
      const { personId: person, ...transferred } = request.body
      const admin = await requireAdmin(request)
      assertDone(await transfer(database, { admin, person }, transferred, now()))
      return reply.code(204).send()
    },
  )
  app.post<{ Body: v.InferOutput<typeof appointSchema> }>(
    '/v1/people/appoint',
    {
      schema: {
        summary: 'Gives a person an office in their branch, or takes it back',
        security: [{ session: [] }],
        body: appointSchema,
        response: answers,
      },
    },
    async (request, reply) => {
      const { personId: person, ...appointed } = request.body
      const admin = await requireAdmin(request)
      assertDone(await appoint(database, { admin, person }, appointed, now()))
      return reply.code(204).send()
    },
  )
}

const cannotWords: Record<CannotAssign, string> = {
  'elsewhere-now': '这位同志现在不在这个支部了，请返回刷新后再办理',
  'not-of-branch': '这位同志不在这个支部，不能在这里任职。请先转入',
  'later-than-today': '日期晚于今天，请到那一天再办理，或改正日期',
  'days-clash': '日期与这位同志以前的在册时间相冲突，请核对日期',
  'same-branch': '这位同志已经在这个支部，无需转接',
}

function assertDone(outcome: AssignOutcome): void {
  if (outcome === 'done') return
  if (outcome === 'not-found') throw new ProblemError('not-allowed') // whether there is such a person is not told
  const isWrongDay = outcome === 'later-than-today' || outcome === 'days-clash'
  throw new ProblemError(isWrongDay ? 'malformed' : 'roster-changed', undefined, cannotWords[outcome])
}
