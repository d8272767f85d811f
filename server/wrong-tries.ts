import { createHash } from 'node:crypto'
import type { Database } from './storage/database'

const windowMs = 10 * 60_000
const lockMs = 15 * 60_000
/** Forty people behind one address may mistype; one WeChat account has no such excuse. */
const limits = { address: 20, wechat: 5 } as const

/** Whoever tries codes is turned away for a while, by whatever is known of them: their address,
 *  their WeChat account. Kept as hashes, shared by all servers on this database. */
export class WrongTries {
  private readonly scopes: { scope: string; limit: number }[]

  constructor(
    private readonly database: Database,
    from: { readonly address: string; readonly wechat?: string | undefined },
  ) {
    const scopeOf = (kind: string, name: string) =>
      `tries:${createHash('sha256').update(`${kind} ${name}`).digest('base64url')}`
    this.scopes = [{ scope: scopeOf('address', from.address), limit: limits.address }]
    if (from.wechat !== undefined)
      this.scopes.push({ scope: scopeOf('wechat', from.wechat), limit: limits.wechat })
  }

  async areLocked(now: number): Promise<boolean> {
    const rows = await this.database.query
      .selectFrom('wrong_tries')
      .select('scope')
      .where(
        'scope',
        'in',
        this.scopes.map(({ scope }) => scope),
      )
      .where('locked_until', '>', now)
      .execute()
    return rows.length > 0
  }

  async add(now: number): Promise<void> {
    for (const { scope, limit } of this.scopes) {
      await this.database.pool.query(
        `INSERT INTO wrong_tries (scope, count, since) VALUES ($1, 1, $2)
          ON CONFLICT (scope) DO UPDATE SET
            count = CASE WHEN wrong_tries.since < $2::bigint - $3::bigint THEN 1 ELSE wrong_tries.count + 1 END,
            since = CASE WHEN wrong_tries.since < $2::bigint - $3::bigint THEN $2 ELSE wrong_tries.since END,
            locked_until = CASE
              WHEN wrong_tries.since >= $2::bigint - $3::bigint AND wrong_tries.count + 1 >= $4
              THEN $2::bigint + $5::bigint ELSE wrong_tries.locked_until END`,
        [scope, now, windowMs, limit, lockMs],
      )
    }
  }
}
