import type { ClientBase, Pool } from 'pg'
import { type Authority, authorityOf } from '#domain/authority'
import { dayOf } from '#domain/day'
import type { PersonId } from '#domain/ids'
import { memberScope } from '#domain/scopes'
import { readRecords } from './storage/rows'

/** What a person may do and see now, from the server's own records; undefined when unknown here. */
export async function loadAuthority(
  client: ClientBase | Pool,
  personId: PersonId,
  now: number,
): Promise<Authority | undefined> {
  const own = memberScope(personId)
  const records = await readRecords(client, [
    { scope: own, type: 'profile', key: 'profile' },
    { scope: own, type: 'membership', prefix: '' },
  ])
  const profile = records.get(own, 'profile', 'profile')
  return profile && authorityOf(profile, records.list(own, 'membership', ''), dayOf(now))
}
