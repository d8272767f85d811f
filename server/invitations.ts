import { createHash, randomInt } from 'node:crypto'
import type { ClientBase } from 'pg'
import * as v from 'valibot'
import { type PersonId, personIdSchema } from '#domain/ids'
import type { Database } from './storage/database'
import { inTransaction } from './storage/database'

/** No letters that look alike on paper or sound alike on the telephone. */
const alphabet = '23456789ACDEFHJKMNPRTUVWXY'
const length = 12 // 26^12: not to be guessed behind a rate limit
const validMs = 7 * 86_400_000
/** How long a phone may ask again for the answer it did not get. */
const repeatMs = 10 * 60_000

const hash = (secret: string) => createHash('sha256').update(secret).digest('base64url')
const scopeOf = (code: string) => `invitation:${hash(code)}`
const normal = (code: string) => code.toUpperCase().replace(/[^0-9A-Z]/g, '')

/** A code that lets one person in, once, within a week: 「ABCD-EFGH-JKMN」. Their earlier ones are
 *  good no more. */
export async function inviteIn(
  client: ClientBase,
  personId: PersonId,
  now: number,
  issuedBy?: PersonId,
): Promise<{ code: string; expiresAt: number }> {
  const code = Array.from({ length }, () => alphabet[randomInt(alphabet.length)]).join('')
  const expiresAt = now + validMs
  await forgetInvitations(client, personId)
  await client.query(
    `INSERT INTO invitations (scope, person_id, created_at, expires_at, issued_by) VALUES ($1, $2, $3, $4, $5)`,
    [scopeOf(code), personId, now, expiresAt, issuedBy ?? null],
  )
  return { code: code.replace(/(.{4})(?=.)/g, '$1-'), expiresAt }
}

export const invite = (database: Database, personId: PersonId, now: number): Promise<string> =>
  inTransaction(database, async (client) => (await inviteIn(client, personId, now)).code)

export async function forgetInvitations(client: ClientBase, personId: PersonId): Promise<void> {
  await client.query('DELETE FROM invitations WHERE person_id = $1', [personId])
}

/** What a code is good for, its row locked until the transaction ends. */
export type Presented =
  | { readonly is: 'valid'; readonly personId: PersonId; readonly use: () => Promise<void> }
  | { readonly is: 'used' }
  | { readonly is: 'invalid' }

/** Looks at a code. Of two phones that show one at the same moment the second finds it used; the
 *  phone that used it may show it again for a while, for its answer may have been lost. */
export async function present(
  client: ClientBase,
  code: string,
  attempt: string | undefined,
  now: number,
): Promise<Presented> {
  const scope = scopeOf(normal(code))
  const { rows } = await client.query<{
    person_id: string
    expires_at: number
    used_at: number | null
    attempt_hash: string | null
  }>(`SELECT person_id, expires_at, used_at, attempt_hash FROM invitations WHERE scope = $1 FOR UPDATE`, [
    scope,
  ])
  const row = rows[0]
  if (row === undefined) return { is: 'invalid' }
  const attemptHash = attempt === undefined ? null : hash(attempt)
  if (row.used_at !== null) {
    const isRepeat = attemptHash !== null && attemptHash === row.attempt_hash && now < row.used_at + repeatMs
    if (!isRepeat) {
      await client.query('UPDATE invitations SET claimed_again_at = $2 WHERE scope = $1', [scope, now])
      return { is: 'used' }
    }
  } else if (row.expires_at <= now) {
    return { is: 'invalid' }
  }
  return {
    is: 'valid',
    personId: v.parse(personIdSchema, row.person_id),
    use: async () => {
      await client.query(
        `UPDATE invitations SET used_at = COALESCE(used_at, $2), attempt_hash = $3 WHERE scope = $1`,
        [scope, now, attemptHash],
      )
    },
  }
}
