import { execFile } from 'node:child_process'
import { copyFile, mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { isDeepStrictEqual, promisify } from 'node:util'
import { gunzipSync, gzipSync } from 'node:zlib'
import type { FastifyInstance } from 'fastify'
import { lineKey } from '#domain/attendance'
import { consentVersion } from '#domain/consent'
import type { PersonId } from '#domain/ids'
import { branchScope, deskScope, organizationScope, reviewScope, secretaryScope } from '#domain/scopes'
import type { Problem } from '#protocol/problem'
import { buildApp } from '#server/app'
import { verifyAudit } from '#server/audit'
import { invite } from '#server/invitations'
import { backUp } from '#server/operations/backup'
import { restore, tellThatItWentBack } from '#server/operations/restore'
import { Sessions } from '#server/sessions'
import { type Database, openDatabase } from '#server/storage/database'
import { migrate } from '#server/storage/migrations'
import { readRecords } from '#server/storage/rows'
import {
  admin,
  association,
  at,
  chenLi,
  committeeMember,
  home,
  linXiao,
  week,
  wuGuifang,
  zhouSecretary,
} from '../support/branch'
import { freshDatabase } from '../support/database'
import { RealPhone } from '../support/real-phone'
import { type TestServer, testServer } from '../support/server'

jest.setTimeout(60_000)

const day = 86_400_000
const clock = { now: 0 }
let folder: string
let file: string
let server: TestServer
let ending: (() => Promise<unknown>)[]
beforeEach(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'study-backup-'))
  file = path.join(folder, 'study.backup')
  server = await testServer()
  server.clock.now = at('08:26')
  clock.now = at('08:26')
  ending = []
})
afterEach(async () => {
  for (const end of ending.reverse()) await end()
  await server.close()
  await rm(folder, { recursive: true })
})

const setTime = (now: number) => {
  clock.now = now
  server.clock.now = now
}
const options = () => ({ now: clock.now, endsSessions: false })

async function emptyDatabase(): Promise<Database> {
  const { url, drop } = await freshDatabase()
  const database = openDatabase(url)
  ending.push(drop, () => database.close())
  return database
}

interface Started {
  readonly app: FastifyInstance
  readonly database: Database
  readonly sessions: Sessions
}

async function serverOn(database: Database): Promise<Started> {
  const now = () => clock.now
  const app = await buildApp({ database, now, isDemo: false, isLoopback: true, logLevel: 'silent' })
  ending.push(() => app.close())
  return { app, database, sessions: await Sessions.open(database, now) }
}

const restored = async (from = file): Promise<Started> => {
  const database = await emptyDatabase()
  await restore(database, from, options())
  return serverOn(database)
}

async function connect(phone: RealPhone, { app, sessions }: Started): Promise<RealPhone> {
  const session = await sessions.begin(phone.who)
  if (session === undefined) throw new Error(`${phone.who} is nobody here`)
  phone.connect(app, session)
  return phone
}

async function newPhone(who: PersonId, started: Started): Promise<RealPhone> {
  const phone = await connect(new RealPhone(who, () => clock.now), started)
  await phone.start()
  await phone.sync()
  return phone
}

const people = [linXiao, chenLi, wuGuifang, committeeMember, zhouSecretary, admin] as const
type Phones = Record<'lin' | 'chen' | 'wu' | 'committee' | 'zhou' | 'admin', RealPhone>
async function allPhones(started: Started): Promise<Phones> {
  const phones = []
  for (const who of people) phones.push(await newPhone(who, started))
  const [lin, chen, wu, committee, zhou, adminPhone] = phones
  if (!lin || !chen || !wu || !committee || !zhou || !adminPhone) throw new Error('six were made')
  return { lin, chen, wu, committee, zhou, admin: adminPhone }
}

/** Until each has what the others did. */
const syncAll = async (phones: Phones) => {
  for (const phone of [...Object.values(phones), ...Object.values(phones)]) await phone.sync()
}

