import { setTimeout as sleep } from 'node:timers/promises'
import { sql } from 'kysely'
import { Client } from 'pg'
import { inTransaction, isTransient, openDatabase } from '#server/storage/database'
import { audit } from '../support/crowd-audit'
import { asOwner, type OwnPostgres } from '../support/own-postgres'
import { atTheEnd, crowdAt, endEverything, expectRecovered, ownPostgres, serverOn } from '../support/trouble'

/** PostgreSQL in trouble under check-ins: the phones are told to come back, or wait; nothing is
 *  refused or lost, and the server goes on by itself as soon as its database does. */
jest.setTimeout(300_000)
afterEach(endEverything)

async function underCheckIns(options?: Parameters<typeof ownPostgres>[0]) {
  const postgres = await ownPostgres(options)
  const server = await serverOn({ DATABASE_URL: postgres.url })
  return { postgres, server, crowd: await crowdAt(server, postgres.url) }
}

describe('PostgreSQL restarts', () => {
  test.each(['immediate', 'fast'] as const)('%s, four times: the server goes on by itself', async (how) => {
    const { postgres, server, crowd } = await underCheckIns()
    for (let count = 0; count < 4; count++) {
      await sleep(200 * Math.random())
      await postgres.restart(how)
      await crowd.goesOn()
      await crowd.planAhead()
    }
    expect(crowd.turnedAway).toBeGreaterThan(0)
    expect(server.startMs).toHaveLength(1)
    await expectRecovered(server, crowd)
  })

  test('a connection that breaks while it is used is an error of the moment', async () => {
    const postgres = await ownPostgres()
    const database = openDatabase(postgres.url)
    atTheEnd(() => database.close())
    const endOthers = () =>
      asOwner(postgres.url, (owner) =>
        owner.query(`SELECT pg_terminate_backend(pid) FROM pg_stat_activity
          WHERE backend_type = 'client backend' AND pid <> pg_backend_pid()`),
      )
    const slow = sql`SELECT pg_sleep(60)`
    const uses = [
      inTransaction(database, async (client) => {
        const ended = new Promise((resolve) => client.once('end', resolve))
        await sleep(500).then(endOthers)
        await ended
        await client.query('SELECT 1') // between two statements
      }),
      inTransaction(database, (client) => client.query('SELECT pg_sleep(60)')),
      database.pool.query('SELECT pg_sleep(60)'),
      slow.execute(database.query),
    ]
    const errors = await Promise.all(
      uses.map((use) =>
        use.then(
          () => 'none',
          (error) => error,
        ),
      ),
    )
    expect(errors.map(isTransient)).toEqual([true, true, true, true])
  })

  test('the count would notice one that acknowledges before it has written: lost', async () => {
    const { postgres, crowd } = await underCheckIns({ settings: { synchronous_commit: 'off' } })
    await holdJournalBack(postgres)
    for (let count = 0; count < 3; count++) await crowd.goesOn()
    await postgres.restart('immediate')
    for (const phone of crowd.phones) phone.switchOff()
    const acknowledged = crowd.phones.reduce((sum, { answered }) => sum + answered.size, 0)
    const { checkIns, lost } = await audit(crowd)
    expect(lost).toBeGreaterThan(checkIns - acknowledged)
  })

  test('the count would notice one row that was written again, and one that is gone', async () => {
    const { crowd } = await underCheckIns()
    expect(await crowd.settle()).toBe(true)
    expect(await audit(crowd)).toMatchObject({ lost: 0, doubled: 0 })
    const { pool } = crowd.database
    const { rows } = await pool.query<{ scope: string; key: string }>(
      `SELECT scope, key FROM rows WHERE type = 'register-line' AND scope LIKE 'member:%' LIMIT 1`,
    )
    const one = [rows[0]?.scope, rows[0]?.key]
    await pool.query('UPDATE scopes SET head = head + 1 WHERE scope = $1', one.slice(0, 1))
    expect(await audit(crowd)).toMatchObject({ lost: 0, doubled: 1 })
    await pool.query(`DELETE FROM rows WHERE type = 'register-line' AND scope = $1 AND key = $2`, one)
    expect((await audit(crowd)).lost).toBe(1)
  })
})

