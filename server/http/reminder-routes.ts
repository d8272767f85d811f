import { createHmac } from 'node:crypto'
import type { FastifyInstance, FastifyRequest } from 'fastify'
import type * as v from 'valibot'
import type { PersonId } from '#domain/ids'
import { problemSchema } from '#protocol/problem'
import { agreedSchema, type Reminders, remindersSchema } from '#protocol/reminders'
import { creditsLeft, giveCredit } from '../reminders/credits'
import type { Database } from '../storage/database'
import type { WechatAccounts } from '../wechat/wechat-accounts'
import { ProblemError } from './problems'

interface ReminderOptions {
  readonly database: Database
  readonly accounts: WechatAccounts | undefined
  readonly templateId: string | undefined
  readonly minutesBefore: number
  readonly now: () => number
}

const answers = { '4xx': problemSchema, '5xx': problemSchema }

/** What an event in the phone's calendar links to. */
const linkedPage = 'pages/home/index'

/** Nobody agrees to more in a minute; each of them is a tap. */
const aFewTaps = {
  rateLimit: {
    max: 60,
    timeWindow: 60_000,
    hook: 'preHandler' as const,
    keyGenerator: (request: FastifyRequest) => request.session.sessionId,
  },
}

/** 学习前提醒: about whoever asks, and nobody else. */
export function reminderRoutes(
  app: FastifyInstance,
  { database, accounts, templateId, minutesBefore, now }: ReminderOptions,
): void {
  const remindersOf = async (personId: PersonId): Promise<Reminders> => {
    const sessionKey = await accounts?.sessionKeyOf(personId)
    return {
      minutesBefore,
      ...(templateId === undefined
        ? {}
        : {
            wechat: {
              templateId,
              left: await creditsLeft(database.pool, personId, templateId),
              isBound: (await accounts?.isBound(personId)) ?? false,
            },
          }),
      // Behind WeChat's own hosting there is no session key.
      ...(sessionKey === undefined
        ? {}
        : { calendarLink: { path: linkedPage, signature: signed(linkedPage, sessionKey) } }),
    }
  }

  app.get(
    '/v1/reminders',
    {
      schema: {
        summary: 'Which reminders there are for oneself',
        security: [{ session: [] }],
        response: { 200: remindersSchema, ...answers },
      },
    },
    (request) => remindersOf(request.session.personId),
  )
  app.post<{ Body: v.InferOutput<typeof agreedSchema> }>(
    '/v1/reminders',
    {
      config: aFewTaps,
      schema: {
        summary: 'Keeps that one agreed in WeChat to one message',
        security: [{ session: [] }],
        body: agreedSchema,
        response: { 200: remindersSchema, ...answers },
      },
    },
    async (request) => {
      const { personId } = request.session
      if (request.body.templateId !== templateId) throw new ProblemError('not-found')
      await giveCredit(database, personId, request.body, now())
      return remindersOf(personId)
    },
  )
}

/** As `wx.addPhoneCalendar` wants a path signed: HMAC-SHA256 by the session key as it is written. */
const signed = (path: string, sessionKey: string): string =>
  createHmac('sha256', sessionKey).update(path).digest('hex')