/** Whose copies are not what a phone would have that comes to this server for the first time. */
async function whoDiffers(phones: readonly RealPhone[], started: Started): Promise<PersonId[]> {
  const differing: PersonId[] = []
  for (const phone of phones) {
    const anew = await newPhone(phone.who, started)
    if (!isDeepStrictEqual(anew.copy(), phone.copy())) differing.push(phone.who)
  }
  return differing
}

/** As pg_restore, or a folder copied back, would leave them. */
async function leaveEpochs({ pool }: Database): Promise<void> {
  await pool.query('UPDATE scopes SET epoch = 1')
  await pool.query('ALTER TABLE scopes ALTER COLUMN epoch SET DEFAULT 1')
}

const here = branchScope(home)
const whole = organizationScope(association)
const lineOf = async ({ database }: Started, who: PersonId) => {
  const read = { scope: reviewScope(home), type: 'register-line', key: lineKey(week, who) } as const
  return (await readRecords(database.pool, [read])).get(read.scope, read.type, read.key)
}
const countOf = async ({ database }: Started, scope: string, type: string) => {
  const { rows } = await database.pool.query<{ count: number }>(
    'SELECT count(*) AS count FROM rows WHERE scope = $1 AND type = $2 AND value IS NOT NULL',
    [scope, type],
  )
  return rows[0]?.count
}

/** On the server that will go back: before the backup, and after it. */
async function beforeBackup({ lin, chen, zhou }: Phones) {
  await lin.replica.submit('check-in', here, { week })
  await chen.replica.submit('ask-leave', here, { week, kind: 'sick', note: '复诊\u2028下午回来' })
  await Promise.all([lin.sync(), chen.sync()])
  await zhou.sync()
  const absent = { week, memberId: committeeMember, standing: 'absent', version: 0 } as const
  setTime(at('08:31'))
  await zhou.replica.submit('record-attendance', here, absent)
  await zhou.sync()
}

async function afterBackup(phones: Phones) {
  const { lin, chen, wu, committee, zhou } = phones
  await wu.replica.submit('check-in', here, { week }) // accepted
  await committee.replica.submit('check-in', here, { week }, { regardless: true }) // held
  await lin.replica.submit('ask-leave', here, { week, kind: 'sick', note: '' }, { regardless: true }) // refused
  await lin.replica.submit('send-feedback', whole, { kind: 'question', words: '可以补学吗' })
  await lin.replica.submit('ask-correction', here, { subject: 'name', words: '名字里的字写错了' })
  await chen.sync()
  const accepted = { week, memberId: chenLi, isAccepted: true, version: 1 }
  await zhou.replica.submit('decide-leave', here, accepted)
  await syncAll(phones)
}

const lettersOf = (phone: RealPhone) => phone.replica.deadLetters().map(({ refusal }) => refusal?.code)

/** What must be so on the server that went back, once the phones have come. */
async function expectNothingLost(phones: Phones, started: Started, letters = ['too-late-for-leave']) {
  expect(await lineOf(started, linXiao)).toMatchObject({ standing: 'on-time', version: 1 })
  expect(await lineOf(started, wuGuifang)).toMatchObject({ standing: 'on-time', via: 'own', version: 1 })
  expect(await lineOf(started, committeeMember)).toMatchObject({ standing: 'held', version: 2 })
  expect(await lineOf(started, chenLi)).toMatchObject({ standing: 'excused', version: 1 })
  expect(await countOf(started, deskScope(association), 'ticket')).toBe(1)
  expect(await countOf(started, secretaryScope(home), 'correction')).toBe(1)
  expect(await countOf(started, reviewScope(home), 'amendment')).toBe(2)
  expect(Object.values(phones).flatMap((phone) => phone.replica.pending())).toEqual([])
  expect(Object.values(phones).flatMap(lettersOf)).toEqual(letters)
  expect(await whoDiffers(Object.values(phones), started)).toEqual([])
  expect((await verifyAudit(started.database)).faults).toEqual([])
}

async function rehearsal() {
  const first: Started = server
  const phones = await allPhones(first)
  await beforeBackup(phones)
  await backUp(server.database, file, clock.now)
  await afterBackup(phones)
  await expectNothingLost(phones, first)
  return phones
}

