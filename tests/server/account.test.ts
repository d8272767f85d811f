import readXlsx from 'read-excel-file/node'
import { coolingOffMs } from '#domain/cancellation'
import { consentVersion } from '#domain/consent'
import { leaveScope, memberScope, organizationScope, reviewScope } from '#domain/scopes'
import type { Account } from '#protocol/account'
import { endDueAccounts } from '#server/jobs/end-accounts'
import { deleteExpired, retention } from '#server/jobs/retention'
import { inTransaction } from '#server/storage/database'
import { lockScopes, readRecords, writeChanges } from '#server/storage/rows'
import { association, chenLi, home, linXiao, week, zhouSecretary } from '../support/branch'
import { type TestPhone, type TestServer, testServer } from '../support/server'
import { within } from '../support/within'

let server: TestServer
let phone: TestPhone
beforeEach(async () => {
  server = await testServer()
  phone = await server.phone(linXiao)
})
afterEach(() => server.close())

const ask = (method: 'GET' | 'POST', url: string, payload?: object, who = phone) =>
  server.app.inject({
    method,
    url,
    ...(payload === undefined ? {} : { payload }),
    headers: { authorization: `Bearer ${who.session.accessToken}` },
  })
const account = async () => (await ask('GET', '/v1/me')).json<Account>()
const day = 86_400_000

describe('consent', () => {
  test('is kept with version and moment, and asked again only for a newer text', async () => {
    await server.write([
      {
        scope: memberScope(linXiao),
        type: 'consent',
        key: '000000000000001',
        value: { version: 'older', givenAt: 1 },
      },
    ])
    expect((await ask('POST', '/v1/me/consent', { version: 'older' })).statusCode).toBe(403)
    expect((await ask('POST', '/v1/me/consent', { version: consentVersion })).statusCode).toBe(204)
    await ask('POST', '/v1/me/consent', { version: consentVersion })
    expect((await account()).consents).toEqual([
      { version: 'older', givenAt: 1 },
      { version: consentVersion, givenAt: server.clock.now },
    ])
  })

  test('taken back signs out everywhere, keeps its record, and is asked before coming in again', async () => {
    await ask('POST', '/v1/me/consent', { version: consentVersion })
    const second = await server.phone(linXiao)
    server.clock.now += 1000
    expect((await ask('POST', '/v1/me/consent/withdraw')).statusCode).toBe(204)
    expect((await second.post(second.request())).statusCode).toBe(401)
    expect((await ask('GET', '/v1/me')).statusCode).toBe(401)
    phone = await server.phone(linXiao)
    expect((await account()).consents).toEqual([
      { version: consentVersion, givenAt: server.clock.now - 1000, withdrawnAt: server.clock.now },
    ])
    expect((await ask('POST', '/v1/me/consent', { version: consentVersion })).statusCode).toBe(204)
    expect((await account()).consents).toHaveLength(2)
  })
})

describe('everything kept about oneself', () => {
  test('comes as a file that opens, with one’s own and nobody else’s', async () => {
    await phone.does('check-in', { week })
    await phone.does(
      'send-feedback',
      { kind: 'question', words: '=1+1 会怎样' },
      organizationScope(association),
    )
    await (await server.phone(chenLi)).does('check-in', { week })
    const keeper = await server.phone(zhouSecretary)
    await keeper.does('note-care', { memberId: linXiao, throughWeek: week, note: '约好周三去看望' })
    const response = await ask('GET', '/v1/me/export')
    expect(response.headers['content-disposition']).toContain(encodeURIComponent('我的资料'))
    const sheets = await readXlsx(response.rawPayload)
    const all = sheets.map(({ sheet, data }) => [sheet, data])
    const text = JSON.stringify(all)
    expect(text).toContain('到会')
    expect(text).toContain('=1+1 会怎样') // as text: a formula would read as its value
    expect(text).toContain('约好周三去看望')
    expect(text).toContain(linXiao)
    expect(text).not.toContain(chenLi)
  })
})

const isAnyoneWaiting = async () => {
  const { rowCount } = await server.database.pool.query(
    `SELECT FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'`,
  )
  return (rowCount ?? 0) > 0
}

