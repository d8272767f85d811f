import { memberScope, reviewScope } from '#domain/scopes'
import type { Session } from '#protocol/sessions'
import { buildApp } from '#server/app'
import { openDatabase } from '#server/storage/database'
import { at, chenLi, elsewhere, home, linXiao, outsider, week, zhouSecretary } from '../support/branch'
import { acrossBranches, scopesIn } from '../support/engines/footprint'
import { type Schema, schemaOf } from '../support/engines/schema'
import { schemaRules } from '../support/engines/schema-rules'
import type { Rule } from '../support/engines/sources'
import { type Hot, statementRules } from '../support/engines/statement-rules'
import { type Planned, planned, Recorder, type Statement } from '../support/engines/statements'
import { TestPhone, type TestServer, testServer } from '../support/server'

/** docs/scale.md: what Citus, YugabyteDB, CockroachDB and the openGauss family refuse, held against
 *  the schema as it is and the statements as they are sent. */

let server: TestServer
let schema: Schema
let recorder: Recorder
let hot: Hot
const unplanned: string[] = []

beforeAll(async () => {
  server = await testServer()
  schema = await schemaOf(server.database.pool)
  // A node of its own, so that all its connections are listened to from the first statement on.
  const database = openDatabase(server.url)
  recorder = new Recorder(database.pool)
  const now = () => server.clock.now
  const watches = { room: 10, holdMs: 1, holdInCloudMs: 1 }
  const app = await buildApp({ database, now, isDemo: false, isLoopback: true, logLevel: 'silent', watches })
  try {
    await aMorning(app)
  } finally {
    await app.close()
    await database.pool.end() // `close` leaves a pool open that Kysely has not used
  }
  const seen = new Map(recorder.statements.map((each) => [`${each.moment} ${each.name}`, each]))
  const statements: Planned[] = []
  for (const statement of seen.values()) statements.push(await planned(server.database.pool, statement))
  unplanned.push(...statements.filter(({ nodes }) => nodes.length === 0).map(({ name }) => name))
  hot = { schema, statements }
})
afterAll(() => server.close())

/** What a Monday asks of the database, each for the first time and again. */
async function aMorning(app: TestServer['app']): Promise<void> {
  const phoneOf = async (who: typeof linXiao) => {
    const { session } = await server.phone(who)
    const renewed = await recorder.during('renewal', () =>
      app.inject({
        method: 'POST',
        url: '/v1/sessions/refresh',
        payload: { refreshToken: session.refreshToken },
      }),
    )
    return new TestPhone(app, who, renewed.json<Session>(), server.clock)
  }
  for (const who of [linXiao, chenLi]) {
    const phone = await phoneOf(who)
    await recorder.during('look', () => phone.sync())
    await recorder.during('check-in', () => phone.does('check-in', { week }))
    await recorder.during('the same check-in', () => phone.does('check-in', { week }))
    await recorder.during('look', () => phone.sync())
  }
  const secretary = await phoneOf(zhouSecretary)
  await recorder.during('watch', () =>
    app.inject({
      method: 'POST',
      url: '/v1/watch',
      headers: { authorization: `Bearer ${secretary.session.accessToken}` },
      payload: { scopes: {} },
    }),
  )
  server.clock.now = at('08:40')
  const entry = { week, memberId: chenLi, standing: 'excused', reason: '会议', version: 1 }
  await recorder.during('entry', () => secretary.does('record-attendance', entry))
}

const obeys = <Subject>(rule: Rule<Subject>, subject: () => Subject) =>
  expect([...rule.broken(subject())].sort()).toEqual(Object.keys(rule.exceptions).sort())

test.each(schemaRules)('schema: $name', (rule) => obeys(rule, () => schema))
test.each(statementRules)('hot statements: $name', (rule) => obeys(rule, () => hot))

