import type { FastifyInstance } from 'fastify'
import { withdrawConsent } from '../account/consents'
import { forgetReminders } from '../reminders/credits'
import { endSessions } from '../sessions'
import { type Database, inTransaction } from '../storage/database'
import { type MessagePush, PushRefused } from '../wechat/message-push'
import type { WechatAccounts } from '../wechat/wechat-accounts'
import { ProblemError } from './problems'

interface PushOptions {
  readonly database: Database
  readonly accounts: WechatAccounts
  readonly push: MessagePush
  readonly now: () => number
}

/** Where WeChat tells us of its own accord. Each event may come twice: both have the same effect. */
export function wechatPushRoutes(app: FastifyInstance, { database, accounts, push, now }: PushOptions): void {
  // The signature is over the text as it came.
  app.removeAllContentTypeParsers()
  app.addContentTypeParser('*', { parseAs: 'string' }, (_request, body, done) => done(null, body))
  const understood = <T>(read: () => T): T => {
    try {
      return read()
    } catch (error) {
      if (error instanceof PushRefused) throw new ProblemError('not-allowed')
      throw error
    }
  }

  app.get('/v1/wechat/events', { schema: { hide: true } }, (request, reply) =>
    reply.type('text/plain').send(understood(() => push.echo(request.query))),
  )
  app.post('/v1/wechat/events', { schema: { hide: true } }, async (request, reply) => {
    const event = understood(() => push.read(request.query, String(request.body)))
    // Of a punishment or an illegal record the operator reads in the log; nobody's session is at fault.
    if (event.is === 'other') request.log.warn({ event: event.name }, 'told by WeChat')
    else request.log.info({ event: event.is }, 'told by WeChat')
    if (event.is !== 'other') await forget(event.openid, event.is === 'revoked')
    return reply.type('text/plain').send('success')
  })

  /** What WeChat let us have of the account goes at once. The person's records are the branch's. */
  const forget = (openid: string, isRevoked: boolean) =>
    inTransaction(database, async (client) => {
      const personId = await accounts.forget(client, openid)
      if (personId === undefined) return
      await forgetReminders(client, personId)
      if (isRevoked) await withdrawConsent(client, personId, now())
      await endSessions(client, personId, now())
    })
}
