import type { ClientBase, Pool } from 'pg'
import { type Authority, authorityOf } from '#domain/authority'
import { dayOf } from '#domain/day'
import type { PersonId } from '#domain/ids'
import type { Read, Records } from '#domain/records'
import { memberScope } from '#domain/scopes'
import { readRecords } from './storage/rows'

/** What has to be read to know what a person may do. */
export const readAuthority = (personId: PersonId): Read[] => [
  { scope: memberScope(personId), type: 'profile', key: 'profile' },
  { scope: memberScope(personId), type: 'membership', prefix: '' },
]

/** What a person may do and see now, by the records just read; undefined when unknown here. */
export function authorityFrom(records: Records, personId: PersonId, now: number): Authority | undefined {
  const own = memberScope(personId)
  const profile = records.get(own, 'profile', 'profile')
  return profile && authorityOf(profile, records.list(own, 'membership', ''), dayOf(now))
}

/** From the server's own records, never from a request. */
export const loadAuthority = async (
  client: ClientBase | Pool,
  personId: PersonId,
  now: number,
): Promise<Authority | undefined> =>
  authorityFrom(await readRecords(client, readAuthority(personId)), personId, now)
