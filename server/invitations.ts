import { createHash, randomInt } from 'node:crypto'
import * as v from 'valibot'
import { type PersonId, personIdSchema } from '#domain/ids'
import { type Database, inTransaction } from './storage/database'

/** No letters that look alike on paper or sound alike on the telephone. */
const alphabet = '23456789ACDEFHJKMNPRTUVWXY'
const length = 12 // 26^12: not to be guessed behind a rate limit
const validMs = 7 * 86_400_000

const scopeOf = (code: string) => `invitation:${createHash('sha256').update(code).digest('base64url')}`
const normal = (code: string) => code.toUpperCase().replace(/[^0-9A-Z]/g, '')

/** A code that lets one person in, once, within a week: 「ABCD-EFGH-JKMN」. */
export async function invite(database: Database, personId: PersonId, now: number): Promise<string> {
  const code = Array.from({ length }, () => alphabet[randomInt(alphabet.length)]).join('')
  await database.query
    .insertInto('invitations')
    .values({
      scope: scopeOf(code),
      person_id: personId,
      created_at: now,
      expires_at: now + validMs,
      used_at: null,
    })
    .execute()
  return code.replace(/(.{4})(?=.)/g, '$1-')
}

/** Whom the code lets in; undefined when it is wrong, used or too old. Of two phones that show it
 *  at the same moment one comes in. */
export async function redeem(database: Database, code: string, now: number): Promise<PersonId | undefined> {
  return inTransaction(database, async (client) => {
    const { rows } = await client.query<{ person_id: string }>(
      `UPDATE invitations SET used_at = $2
        WHERE scope = $1 AND used_at IS NULL AND expires_at > $2 RETURNING person_id`,
      [scopeOf(normal(code)), now],
    )
    return rows[0] === undefined ? undefined : v.parse(personIdSchema, rows[0].person_id)
  })
}