test('what was looked at is what a morning sends', () => {
  expect(unplanned).toEqual([])
  const namesOf = (moment: string) =>
    hot.statements.filter((each) => each.moment === moment).map(({ name }) => name)
  expect(namesOf('look')).toEqual(
    expect.arrayContaining(['session-states', 'read-devices', 'heads', 'feeds']),
  )
  expect(namesOf('check-in')).toEqual(
    expect.arrayContaining([
      'lock-devices',
      'lock-scopes',
      'read-records',
      'raise-heads',
      'write-rows',
      'save-devices',
    ]),
  )
  expect(namesOf('entry')).toEqual(expect.arrayContaining(['audit-ends', 'audit-append']))
  expect(namesOf('renewal').length).toBeGreaterThan(0)
})

describe('a check-in', () => {
  const branchOf = (scope: string) => (scope === memberScope(outsider) ? elsewhere : home)
  const own = () => recorder.statements.filter(({ moment }) => moment === 'check-in')

  test('stays within one branch and its people', () => {
    expect(own().length).toBeGreaterThan(0)
    expect(acrossBranches(own(), branchOf)).toEqual([])
  })

  test('writes in two scopes: the bare scope would put it on two machines', () => {
    const written = own()
      .filter(({ name }) => name === 'write-rows')
      .slice(0, 1)
    expect([...scopesIn(written)].sort()).toEqual([memberScope(linXiao), reviewScope(home)])
  })

  test('that also touched another branch would be told', () => {
    const [first] = own()
    if (first === undefined) throw new Error('nothing was recorded')
    const stray: Statement = { ...first, values: [[reviewScope(home), reviewScope(elsewhere)]] }
    expect(acrossBranches([stray], branchOf)).toMatchObject([{ branches: [home, elsewhere] }])
    const stranger: Statement = { ...first, values: [reviewScope(home), memberScope(outsider)] }
    expect(acrossBranches([stranger], branchOf)).toHaveLength(1)
  })
})

describe('what breaks a rule is told', () => {
  const rows = 'SELECT rows.value FROM unnest($1::text[]) AS wanted(scope) JOIN rows'
  const breaches: Record<string, readonly [text: string, values: readonly unknown[]]> = {
    'a statement finds the rows of every table by their scope': [
      `${rows} ON rows.key = wanted.scope`,
      [['x']],
    ],
    'rows are locked by their scope': [`SELECT * FROM devices WHERE device = $1 FOR UPDATE`, ['x']],
    'an upsert meets rows by the primary key alone, of a table without another unique index': [
      `INSERT INTO wechat_accounts (scope, openid, session_key, seen_at) VALUES ($1, '', '', 0)
        ON CONFLICT (scope) DO UPDATE SET seen_at = excluded.seen_at`,
      ['x'],
    ],
    'no column of a key is changed': [`UPDATE scopes SET head = 1, scope = $1 WHERE scope = $2`, ['x', 'y']],
    'no statement draws a number, a time or chance of the database': [
      `UPDATE devices SET seen_at = extract(epoch FROM now()) WHERE scope = $1`,
      ['x'],
    ],
    'nothing hangs on the connection: no LISTEN, NOTIFY, advisory lock, SET or temporary table': [
      `SELECT pg_advisory_xact_lock(1) FROM scopes WHERE scope = $1`,
      ['x'],
    ],
    'no array of JSON is handed in': [`SELECT $1::jsonb[]`, [[]]],
  }

  test.each(statementRules)('a statement: $name', async (rule) => {
    const [text, values] = breaches[rule.name] ?? ['', []]
    const name = 'a breach'
    const breach = await planned(server.database.pool, { moment: '', transaction: 0, name, text, values })
    expect(rule.broken({ schema, statements: [breach] })).toEqual([name])
  })

  test.each(schemaRules)('a table: $name', async (rule) => {
    const client = await server.database.pool.connect()
    try {
      await client.query('BEGIN')
      await client.query(
        `CREATE TABLE breach (id bigserial PRIMARY KEY, scope text UNIQUE REFERENCES scopes)`,
      )
      await client.query(`CREATE UNIQUE INDEX breach_by_id ON breach (id)`)
      const broken = rule.broken(await schemaOf(client))
      expect(broken.filter((name) => name.includes('breach'))).not.toEqual([])
    } finally {
      await client.query('ROLLBACK')
      client.release()
    }
  })
})
