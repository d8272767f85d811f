import * as v from 'valibot'
import { type PersonId, personIdSchema } from '#domain/ids'
import { memberScope } from '#domain/scopes'
import type { Joining } from '#protocol/people'
import { sessionMs } from '../sessions'
import type { Database } from '../storage/database'

/** How each of these people stands with coming in. */
export async function joiningOf(
  database: Database,
  people: readonly PersonId[],
  now: number,
): Promise<Map<PersonId, Joining>> {
  const { rows } = await database.pool.query<{
    person: string
    is_here: boolean
    is_bound: boolean
    invited_until: number | null
    claimed_again_at: number | null
  }>(
    `SELECT asked.person,
        EXISTS (SELECT FROM sessions WHERE scope = asked.scope AND ended_at IS NULL AND used_at > $3) AS is_here,
        EXISTS (SELECT FROM wechat_accounts WHERE person_id = asked.person) AS is_bound,
        (SELECT max(expires_at) FROM invitations
          WHERE person_id = asked.person AND used_at IS NULL AND expires_at > $4) AS invited_until,
        (SELECT max(claimed_again_at) FROM invitations WHERE person_id = asked.person) AS claimed_again_at
      FROM unnest($1::text[], $2::text[]) AS asked(person, scope)`,
    [people, people.map(memberScope), now - sessionMs, now],
  )
  return new Map(
    rows.map((row): [PersonId, Joining] => [
      v.parse(personIdSchema, row.person),
      row.invited_until !== null
        ? { is: 'invited', until: row.invited_until }
        : row.is_here || row.is_bound
          ? {
              is: 'joined',
              isWechatBound: row.is_bound,
              ...(row.claimed_again_at === null ? {} : { claimedAgainAt: row.claimed_again_at }),
            }
          : { is: 'nothing' },
    ]),
  )
}