describe('the server goes back to a backup', () => {
  test('what was recorded since comes again from the phones, once; their copies are the server’s', async () => {
    const phones = await rehearsal()
    await phones.lin.replica.dismiss(2)
    setTime(at('10:00'))
    const second = await restored()
    expect(await countOf(second, deskScope(association), 'ticket')).toBe(0) // it really went back
    for (const phone of Object.values(phones)) await connect(phone, second)
    await syncAll(phones)
    await expectNothingLost(phones, second, []) // what was read is not told again
  })

  test('also when each app was ended meanwhile, and more was done without signal', async () => {
    const phones = await rehearsal()
    await phones.wu.replica.submit('ask-correction', here, { subject: 'name', words: '没有信号时写的' })
    setTime(at('10:00'))
    const second = await restored()
    for (const phone of Object.values(phones)) {
      await connect(phone, second)
      await phone.start()
    }
    await syncAll(phones)
    expect(await countOf(second, secretaryScope(home), 'correction')).toBe(2)
  })

  test('twice to the same backup: nobody takes the second for the first', async () => {
    const phones = await rehearsal()
    setTime(at('10:00'))
    const second = await restored()
    for (const phone of Object.values(phones)) await connect(phone, second)
    await syncAll(phones)
    setTime(at('10:05'))
    const third = await restored()
    for (const phone of [phones.zhou, phones.admin]) await connect(phone, third)
    // They sync before anybody has told the third server what the second knew.
    await phones.zhou.sync()
    await phones.admin.sync()
    expect(await whoDiffers([phones.zhou, phones.admin], third)).toEqual([])
    for (const phone of Object.values(phones)) await connect(phone, third)
    await syncAll(phones)
    await expectNothingLost(phones, third)
  })

  test.each([
    { epochs: 'raised', expected: ['甲', '乙', '丙'] },
    { epochs: 'left as they were, as a control', expected: ['乙', '丙', '名字里的字写错了'] },
  ])('a scope that came only after the backup, with epochs $epochs', async ({ epochs, expected }) => {
    const phones = await rehearsal() // zhou has one correction, in a scope that the backup does not know
    setTime(at('10:00'))
    const second = await restored()
    if (epochs !== 'raised') await leaveEpochs(second.database)
    await connect(phones.chen, second)
    for (const words of ['甲', '乙', '丙']) {
      await phones.chen.replica.submit('ask-correction', here, { subject: 'name', words })
    }
    await phones.chen.sync()
    await connect(phones.zhou, second)
    await phones.zhou.sync()
    const corrections = phones.zhou.replica.list(secretaryScope(home), 'correction', '')
    expect(corrections.map(({ words }) => words).sort()).toEqual([...expected].sort())
    expect((await whoDiffers([phones.zhou], second)).length > 0).toBe(epochs !== 'raised')
  })

  test('a copy of a scope that the server does not have at all is dropped', async () => {
    const phones = await rehearsal()
    setTime(at('10:00'))
    const second = await restored()
    const zhou = await connect(phones.zhou, second)
    await zhou.sync()
    expect(zhou.replica.list(secretaryScope(home), 'correction', '')).toEqual([])
  })

  test('commands older than the ring go up as void, and nobody is told that they failed', async () => {
    const lin = await newPhone(linXiao, server)
    await backUp(server.database, file, clock.now)
    await lin.replica.submit('check-in', here, { week })
    await lin.sync()
    setTime(clock.now + 20 * day)
    await connect(lin, server) // the session of then is over
    await lin.replica.submit('send-feedback', whole, { kind: 'question', words: '二十天后' })
    await lin.sync()
    const second = await restored()
    await connect(lin, second)
    await lin.sync()
    expect([lin.replica.pending(), lettersOf(lin)]).toEqual([[], []])
    expect(await lineOf(second, linXiao)).toBeUndefined()
    expect(await countOf(second, deskScope(association), 'ticket')).toBe(1)
    await lin.replica.submit('send-feedback', whole, { kind: 'question', words: '之后' })
    await lin.sync()
    expect(await countOf(second, deskScope(association), 'ticket')).toBe(2)
  })

  test('an invitation that was open in the backup lets nobody in any more', async () => {
    const code = await invite(server.database, chenLi, clock.now)
    await backUp(server.database, file, clock.now)
    const join = async (app: FastifyInstance, code: string) => {
      const payload = { code, consent: consentVersion }
      const response = await app.inject({ method: 'POST', url: '/v1/sessions/invitation', payload })
      return response.statusCode === 200 ? 'in' : response.json<Problem>().error.code
    }
    expect(await join(server.app, code)).toBe('in')
    const second = await restored()
    expect(await join(second.app, code)).toBe('invitation-invalid')
    expect(await join(second.app, await invite(second.database, chenLi, clock.now))).toBe('in')
  })

  test.each([true, false])('signs everybody out when asked to: %s', async (endsSessions) => {
    const lin = await server.phone(linXiao)
    await backUp(server.database, file, clock.now)
    const database = await emptyDatabase()
    await restore(database, file, { now: clock.now, endsSessions })
    const { app } = await serverOn(database)
    const headers = { authorization: `Bearer ${lin.session.accessToken}` }
    const { statusCode } = await app.inject({ method: 'GET', url: '/v1/me', headers })
    expect(statusCode).toBe(endsSessions ? 401 : 200)
  })

  test('by other means, and told so afterwards, while it is at work', async () => {
    const phones = await rehearsal()
    setTime(at('10:00'))
    const second = await restored()
    await leaveEpochs(second.database)
    await tellThatItWentBack(second.database, options())
    for (const phone of Object.values(phones)) await connect(phone, second)
    await syncAll(phones)
    await expectNothingLost(phones, second)
  })
})

