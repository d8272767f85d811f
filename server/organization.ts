import { randomBytes } from 'node:crypto'
import { parseArgs } from 'node:util'
import { organizationId, personId } from '#domain/ids'
import { memberScope, organizationScope } from '#domain/scopes'
import { loadAuthority } from './authority'
import { invite } from './invitations'
import { keepOrganization, organizationOf } from './organization-of'
import { type Database, inTransaction } from './storage/database'
import { writeChanges } from './storage/rows'
import { withDatabase } from './with-database'

const usage = `Creates the first organisation and prints its admin's single-use invitation:
  npm run organization -- create --name 名称 --admin 姓名 [--number 编号]
Prints a new invitation for somebody who is here already:
  npm run organization -- invite --person ID`

const newId = (kind: string) => `${kind}-${randomBytes(5).toString('hex')}`

/** Sets up the organisation with its admin and returns the admin's invitation.
 *  @throws when there is one already */
export async function createOrganization(
  database: Database,
  { name, admin, number }: { name: string; admin: string; number?: string | undefined },
  now: number,
): Promise<{ invitation: string; adminId: string }> {
  if ((await organizationOf(database)) !== undefined)
    throw new Error('There is an organisation already. Nothing was changed.')
  const id = organizationId(newId('org'))
  const adminId = personId(newId('p'))
  if ((await keepOrganization(database, id)) !== id)
    throw new Error('Somebody else created it at the same moment.')
  await inTransaction(database, (client) =>
    writeChanges(client, [
      {
        scope: organizationScope(id),
        type: 'organization',
        key: 'organization',
        value: { id, name, isDemo: false, weekRule: { kind: 'postpone' }, version: 1 },
      },
      {
        scope: memberScope(adminId),
        type: 'profile',
        key: 'profile',
        value: {
          personId: adminId,
          name: admin,
          ...(number === undefined ? {} : { number }),
          organizationId: id,
          appointments: [{ role: 'admin', organizationId: id }],
        },
      },
    ]),
  )
  return { invitation: await invite(database, adminId, now), adminId }
}

async function main(): Promise<void> {
  const { positionals, values } = parseArgs({
    allowPositionals: true,
    options: {
      name: { type: 'string' },
      admin: { type: 'string' },
      person: { type: 'string' },
      number: { type: 'string' },
    },
  })
  const [verb] = positionals
  const isCreate = verb === 'create' && values.name?.trim() && values.admin?.trim()
  const isInvite = verb === 'invite' && values.person
  if (!isCreate && !isInvite) throw new Error(usage)

  await withDatabase(async (database) => {
    const now = Date.now()
    if (isCreate) {
      const made = await createOrganization(
        database,
        {
          name: values.name?.trim() ?? '',
          admin: values.admin?.trim() ?? '',
          number: values.number?.trim(),
        },
        now,
      )
      process.stdout.write(`The organisation is there. Its admin is ${made.adminId}.\n`)
      process.stdout.write(`Invitation, good once and for seven days: ${made.invitation}\n`)
    } else if ((await loadAuthority(database.pool, personId(values.person ?? ''), now)) === undefined) {
      throw new Error(`There is nobody with the id ${values.person} here. Nothing was changed.`)
    } else {
      process.stdout.write(
        `Invitation, good once and for seven days: ${await invite(database, personId(values.person ?? ''), now)}\n`,
      )
    }
  })
}

if (require.main === module) {
  main().catch((error: Error) => {
    process.stderr.write(`${error.message}\n`)
    process.exit(1)
  })
}
