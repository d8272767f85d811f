import type { FastifyInstance, FastifyRequest } from 'fastify'
import type * as v from 'valibot'
import type { PersonId } from '#domain/ids'
import { type ProblemCode, problemSchema } from '#protocol/problem'
import {
  invitationSignInSchema,
  refreshSchema,
  sessionSchema,
  wechatSignInAnswerSchema,
  wechatSignInSchema,
} from '#protocol/sessions'
import { isAgreed } from '../account/consents'
import { join } from '../account/join'
import type { Sessions } from '../sessions'
import { type Database, inTransaction } from '../storage/database'
import { openidFromCloud } from '../wechat/cloud-headers'
import type { Wechat } from '../wechat/wechat'
import { WrongTries } from '../wrong-tries'
import { ProblemError } from './problems'

interface SignInOptions {
  readonly database: Database
  readonly sessions: Sessions
  readonly wechat: Wechat | undefined
  readonly now: () => number
}

const answers = { 200: sessionSchema, '4xx': problemSchema, '5xx': problemSchema }
/** Forty people may join in one room at once; guessing 26^12 codes at this pace is hopeless. */
const fewTries = { rateLimit: { max: 60, timeWindow: 60_000 } }

export function signInRoutes(app: FastifyInstance, options: SignInOptions) {
  const { database, sessions, wechat, now } = options
  const sessionFor = async (personId: PersonId, otherwise: ProblemCode) => {
    const session = await sessions.begin(personId)
    if (session === undefined) throw new ProblemError(otherwise)
    return session
  }

  app.post<{ Body: v.InferOutput<typeof invitationSignInSchema> }>(
    '/v1/sessions/invitation',
    {
      config: fewTries,
      schema: {
        summary: 'Signs in with a single-use invitation; with a ticket, binds a WeChat account',
        body: invitationSignInSchema,
        response: answers,
      },
    },
    async (request) => {
      const { code, attempt, consent, ticket } = request.body
      const account = ticket === undefined ? undefined : wechat?.accounts.accountOf(ticket)
      if (ticket !== undefined && account === undefined) throw new ProblemError('wechat-code')
      const tries = new WrongTries(database, { address: request.ip, wechat: account })
      if (await tries.areLocked(now())) throw new ProblemError('too-many-tries')
      const joined = await join(database, { code, attempt, consent, account }, now())
      if (joined === 'invitation-invalid') await tries.add(now())
      if (isProblem(joined)) throw new ProblemError(joined)
      return sessionFor(joined, 'invitation-invalid')
    },
  )
  app.post<{ Body: v.InferOutput<typeof refreshSchema> }>(
    '/v1/sessions/refresh',
    {
      schema: { summary: 'Trades a refresh token for the next', body: refreshSchema, response: answers },
    },
    async (request) => {
      const session = await sessions.refresh(request.body.refreshToken)
      if (session === undefined) throw new ProblemError('signed-out')
      return session
    },
  )
  if (wechat === undefined) return
  app.post<{ Body: v.InferOutput<typeof wechatSignInSchema> }>(
    '/v1/sessions/wechat',
    {
      config: fewTries,
      schema: {
        summary: 'Signs in with a WeChat account, or says that nobody has bound it yet',
        body: wechatSignInSchema,
        response: { ...answers, 200: wechatSignInAnswerSchema },
      },
    },
    async (request): Promise<v.InferOutput<typeof wechatSignInAnswerSchema>> => {
      const { account, personId } = await accountFrom(request, wechat)
      if (personId === undefined) return { is: 'unbound', ticket: wechat.accounts.ticketFor(account) }
      const hasAgreed = await inTransaction(database, (client) =>
        isAgreed(client, personId, request.body.consent, now()),
      )
      if (!hasAgreed) throw new ProblemError('consent-needed')
      return { is: 'signed-in', session: await sessionFor(personId, 'not-allowed') }
    },
  )
}

const problems = new Set<string>([
  'invitation-invalid',
  'invitation-used',
  'consent-needed',
  'bound-to-another',
])
const isProblem = (joined: PersonId | ProblemCode): joined is ProblemCode => problems.has(joined)

/** Whose WeChat this is: by the platform's word where it is ours to trust, else by the code. */
async function accountFrom(
  request: FastifyRequest<{ Body: v.InferOutput<typeof wechatSignInSchema> }>,
  { api, accounts, isCloud }: Wechat,
) {
  const openid = isCloud ? openidFromCloud(request.headers) : undefined
  if (openid !== undefined) return accounts.seen(openid, undefined)
  const { code } = request.body
  if (code === undefined) throw new ProblemError('wechat-code')
  const signedIn = await api.signIn(code)
  return accounts.seen(signedIn.openid, signedIn.sessionKey)
}

export function signOutRoutes(app: FastifyInstance, { sessions }: { sessions: Sessions }) {
  app.post(
    '/v1/sessions/end',
    { schema: { summary: 'Signs this phone out', security: [{ session: [] }] } },
    async (request, reply) => {
      await sessions.end(request.session.personId, request.session.sessionId)
      return reply.code(204).send()
    },
  )
}
