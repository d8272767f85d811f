import { organizationScope } from '#domain/scopes'
import { keepOrganization, organizationOf } from '../organization-of'
import { type Database, inTransaction } from '../storage/database'
import { association, type DemoOptions } from './association'
import { BulkRows } from './bulk-rows'
import { demoOrganizationId } from './cast'

export interface Seeded {
  readonly branches: number
  readonly people: number
  readonly weeks: number
  readonly ms: number
}

const scales = {
  full: { branches: 110, people: 3_000, weeks: 104 },
  /** The same cast in a small house, for tests. */
  small: { branches: 3, people: 120, weeks: 8 },
  /** The same with more than a year behind it, for files that are long. */
  year: { branches: 3, people: 120, weeks: 62 },
} satisfies Record<string, Omit<DemoOptions, 'seed' | 'now'>>

/** Fills an empty database with the demo association. Any other is left as it is. */
export async function seedDemo(
  database: Database,
  { now, scale = 'full' }: { readonly now: number; readonly scale?: keyof typeof scales },
): Promise<Seeded> {
  const startedAt = performance.now()
  const nothing = { branches: 0, people: 0, weeks: 0 }
  const isTaken = (await organizationOf(database)) !== undefined
  const written = isTaken ? nothing : await write(database, { seed: 'demo', now, ...scales[scale] })
  return { ...written, ms: Math.round(performance.now() - startedAt) }
}

async function write(database: Database, options: DemoOptions): Promise<Omit<Seeded, 'ms'>> {
  const written = await inTransaction(database, async (client) => {
    // A second server that starts at the same moment waits here, and then finds everything done.
    await client.query('LOCK TABLE scopes IN SHARE ROW EXCLUSIVE MODE')
    const { rows } = await client.query<{ scope: string }>('SELECT scope FROM scopes LIMIT 1')
    if (rows.length > 0) return { branches: 0, people: 0, weeks: 0 }

    const demo = association(options)
    const bulk = await BulkRows.begin(client)
    await bulk.write(demo.shared())
    // The next branch is thought up while the database writes the last one.
    let writing = Promise.resolve()
    for (const roster of demo.rosters) {
      const changes = demo.ofBranch(roster)
      await writing
      writing = bulk.write(changes)
    }
    await writing
    await bulk.finish()
    return { branches: demo.rosters.length, people: demo.people.length, weeks: demo.weeks.length }
  })
  const { rowCount } = await database.pool.query('SELECT FROM scopes WHERE scope = $1', [
    organizationScope(demoOrganizationId),
  ])
  if (rowCount === 1) await keepOrganization(database, demoOrganizationId)
  return written
}