describe('ending the account', () => {
  const ended = () => endDueAccounts(server.database, server.clock.now)

  test('can be thought better of for fifteen days', async () => {
    const asked = await ask('POST', '/v1/me/cancellation')
    expect(asked.json()).toMatchObject({ state: 'asked', dueAt: server.clock.now + coolingOffMs })
    server.clock.now += 14 * day
    expect((await ask('POST', '/v1/me/cancellation')).statusCode).toBe(401) // the token is old; the phone renews it
    phone = await server.phone(linXiao)
    expect((await ask('POST', '/v1/me/cancellation')).json()).toEqual(asked.json())
    expect(await ended()).toBe(0)
    await ask('POST', '/v1/me/cancellation/withdraw')
    server.clock.now += 2 * day
    expect(await ended()).toBe(0)
    phone = await server.phone(linXiao)
    expect((await account()).cancellation).toMatchObject({ state: 'withdrawn' })
  })

  test('waits for who decides on what is to go, and deletes what they wrote', async () => {
    await phone.does('ask-leave', { week, kind: 'sick', note: '手术' })
    await ask('POST', '/v1/me/cancellation')
    server.clock.now += coolingOffMs
    let done: Promise<number> = Promise.resolve(0)
    await inTransaction(server.database, async (client) => {
      await lockScopes(client, [reviewScope(home)])
      const at = { scope: leaveScope(home), type: 'leave', key: `${week}/${linXiao}` } as const
      const leave = (await readRecords(client, [at])).get(at.scope, at.type, at.key)
      if (leave === undefined) throw new Error('no leave was asked for')
      done = ended()
      await within(isAnyoneWaiting, () => 'the account is ended meanwhile')
      await writeChanges(client, [{ ...at, value: { ...leave, state: 'moot', version: leave.version + 1 } }])
    })
    expect(await done).toBe(1)
    expect(await rowsSaying('手术')).toEqual([])
  })

  test('deletes what is the person’s alone, and leaves the branch its register', async () => {
    await ask('POST', '/v1/me/consent', { version: consentVersion })
    await phone.does('ask-leave', { week, kind: 'sick', note: '手术' })
    await phone.does('check-in', { week })
    await phone.does(
      'send-feedback',
      { kind: 'complaint', words: '会议室太冷' },
      organizationScope(association),
    )
    await phone.does('ask-correction', { subject: 'name', words: '姓名有误' })
    const keeper = await server.phone(zhouSecretary)
    const care = { memberId: linXiao, throughWeek: week, note: '已上门看望' }
    expect(await keeper.does('note-care', care)).toBe('accepted')
    await server.database.pool.query('DELETE FROM sessions WHERE scope = $1', [memberScope(zhouSecretary)]) // what is left is hers
    await ask('POST', '/v1/me/cancellation')
    const before = await rowsSaying('手术', '会议室太冷', '姓名有误', '已上门看望')
    expect(before).toContain(`secretary:${home} care-note`)
    expect(before.length).toBeGreaterThan(3)
    server.clock.now += coolingOffMs
    expect(await ended()).toBe(1)
    expect(await ended()).toBe(0)

    expect(await rowsSaying('手术', '会议室太冷', '姓名有误', '已上门看望', consentVersion)).toEqual([])
    expect((await phone.post(phone.request())).statusCode).toBe(401)
    for (const table of ['sessions', 'invitations', 'wechat_accounts', 'set_aside'] as const) {
      const { rows } = await server.database.pool.query(`SELECT * FROM ${table}`)
      expect([table, rows]).toEqual([table, []])
    }
    const secretary = await server.phone(zhouSecretary)
    const answer = await secretary.sync()
    const review = answer.scopes[reviewScope(home)]
    const types = review?.is === 'rows' ? review.rows.map(([type, key]) => `${type} ${key}`) : []
    expect(types).toContain(`register-line ${week}/${linXiao}`)
    expect(types).toContain(`membership ${linXiao}`)
    // The secretary's phone is told that the leave is gone.
    const leave = answer.scopes[leaveScope(home)]
    expect(leave?.is === 'rows' && leave.rows.map(([type, , value]) => [type, value])).toEqual([
      ['leave', null],
    ])
  })

  async function rowsSaying(...words: string[]): Promise<string[]> {
    const { rows } = await server.database.pool.query<{ name: string; value: string | null }>(
      `SELECT scope || ' ' || type AS name, value::text AS value FROM rows WHERE type <> 'branch'`,
    )
    return rows.filter(({ value }) => words.some((word) => value?.includes(word))).map(({ name }) => name)
  }
})

