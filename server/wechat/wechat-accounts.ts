import { createHash } from 'node:crypto'
import { createSigner, createVerifier } from 'fast-jwt'
import type { ClientBase } from 'pg'
import * as v from 'valibot'
import { type PersonId, personIdSchema } from '#domain/ids'
import type { Sealer } from '../seal'
import type { Database } from '../storage/database'
import { secretOf } from '../storage/server-state'

const ticketMs = 10 * 60_000
const ticketSchema = v.object({ account: v.string() })

const scopeOf = (openid: string) => `wechat:${createHash('sha256').update(openid).digest('base64url')}`

/** Which person uses which WeChat account: one and one. What WeChat gave us to speak with it is kept
 *  sealed and never leaves the server. */
export class WechatAccounts {
  private constructor(
    private readonly database: Database,
    private readonly sealer: Sealer,
    private readonly now: () => number,
    private readonly ticketKey: string,
  ) {}

  static async open(database: Database, sealer: Sealer, now: () => number): Promise<WechatAccounts> {
    return new WechatAccounts(database, sealer, now, await secretOf(database, 'wechat-ticket-key'))
  }

  /** Keeps what WeChat said of an account; returns whose it is. Behind WeChat's own hosting there is
   *  no session key. */
  async seen(
    openid: string,
    sessionKey: string | undefined,
  ): Promise<{ account: string; personId?: PersonId }> {
    const scope = scopeOf(openid)
    const sealed = sessionKey === undefined ? '' : this.sealer.seal(sessionKey, scope)
    const { rows } = await this.database.pool.query<{ person_id: string | null }>(
      `INSERT INTO wechat_accounts (scope, openid, session_key, seen_at) VALUES ($1, $2, $3, $4)
        ON CONFLICT (scope) DO UPDATE SET session_key = excluded.session_key, seen_at = excluded.seen_at
        RETURNING person_id`,
      [scope, openid, sealed, this.now()],
    )
    const person = v.safeParse(personIdSchema, rows[0]?.person_id)
    return { account: scope, ...(person.success ? { personId: person.output } : {}) }
  }

  /** Stands for an account that nobody has bound yet, for ten minutes. */
  ticketFor(account: string): string {
    const sign = createSigner({ key: this.ticketKey, algorithm: 'HS256', expiresIn: ticketMs })
    return sign({ account, iat: Math.floor(this.now() / 1000) })
  }

  /** The account a ticket stands for; undefined when it is none of ours or too old. */
  accountOf(ticket: string): string | undefined {
    try {
      const verify = createVerifier({
        key: this.ticketKey,
        algorithms: ['HS256'],
        clockTimestamp: this.now(),
      })
      const parsed = v.safeParse(ticketSchema, verify(ticket))
      return parsed.success ? parsed.output.account : undefined
    } catch {
      return undefined
    }
  }

  async isBound(personId: PersonId): Promise<boolean> {
    const row = await this.database.query
      .selectFrom('wechat_accounts')
      .select('scope')
      .where('person_id', '=', personId)
      .executeTakeFirst()
    return row !== undefined
  }

  /** The session key of somebody's account, to sign what WeChat wants signed. */
  async sessionKeyOf(personId: PersonId): Promise<string | undefined> {
    const row = await this.database.query
      .selectFrom('wechat_accounts')
      .select(['scope', 'session_key'])
      .where('person_id', '=', personId)
      .executeTakeFirst()
    return row === undefined ? undefined : this.sealer.open(row.session_key, row.scope)
  }

  /** WeChat says that the account was closed, or took back what it had allowed: all we had of it goes.
   *  Returns whose it was. */
  async forget(client: ClientBase, openid: string): Promise<PersonId | undefined> {
    const { rows } = await client.query<{ person_id: string | null }>(
      'DELETE FROM wechat_accounts WHERE scope = $1 RETURNING person_id',
      [scopeOf(openid)],
    )
    const person = v.safeParse(personIdSchema, rows[0]?.person_id)
    return person.success ? person.output : undefined
  }
}

/** Binds an account to a person. `to-another`: it is somebody else's, nothing is changed. `instead`:
 *  the person had another account, which is theirs no more. */
export async function bindAccount(
  client: ClientBase,
  account: string,
  personId: PersonId,
  now: number,
): Promise<'bound' | 'instead' | 'to-another'> {
  const { rows } = await client.query<{ scope: string; person_id: string | null }>(
    `SELECT scope, person_id FROM wechat_accounts WHERE scope = $1 OR person_id = $2 ORDER BY scope FOR UPDATE`,
    [account, personId],
  )
  const wanted = rows.find((row) => row.scope === account)
  if (wanted?.person_id === personId) return 'bound'
  if (wanted === undefined || wanted.person_id !== null) return 'to-another'
  const had = rows.some((row) => row.scope !== account)
  await client.query('UPDATE wechat_accounts SET person_id = NULL, bound_at = NULL WHERE person_id = $1', [
    personId,
  ])
  await client.query('UPDATE wechat_accounts SET person_id = $2, bound_at = $3 WHERE scope = $1', [
    account,
    personId,
    now,
  ])
  return had ? 'instead' : 'bound'
}

export async function unbindAccount(client: ClientBase, personId: PersonId): Promise<void> {
  await client.query('UPDATE wechat_accounts SET person_id = NULL, bound_at = NULL WHERE person_id = $1', [
    personId,
  ])
}
