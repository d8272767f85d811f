import * as v from 'valibot'
import { type OrganizationId, organizationIdSchema } from '#domain/ids'
import type { Database } from './storage/database'
import { stateOf, stateOnce } from './storage/server-state'

/** The organisation this server keeps the records of; undefined until somebody sets it up. */
export async function organizationOf(database: Database): Promise<OrganizationId | undefined> {
  const id = await stateOf(database, 'organization')
  return id === undefined ? undefined : v.parse(organizationIdSchema, id)
}

export const keepOrganization = (database: Database, id: OrganizationId): Promise<string> =>
  stateOnce(database, 'organization', id)