/** Everything in a database, but for how many times it went back and what restoring ends. */
async function contentOf(database: Database) {
  const { rows: tables } = await database.pool.query<{ name: string }>(
    `SELECT tablename AS name FROM pg_tables WHERE schemaname = 'public' AND tablename NOT LIKE 'kysely%'`,
  )
  const content: Record<string, string[]> = {}
  for (const { name } of tables) {
    const { rows } = await database.pool.query<{ line: string }>(
      `SELECT (to_jsonb(each) - 'epoch')::text AS line FROM "${name}" AS each ORDER BY 1`,
    )
    content[name] = rows.map(({ line }) => line)
  }
  return content
}

describe('the file', () => {
  test('holds every row of every table, and is readable by nobody else', async () => {
    await rehearsal()
    await backUp(server.database, file, clock.now)
    const database = await emptyDatabase()
    await restore(database, file, options())
    expect(await contentOf(database)).toEqual(await contentOf(server.database))
    expect((await stat(file)).mode & 0o777).toBe(0o600)
    expect(await readdir(folder)).toEqual(['study.backup'])
  })

  test('is restored also where a server was started on the empty database', async () => {
    await backUp(server.database, file, clock.now)
    const database = await emptyDatabase()
    await migrate(database)
    await serverOn(database)
    await restore(database, file, options())
    expect(await contentOf(database)).toEqual(await contentOf(server.database))
  })

  test('that cannot be written leaves nothing behind', async () => {
    await expect(backUp(server.database, path.join(folder, 'none', 'study.backup'), 0)).rejects.toThrow(
      /ENOENT/,
    )
    const { url, drop } = await freshDatabase()
    const nothing = openDatabase(url)
    await expect(backUp(nothing, file, 0)).rejects.toThrow('Nothing was written')
    await nothing.close()
    await drop()
    expect(await readdir(folder)).toEqual([])
  })

  const untouched = async (database: Database) =>
    (await database.pool.query(`SELECT FROM pg_tables WHERE schemaname = 'public'`)).rowCount === 0

  test('cut short anywhere is refused before anything is written', async () => {
    await backUp(server.database, file, clock.now)
    const bytes = await readFile(file)
    const database = await emptyDatabase()
    for (const length of [0, 1, 9, 10, 30, bytes.length >> 1, bytes.length - 9, bytes.length - 1]) {
      await writeFile(file, bytes.subarray(0, length))
      await expect(restore(database, file, options())).rejects.toThrow(/damaged or not whole/)
    }
    expect(await untouched(database)).toBe(true)
  })

  test('with one bit changed is refused before anything is written', async () => {
    await backUp(server.database, file, clock.now)
    const bytes = await readFile(file)
    const database = await emptyDatabase()
    const step = Math.max(1, Math.floor(bytes.length / 60))
    for (let index = 10; index < bytes.length; index += step) {
      const changed = Buffer.from(bytes)
      changed.writeUInt8((bytes[index] ?? 0) ^ (1 << (index % 8)), index)
      await writeFile(file, changed)
      await expect(restore(database, file, options())).rejects.toThrow(/damaged|not a backup/)
    }
    expect(await untouched(database)).toBe(true)
  })

  /** Its lines, changed, packed again as gzip wants it. */
  const rewrite = async (change: (lines: string[]) => string[]) => {
    const lines = gunzipSync(await readFile(file))
      .toString()
      .split('\n')
      .slice(0, -1)
    await writeFile(file, gzipSync(`${change(lines).join('\n')}\n`))
  }
  const withHead = (change: (head: Record<string, unknown>) => object) => (lines: string[]) => [
    JSON.stringify(change(JSON.parse(lines[0] ?? '') as Record<string, unknown>)),
    ...lines.slice(1),
  ]

  test.each([
    {
      what: 'a word changed',
      change: (all: string[]) => all.map((line) => line.replace('协会', '学会')),
      says: /damaged/,
    },
    {
      what: 'a row missing',
      change: (all: string[]) => all.filter((_, index) => index !== 5),
      says: /damaged/,
    },
    {
      what: 'a row twice',
      change: (all: string[]) => [...all.slice(0, 6), ...all.slice(5)],
      says: /damaged/,
    },
    { what: 'a line after the end', change: (all: string[]) => [...all, '{}'], says: /damaged/ },
    {
      what: 'of a newer format',
      change: withHead((head) => ({ ...head, format: 2, more: 1 })),
      says: /newer version/,
    },
    { what: 'something else', change: () => ['{"name":"study"}'], says: /not a backup/ },
  ])('$what: refused, with words on what to do', async ({ change, says }) => {
    await backUp(server.database, file, clock.now)
    await rewrite(change)
    const database = await emptyDatabase()
    await expect(restore(database, file, options())).rejects.toThrow(says)
    expect(await untouched(database)).toBe(true)
  })

  test('of a newer schema is refused', async () => {
    await backUp(server.database, file, clock.now)
    await server.database.pool.query(
      `UPDATE kysely_migration SET name = '9999-later' WHERE name = '0001-first'`,
    )
    await backUp(server.database, file, clock.now)
    await expect(restore(await emptyDatabase(), file, options())).rejects.toThrow(/newer version/)
  })

  test('with a column that its schema does not have is refused, and nothing stays', async () => {
    await server.database.pool.query('ALTER TABLE sessions ADD COLUMN mood text')
    await backUp(server.database, file, clock.now)
    const database = await emptyDatabase()
    await expect(restore(database, file, options())).rejects.toThrow(/sessions.mood/)
    expect(await untouched(database)).toBe(true)
  })

  test('is refused by a database that is not empty, with words on how to make one', async () => {
    await backUp(server.database, file, clock.now)
    const before = await contentOf(server.database)
    await expect(restore(server.database, file, options())).rejects.toThrow(/not empty.*DATA_DIR.*createdb/)
    expect(await contentOf(server.database)).toEqual(before)
    const others = await emptyDatabase()
    await others.pool.query('CREATE TABLE theirs (id integer)')
    await expect(restore(others, file, options())).rejects.toThrow(/not of this server/)
  })

  test('a failure on the way leaves the database as it was, and the next try succeeds', async () => {
    await backUp(server.database, file, clock.now)
    const database = await emptyDatabase()
    await copyFile(file, `${file}.good`)
    // Sound, but its rows contradict each other: only the database sees it.
    await server.database.pool.query('ALTER TABLE rows DROP CONSTRAINT rows_pkey')
    await server.database.pool.query('INSERT INTO rows SELECT * FROM rows LIMIT 1')
    await backUp(server.database, file, clock.now)
    await expect(restore(database, file, options())).rejects.toThrow(/duplicate key/)
    expect(await untouched(database)).toBe(true)
    await restore(database, `${file}.good`, options())
    expect(await untouched(database)).toBe(false)
  })
})