describe('no connection is to be had', () => {
  test('others hold all that PostgreSQL has: the phones are told when to come back', async () => {
    const postgres = await ownPostgres({
      settings: { max_connections: '20', superuser_reserved_connections: '8' },
    })
    const plain = await plainRole(postgres)
    const server = await serverOn({ DATABASE_URL: plain })
    const crowd = await crowdAt(server, postgres.url)

    const held = await holdAll(postgres, plain)
    await crowd.isTurnedAway(2)
    for (const client of held) await client.end()

    await crowd.goesOn()
    await expectRecovered(server, crowd)
  })

  test('those of the server hang on a lock: the phones wait or are told to come back', async () => {
    const { postgres, server, crowd } = await underCheckIns()
    const answers = await asOwner(postgres.url, async (holder) => {
      await holder.query('BEGIN')
      await holder.query('LOCK TABLE server_state IN ACCESS EXCLUSIVE MODE')
      // Each of these reads that table; together they are more than the server has connections.
      const asked = Array.from({ length: 30 }, () => fetch(`${server.url}/readyz`))
      await crowd.isTurnedAway(1)
      await holder.query('ROLLBACK')
      return Promise.all(asked)
    })
    expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([200, 503]))
    await crowd.goesOn()
    await expectRecovered(server, crowd)
  })

  test('somebody else’s transaction holds what check-ins write: they wait, and succeed', async () => {
    const { postgres, server, crowd } = await underCheckIns()
    await asOwner(postgres.url, async (holder) => {
      await holder.query('BEGIN')
      await holder.query('LOCK TABLE devices IN ACCESS EXCLUSIVE MODE')
      const waiting = crowd.goesOn()
      expect(await Promise.race([waiting, sleep(2_000, 'nobody went on')])).toBe('nobody went on')
      await holder.query('ROLLBACK')
      await waiting
    })
    expect(crowd.turnedAway).toBe(0)
    await expectRecovered(server, crowd)
  })
})

/** The address for an account like a server's in earnest: PostgreSQL reserves it nothing. */
async function plainRole(postgres: OwnPostgres): Promise<string> {
  await asOwner(postgres.url, async (owner) => {
    await owner.query(`CREATE ROLE plain LOGIN PASSWORD 'plain'`)
    await owner.query('GRANT CREATE ON SCHEMA public TO plain')
  })
  return postgres.urlFor({ user: 'plain', password: 'plain' })
}

/** Takes every connection there is, those of the server too, until it has had none for a while: it tries to
 *  come back in between. */
async function holdAll(postgres: OwnPostgres, url: string): Promise<Client[]> {
  const held: Client[] = []
  const others = `FROM pg_stat_activity WHERE usename = 'plain' AND application_name <> 'holder'`
  return asOwner(postgres.url, async (owner) => {
    for (let quiet = 0; quiet < 5; ) {
      const client = new Client({ connectionString: url, application_name: 'holder' })
      client.on('error', () => undefined) // reported by the call as well
      try {
        await client.connect()
        held.push(client)
        quiet = 0
      } catch (error) {
        expect(error).toMatchObject({ code: '53300' })
        const { rowCount } = await owner.query(`SELECT pg_terminate_backend(pid) ${others}`)
        quiet = rowCount === 0 ? quiet + 1 : 0
        if (quiet > 0) await sleep(100)
      }
    }
    return held
  })
}

/** Nothing writes the journal any more but a COMMIT that waits for it. */
async function holdJournalBack(postgres: OwnPostgres): Promise<void> {
  const others = `'walwriter', 'background writer', 'checkpointer', 'autovacuum launcher'`
  const { rows } = await asOwner(postgres.url, (owner) =>
    owner.query<{ pid: number }>(`SELECT pid FROM pg_stat_activity WHERE backend_type IN (${others})`),
  )
  for (const { pid } of rows) process.kill(pid, 'SIGSTOP')
}
