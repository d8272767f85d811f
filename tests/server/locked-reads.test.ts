import { branchId, personId } from '#domain/ids'
import { branchScope } from '#domain/scopes'
import { allInOrder } from '#server/all-in-order'
import { type Database, inTransaction, openDatabase } from '#server/storage/database'
import { migrate } from '#server/storage/migrations'
import { lockScopes, readRecords, writeChanges } from '#server/storage/rows'
import { freshDatabase, type TestDatabase } from '../support/database'
import { within } from '../support/within'

let own: TestDatabase
let database: Database

beforeAll(async () => {
  own = await freshDatabase()
  database = openDatabase(own.url)
  await migrate(database)
})
afterAll(async () => {
  await database.close()
  await own.drop()
})

const isWaiting = async () => {
  const { rowCount } = await database.pool.query(
    `SELECT FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'`,
  )
  return (rowCount ?? 0) > 0
}

test.each(['new', 'known'])(
  'what is read behind the lock of a scope that is %s is read under it',
  async (age) => {
    const scope = branchScope(branchId(`branch-${age}`))
    const person = { scope, type: 'person', key: 'lin-xiao' } as const
    if (age === 'known') await inTransaction(database, (client) => lockScopes(client, [scope]))

    let second: Promise<string | undefined> = Promise.resolve(undefined)
    await inTransaction(database, async (first) => {
      await lockScopes(first, [scope])
      second = inTransaction(database, async (client) => {
        const [, records] = await allInOrder([lockScopes(client, [scope]), readRecords(client, [person])])
        return records.get(scope, 'person', 'lin-xiao')?.name
      })
      await within(isWaiting, () => 'nobody waits for the scope')
      await writeChanges(first, [{ ...person, value: { id: personId('lin-xiao'), name: '林晓' } }])
    })
    expect(await second).toBe('林晓')
  },
)