describe('a backup while people write', () => {
  /** Devices whose number of tickets is not the last command that the server says it took. */
  const tornDevices = async (devices: () => Promise<Database>, rows: () => Promise<Database>) => {
    const { rows: lasts } = await (await devices()).pool.query<{ device: string; last: number }>(
      'SELECT device, last FROM devices ORDER BY device',
    )
    const { rows: tickets } = await (await rows()).pool.query<{ device: string; count: number }>(
      `SELECT split_part(key, '.', 1) AS device, count(*) AS count FROM rows
        WHERE scope = $1 AND type = 'ticket' GROUP BY 1`,
      [deskScope(association)],
    )
    const counts = new Map(tickets.map(({ device, count }) => [device, count]))
    return lasts.filter(({ device, last }) => (counts.get(device) ?? 0) !== last).map(({ device }) => device)
  }

  test('is of one moment: what a device did agrees with how far the server is with it', async () => {
    const phones = await Promise.all([linXiao, chenLi, wuGuifang].map((who) => server.phone(who)))
    let isWriting = true
    let written = 0
    const writing = Promise.all(
      phones.map(async (phone) => {
        while (isWriting) {
          await phone.does('send-feedback', { kind: 'question', words: '问题' }, whole)
          written += 1
          await sleep(20) // nobody asks more often than the server lets them
        }
      }),
    )
    let changedMeanwhile = 0
    let tornWithoutSnapshot = 0
    for (let round = 0; round < 8; round++) {
      const before = written
      const each = path.join(folder, `${round}.backup`)
      await backUp(server.database, each, clock.now)
      if (written > before) changedMeanwhile += 1
      const copy = await emptyDatabase()
      await restore(copy, each, options())
      expect(
        await tornDevices(
          async () => copy,
          async () => copy,
        ),
      ).toEqual([])
      // The same question asked of the live database, table by table, as a backup without a snapshot would.
      const waited = async () => {
        const seen = written
        while (written === seen) await sleep(1)
        return server.database
      }
      tornWithoutSnapshot += (await tornDevices(async () => server.database, waited)).length
    }
    isWriting = false
    await writing
    expect(changedMeanwhile).toBeGreaterThan(0)
    expect(tornWithoutSnapshot).toBeGreaterThan(0)
  })
})

