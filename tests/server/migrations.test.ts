import { readFileSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { isDeepStrictEqual } from 'node:util'
import { type Kysely, Migrator, sql } from 'kysely'
import * as v from 'valibot'
import { consentVersion } from '#domain/consent'
import type { PersonId } from '#domain/ids'
import { type RecordType, recordSchemas } from '#domain/records'
import { branchScope, organizationScope } from '#domain/scopes'
import type { Session } from '#protocol/sessions'
import { type SyncAnswer, syncAnswerSchema } from '#protocol/sync'
import { buildApp } from '#server/app'
import { verifyAudit } from '#server/audit'
import { backUp } from '#server/operations/backup'
import { restore } from '#server/operations/restore'
import { Sessions } from '#server/sessions'
import { type Database, inTransaction, openDatabase } from '#server/storage/database'
import { migrate, migrateWithin, migrations } from '#server/storage/migrations'
import { admin, association, at, chenLi, home, linXiao, wuGuifang, zhouSecretary } from '../support/branch'
import { freshDatabase } from '../support/database'
import { RealPhone } from '../support/real-phone'
import { TestPhone } from '../support/server'

jest.setTimeout(60_000)

type Row = Record<string, unknown>
type Content = Record<string, Row[]>

const saved = (file: string) => readFileSync(path.resolve('tests/fixtures/schema-0001', file), 'utf8')
const first: Content = {}
for (const line of saved('rows.ndjson').trim().split('\n')) {
  const [table, row] = JSON.parse(line) as [string, Row]
  first[table] = [...(first[table] ?? []), row]
}

let ending: (() => Promise<unknown>)[] = []
afterEach(async () => {
  for (const end of ending.reverse()) await end()
  ending = []
})

async function emptyDatabase(): Promise<Database> {
  const { url, drop } = await freshDatabase()
  const database = openDatabase(url)
  ending.push(drop, () => database.close())
  return database
}

/** A database of the first schema, as it was, with what was in it. */
async function firstDatabase(): Promise<Database> {
  const database = await emptyDatabase()
  await inTransaction(database, async (client) => {
    await migrateWithin(client, '0001-first')
    for (const [table, rows] of Object.entries(first)) {
      await client.query(
        `INSERT INTO "${table}" SELECT * FROM json_populate_recordset(NULL::"${table}", $1)`,
        [JSON.stringify(rows)],
      )
    }
  })
  return database
}

async function contentOf(database: Database): Promise<Content> {
  const { rows: tables } = await database.pool.query<{ name: string }>(
    `SELECT tablename AS name FROM pg_tables WHERE schemaname = 'public' AND tablename NOT LIKE 'kysely%'`,
  )
  const content: Content = {}
  for (const { name } of tables) {
    const { rows } = await database.pool.query<{ row: Row }>(
      `SELECT to_jsonb(each) AS row FROM "${name}" AS each`,
    )
    content[name] = rows.map(({ row }) => row)
  }
  return content
}

/** What later migrations moved on purpose, and where it is now. Whoever moves something says so here. */
const moved: Readonly<Record<string, (row: Row, now: Content) => boolean>> = {
  // 0003: what a phone was told is in the row of its device.
  outcomes: ({ scope, device, id, result }, now) =>
    (now.devices ?? []).some(
      (each) =>
        each.scope === scope &&
        each.device === device &&
        (each.outcomes as Row[]).some((told) => isDeepStrictEqual(told, { id, result })),
    ),
}
/** Columns that a migration dropped because nothing needs them. */
const dropped = new Set([
  'devices.failing_id', // 0003: `failures` are always of the command after `last`
  'devices.contacts', // 0003: a command says itself what its phone had heard
])

/** Rows of then that are not to be found, whole, now. */
function lost(before: Content, now: Content, except: ReadonlySet<string> = dropped): string[] {
  const isKept = (table: string, row: Row) => {
    const columns = Object.entries(row).filter(([name]) => !except.has(`${table}.${name}`))
    return (now[table] ?? []).some((each) =>
      columns.every(([name, value]) => isDeepStrictEqual(each[name], value)),
    )
  }
  return Object.entries(before).flatMap(([table, rows]) =>
    rows
      .filter((row) => !(moved[table]?.(row, now) ?? isKept(table, row)))
      .map((row) => `${table} ${JSON.stringify(row)}`),
  )
}

test('the schema of the first version holds what was in it', async () => {
  const inOrder = (content: Content) =>
    Object.fromEntries(
      Object.entries(content).map(([table, rows]) => [
        table,
        rows.map((row) => JSON.stringify(Object.entries(row).sort())).sort(),
      ]),
    )
  expect(inOrder(await contentOf(await firstDatabase()))).toEqual(inOrder(first))
})

describe('from the first schema to the latest', () => {
  test('nothing is lost, and it holds whatever may stand in a table', async () => {
    expect(Object.entries(first).filter(([, rows]) => rows.length === 0)).toEqual([])
    const database = await firstDatabase()
    await migrate(database)
    expect(lost(first, await contentOf(database))).toEqual([])
  })

  test.each([
    'DELETE FROM set_aside',
    `DELETE FROM rows WHERE type = 'amendment'`,
    `UPDATE rows SET value = value - 'note' WHERE type = 'leave'`,
    'UPDATE devices SET last = 0',
    `UPDATE devices SET outcomes = '[]'`,
    'ALTER TABLE sessions DROP COLUMN previous_hash',
    'DROP TABLE invitations',
  ])('a made-up migration that loses something would be noticed: %s', async (statement) => {
    const database = await firstDatabase()
    await migrate(database)
    const careless = {
      up: (query: Kysely<unknown>) =>
        sql
          .raw(statement)
          .execute(query)
          .then(() => undefined),
    }
    const provider = { getMigrations: async () => ({ ...migrations, '9999-careless': careless }) }
    const { error } = await new Migrator({ db: database.query, provider }).migrateToLatest()
    expect(error).toBeUndefined()
    expect(lost(first, await contentOf(database)).length).toBeGreaterThan(0)
  })

  test('every record still fits its schema of today', async () => {
    const database = await firstDatabase()
    await migrate(database)
    const { rows } = await database.pool.query<{ type: RecordType; key: string; value: unknown }>(
      'SELECT type, key, value FROM rows WHERE value IS NOT NULL',
    )
    expect(rows.length).toBe(first.rows?.length)
    for (const { type, key, value } of rows) {
      expect([key, v.parse(recordSchemas[type] as v.GenericSchema, value)]).toEqual([key, value])
    }
  })

  test('a backup of then is restored into the server of now', async () => {
    const folder = await mkdtemp(path.join(tmpdir(), 'study-backup-'))
    ending.push(() => rm(folder, { recursive: true }))
    const file = path.join(folder, 'study.backup')
    await backUp(await firstDatabase(), file, 0)
    const database = await emptyDatabase()
    await restore(database, file, { now: at('10:00'), endsSessions: false })
    // What a restore changes on purpose: epochs, and invitations that were open.
    const { invitations: _, ...others } = first
    expect(lost(others, await contentOf(database), new Set([...dropped, 'scopes.epoch']))).toEqual([])
  })
})

/** Today's server on a database of then, a week later, before the study begins. */
async function todaysServer() {
  const database = await firstDatabase()
  await migrate(database)
  const clock = { now: at('08:20', '2025-03-17') }
  const now = () => clock.now
  const app = await buildApp({ database, now, isDemo: false, isLoopback: true, logLevel: 'silent' })
  ending.push(() => app.close())
  const sessions = await Sessions.open(database, now)
  const session = async (who: PersonId): Promise<Session> => {
    const begun = await sessions.begin(who)
    if (begun === undefined) throw new Error(`${who} is nobody here`)
    return begun
  }
  return { app, database, clock, session }
}

const here = branchScope(home)
const whole = organizationScope(association)

describe('the server of today on what was there', () => {
  test('a phone of then goes on: its queue is taken, its copy is continued and complete', async () => {
    const { app, clock, session } = await todaysServer()
    const storage = JSON.parse(saved('phone.json')) as Record<string, string>
    const phone = new RealPhone(linXiao, () => clock.now)
    for (const [key, value] of Object.entries(storage)) phone.store.entries.set(key, value)
    phone.connect(app, await session(linXiao))
    await phone.start()
    const before = phone.copy()[here]
    expect(phone.replica.pending()).toMatchObject([{ command: 'ask-leave@1', args: { note: '出差' } }])
    expect(before?.length).toBeGreaterThan(5)
    await phone.sync()
    expect([phone.replica.pending(), phone.replica.deadLetters()]).toEqual([[], []])

    const anew = new RealPhone(linXiao, () => clock.now)
    anew.connect(app, await session(linXiao))
    await anew.start()
    await anew.sync()
    expect(phone.copy()).toEqual(anew.copy())
    expect(phone.replica.get(`member:${linXiao}`, 'leave', `2025-W12/${home}`)).toMatchObject({
      note: '出差',
    })
  })

  test('a request as it was written then is answered, and its cursors are continued', async () => {
    const { app, session } = await todaysServer()
    const request = JSON.parse(readFileSync('tests/fixtures/wire-1/request.json', 'utf8')) as object
    const { accessToken } = await session(linXiao)
    const scopes = Object.fromEntries(
      (first.scopes ?? []).map(({ scope, head, epoch }) => [scope, { epoch, seq: Number(head) - 1 }]),
    )
    const post = async (body: object): Promise<SyncAnswer> => {
      const headers = { authorization: `Bearer ${accessToken}` }
      const response = await app.inject({ method: 'POST', url: '/v1/sync', headers, payload: body })
      expect(response.statusCode).toBe(200)
      return v.parse(syncAnswerSchema, response.json())
    }
    await post(request)
    const { [`member:${linXiao}`]: own } = scopes
    const answer = await post({ ...request, push: [], pull: { [`member:${linXiao}`]: own } })
    expect(answer.scopes[`member:${linXiao}`]).toMatchObject({ is: 'rows', isReset: false, from: own?.seq })
  })

  test('an answer that was lost then is told now, as it was decided', async () => {
    const { app, session } = await todaysServer()
    const { accessToken } = await session(wuGuifang)
    for (const { scope, device, id, result } of first.outcomes ?? []) {
      if (scope !== `member:${wuGuifang}`) continue
      const command = { id, command: 'check-in@1', scope: here, args: { week: '2025-W10' }, claimedAt: 0 }
      const body = { device, actor: wuGuifang, next: Number(id) + 1, acked: 0, push: [command], pull: {} }
      const headers = { authorization: `Bearer ${accessToken}` }
      const response = await app.inject({ method: 'POST', url: '/v1/sync', headers, payload: body })
      expect(response.json<SyncAnswer>().outcomes).toContainEqual({ id, result })
    }
  })

  test('a session of then is refreshed, and an invitation of then lets in', async () => {
    const { app, clock } = await todaysServer()
    clock.now = at('09:00', '2025-03-11')
    const { refreshToken, invitation } = JSON.parse(saved('secrets.json')) as Record<string, string>
    const post = async (url: string, payload: object) =>
      (await app.inject({ method: 'POST', url, payload })).statusCode
    expect(await post('/v1/sessions/refresh', { refreshToken })).toBe(200)
    expect(await post('/v1/sessions/invitation', { code: invitation, consent: consentVersion })).toBe(200)
  })

  test('today’s commands work on it, and the audit begins', async () => {
    const { app, database, clock, session } = await todaysServer()
    const does = async (who: PersonId, ...command: Parameters<TestPhone['does']>) =>
      new TestPhone(app, who, await session(who), clock).does(...command)
    const week = '2025-W12'
    expect(await does(chenLi, 'ask-leave', { week, kind: 'sick', note: '' })).toBe('accepted')
    expect(await does(wuGuifang, 'check-in', { week })).toBe('accepted')
    expect(await does(linXiao, 'ask-correction', { subject: 'name', words: '更正' })).toBe('accepted')
    expect(await does(admin, 'hand-down-topic', { week: '2025-W14', topic: '题目' }, whole)).toBe('accepted')
    clock.now = at('09:00', '2025-03-17')
    expect(await does(zhouSecretary, 'close-register', { week, version: 2 })).toBe('accepted')
    expect(await does(zhouSecretary, 'reopen-register', { week, reason: '漏记', version: 3 })).toBe(
      'accepted',
    )
    const { entries, faults } = await verifyAudit(database)
    expect(entries).toBe(3)
    expect(faults).toEqual([])
  })
})