describe('a correction', () => {
  test('goes to the secretary alone, is answered once, and is noted in the audit', async () => {
    expect(await phone.does('ask-correction', { subject: 'joined', words: '应为 2019 年加入' })).toBe(
      'accepted',
    )
    const secretary = await server.phone(zhouSecretary)
    const answer = await secretary.sync()
    const asked = answer.scopes[`secretary:${home}`]
    const id = asked?.is === 'rows' ? asked.rows[0]?.[1] : undefined
    const reply = { id, isDone: true, reply: '已核对更正', version: 1 }
    expect(await secretary.does('answer-correction', reply)).toBe('accepted')
    expect(await secretary.does('answer-correction', reply)).toBe('changed-meanwhile')
    expect(await secretary.does('answer-correction', { ...reply, version: 2 })).toBe('already-decided')
    const own = (await phone.sync()).scopes[memberScope(linXiao)]
    expect(own?.is === 'rows' && own.rows.find(([type]) => type === 'correction')?.[2]).toMatchObject({
      state: 'done',
      reply: '已核对更正',
    })
    const { rows } = await server.database.pool.query<{ entry: { act: string } }>('SELECT entry FROM audit')
    expect(rows.map(({ entry }) => entry.act)).toEqual(['answer-correction@1'])
    expect(JSON.stringify(rows)).not.toContain('核对')
  })
})

describe('what nobody needs any more', () => {
  const clean = () => deleteExpired(server.database, server.clock.now)
  const run = (text: string, values: unknown[]) => server.database.pool.query(text, values)

  test.each([
    [
      'an ended session',
      retention.sessionsMs,
      () => server.sessions.end(linXiao, phone.session.refreshToken.split('.')[1] ?? ''),
    ],
    ['a session nobody used', retention.unusedSessionsMs, () => Promise.resolve()],
    [
      'an invitation past its week',
      retention.invitationsMs,
      () =>
        run('INSERT INTO invitations (scope, person_id, created_at, expires_at) VALUES ($1, $2, $3, $3)', [
          'invitation:x',
          linXiao,
          server.clock.now,
        ]),
    ],
    [
      'a WeChat account nobody bound',
      retention.unboundWechatMs,
      () =>
        run('INSERT INTO wechat_accounts (scope, openid, session_key, seen_at) VALUES ($1, $1, $1, $2)', [
          'wechat:x',
          server.clock.now,
        ]),
    ],
    [
      'wrong tries',
      retention.wrongTriesMs,
      () =>
        run('INSERT INTO wrong_tries (scope, count, since) VALUES ($1, 1, $2)', [
          'tries:x',
          server.clock.now,
        ]),
    ],
    [
      'a roster nobody confirmed',
      retention.uploadsMs,
      () =>
        run(
          `INSERT INTO roster_uploads (scope, id, lines, digest, created_at) VALUES ($1, 'x', '{}', 'x', $2)`,
          [memberScope(linXiao), server.clock.now],
        ),
    ],
  ] as const)('%s is deleted when its time is over, and not before', async (what, keptMs, make) => {
    await make()
    if (what !== 'an ended session' && what !== 'a session nobody used')
      await server.database.pool.query('DELETE FROM sessions', [])
    server.clock.now += keptMs
    expect(await clean()).toBe(0)
    server.clock.now += 1
    expect(await clean()).toBe(1)
    expect(await clean()).toBe(0)
  })

  test('a bound WeChat account and a lock that holds stay', async () => {
    await server.database.pool.query('DELETE FROM sessions', [])
    await run(
      'INSERT INTO wechat_accounts (scope, openid, session_key, seen_at, person_id) VALUES ($1, $1, $1, $2, $3)',
      ['wechat:x', server.clock.now, linXiao],
    )
    server.clock.now += 400 * day
    expect(await clean()).toBe(0)
  })
})