describe('the commands', () => {
  const root = path.resolve(__dirname, '../..')
  const run = promisify(execFile)
  /** As `npm run backup` and `npm run restore` do. */
  const command = (name: string, url: string, ...args: string[]) =>
    run(process.execPath, [path.join(root, 'dist/server/operations', `${name}.js`), ...args], {
      cwd: folder,
      env: { PATH: process.env.PATH, DATABASE_URL: url },
    })

  test('write, restore, refuse with 1, and tell afterwards', async () => {
    await run(process.execPath, [path.join(root, 'config/scripts/build.mjs'), 'server'], { cwd: root })
    const { url, drop } = await freshDatabase()
    ending.push(drop)
    expect((await command('backup', server.url, 'study.backup')).stdout).toContain(file)
    expect((await command('restore', url, 'study.backup')).stdout).toMatch(/went back/)
    await expect(command('restore', url, 'study.backup')).rejects.toMatchObject({
      code: 1,
      stderr: expect.stringContaining('not empty'),
    })
    expect((await command('restore', url, '--epoch-only', '--end-sessions')).stdout).toMatch(/went back/)
    for (const name of ['backup', 'restore']) {
      await expect(command(name, url)).rejects.toMatchObject({
        code: 1,
        stderr: expect.stringContaining(`npm run ${name} -- FILE`),
      })
    }
    const database = openDatabase(url)
    ending.push(() => database.close())
    expect(await contentOf(database)).toEqual(await contentOf(server.database))
  })
})
