import { lineKey } from '#domain/attendance'
import { branchScope, memberScope, reviewScope } from '#domain/scopes'
import { bodyLimit, type SyncAnswer } from '#protocol/sync'
import { readRecords } from '#server/storage/rows'
import { chenLi, elsewhere, home, linXiao, outsider, week, wuGuifang, zhouSecretary } from '../support/branch'
import { type TestServer, testServer } from '../support/server'

let server: TestServer
beforeEach(async () => {
  server = await testServer()
})
afterEach(() => server.close())

const lineOf = async (who: typeof linXiao) => {
  const key = lineKey(week, who)
  const scope = reviewScope(home)
  return (await readRecords(server.database.pool, [{ scope, type: 'register-line', key }])).get(
    scope,
    'register-line',
    key,
  )
}
const rowsOf = (answer: SyncAnswer, scope: string, type: string) => {
  const news = answer.scopes[scope]
  return news?.is === 'rows' ? news.rows.filter((row) => row[0] === type) : []
}

test('a check-in is decided, kept, and shows on the secretary’s register', async () => {
  const [lin, zhou] = [await server.phone(linXiao), await server.phone(zhouSecretary)]
  await zhou.sync()
  expect(await lin.does('check-in', { week })).toBe('accepted')
  const news = await zhou.sync()
  expect(rowsOf(news, reviewScope(home), 'register-line')).toEqual([
    ['register-line', `${week}/${linXiao}`, expect.objectContaining({ standing: 'on-time', via: 'own' })],
  ])
  expect(Object.keys((await zhou.sync()).scopes)).toEqual([])
})

test('the same command again is answered as at first, and done once', async () => {
  const lin = await server.phone(linXiao)
  const request = lin.request([lin.command('check-in', { week })])
  const [first, second] = [await lin.post(request), await lin.post(request)]
  expect(second.json<SyncAnswer>().outcomes).toEqual(first.json<SyncAnswer>().outcomes)
  expect((await lineOf(linXiao))?.version).toBe(1)
})

test('two requests with the same command at the same moment do it once', async () => {
  const lin = await server.phone(linXiao)
  const request = lin.request([lin.command('check-in', { week })])
  const answers = await Promise.all([1, 2, 3, 4].map(() => lin.post(request)))
  expect(answers.map((each) => each.json<SyncAnswer>().outcomes)).toEqual(
    Array(4).fill([{ id: 1, result: { outcome: 'accepted' } }]),
  )
  expect((await lineOf(linXiao))?.version).toBe(1)
})

test('a gap ends the list: what follows waits for what is missing', async () => {
  const lin = await server.phone(linXiao)
  const [first, second, third] = [1, 2, 3].map(() => lin.command('check-in', { week }))
  if (!first || !second || !third) throw new Error('three were made')
  const answer = await lin.sync([first, third])
  expect(answer.last).toBe(1)
  expect(answer.outcomes.map(({ id }) => id)).toEqual([1])
  expect((await lin.sync([second, third])).last).toBe(3)
})

test('out of order in one request, the order of ids counts', async () => {
  const lin = await server.phone(linXiao)
  const [first, second] = [
    lin.command('ask-leave', { week, kind: 'sick', note: '' }),
    lin.command('check-in', { week }),
  ]
  const answer = await lin.sync([second, first])
  expect(answer.outcomes.map(({ id }) => id)).toEqual([1, 2])
})

describe('bad input changes nothing and says so', () => {
  test.each([
    { what: 'no JSON', body: '{', status: 400, code: 'malformed' },
    { what: 'another form', body: { hello: 1 }, status: 400, code: 'malformed' },
    { what: 'a negative id', body: (b: object) => ({ ...b, next: -1 }), status: 400, code: 'malformed' },
    { what: 'too large', body: 'x'.repeat(bodyLimit + 2000), status: 413, code: 'too-large' },
    {
      what: 'another person’s outbox',
      body: (b: object) => ({ ...b, actor: chenLi }),
      status: 403,
      code: 'wrong-actor',
    },
  ])('$what → $status', async ({ body, status, code }) => {
    const lin = await server.phone(linXiao)
    const made = typeof body === 'function' ? body(lin.request([lin.command('check-in', { week })])) : body
    const response = await lin.post(made)
    expect(response.statusCode).toBe(status)
    expect(response.json()).toEqual({
      error: { code, message: expect.stringMatching(/[一-龥]/), traceId: expect.any(String) },
    })
    expect(await lineOf(linXiao)).toBeUndefined()
  })

  test.each([undefined, 'nonsense', 'eyJhbGciOiJub25lIn0.eyJzdWIiOiJsaW4teGlhbyJ9.'])(
    'token %s → 401',
    async (token) => {
      const lin = await server.phone(linXiao)
      const response = await lin.post(lin.request(), token ?? '')
      expect(response.statusCode).toBe(401)
    },
  )

  test.each([
    { command: 'fly@1', args: {}, code: 'unknown-command' },
    { command: 'check-in@9', args: { week }, code: 'unknown-command' },
    { command: 'check-in@-9', args: { week }, code: 'unknown-command' },
    { command: 'constructor@1', args: {}, code: 'unknown-command' },
    { command: 'check-in@1', args: { week: '2025-W99' }, code: 'malformed' },
    { command: 'check-in@1', args: 'x', code: 'malformed' },
    { command: 'close-register@1', args: { week, version: 1 }, code: 'not-allowed' },
  ])('$command $args → refused: $code, and the queue moves on', async ({ command, args, code }) => {
    const lin = await server.phone(linXiao)
    const bad = { ...lin.command('check-in', { week }), command, args }
    const answer = await lin.sync([bad, lin.command('check-in', { week })])
    expect(answer.outcomes).toEqual([
      { id: 1, result: { outcome: 'refused', refusal: { code } } },
      { id: 2, result: { outcome: 'accepted' } },
    ])
  })

  test('a scope of others is told gone, whether it exists or not; nothing of it is sent', async () => {
    const lin = await server.phone(linXiao)
    lin.cursors = Object.fromEntries(
      [reviewScope(home), memberScope(chenLi), 'review:nowhere', branchScope(elsewhere)].map((scope) => [
        scope,
        { epoch: 1, seq: 0 },
      ]),
    )
    const { scopes } = await lin.sync()
    for (const scope of [reviewScope(home), memberScope(chenLi), 'review:nowhere', branchScope(elsewhere)]) {
      expect(scopes[scope]).toEqual({ is: 'gone' })
    }
    expect(
      Object.keys(scopes)
        .filter((scope) => scopes[scope]?.is === 'rows')
        .sort(),
    ).toEqual([branchScope(home), memberScope(linXiao), 'organization:association'].sort())
  })

  test('a cursor of another epoch, or from the future, begins anew', async () => {
    const lin = await server.phone(linXiao)
    for (const cursor of [
      { epoch: 7, seq: 1 },
      { epoch: 1, seq: 999 },
    ]) {
      lin.cursors = { [memberScope(linXiao)]: cursor }
      expect((await lin.sync()).scopes[memberScope(linXiao)]).toMatchObject({
        is: 'rows',
        isReset: true,
        from: 0,
      })
    }
  })
})

describe('a fault of ours', () => {
  const spoil = (value: string) =>
    server.database.pool.query(
      `UPDATE rows SET value = jsonb_set(value, '{heldOn}', $1::jsonb) WHERE scope = $2 AND type = 'weekly-study'`,
      [value, branchScope(home)],
    )

  test('is never told as a refusal; the fifth time it is set aside whole, and the queue moves on', async () => {
    const lin = await server.phone(linXiao)
    await spoil('"a day"')
    const request = lin.request([lin.command('check-in', { week }), lin.command('check-in', { week })])
    for (let attempt = 1; attempt < 5; attempt++) {
      const response = await lin.post(request)
      expect([response.statusCode, response.json().error.code]).toEqual([500, 'internal'])
    }
    const fifth = (await lin.post(request)).json<SyncAnswer>()
    expect(fifth).toMatchObject({ last: 1, outcomes: [{ id: 1, result: { outcome: 'set-aside' } }] })
    const kept = await server.database.query.selectFrom('set_aside').selectAll().execute()
    expect(kept).toMatchObject([{ id: 1, command: { command: 'check-in@1', args: { week } } }])
  })

  test('that is mended in time leaves no trace', async () => {
    const lin = await server.phone(linXiao)
    const request = lin.request([lin.command('check-in', { week })])
    await spoil('"a day"')
    expect((await lin.post(request)).statusCode).toBe(500)
    await spoil('"2025-03-10"')
    expect((await lin.post(request)).json<SyncAnswer>().outcomes).toEqual([
      { id: 1, result: { outcome: 'accepted' } },
    ])
  })
})

test('forty people at the same moment: a reader that follows the sequence misses none', async () => {
  const zhou = await server.phone(zhouSecretary)
  const people = [linXiao, chenLi, wuGuifang]
  const phones = await Promise.all(
    Array.from({ length: 13 }, () => people)
      .flat()
      .map((who) => server.phone(who)),
  )
  await zhou.sync()
  const seen = new Map<string, number>()
  let isDone = false
  const reading = (async () => {
    for (let last = false; !last; ) {
      last = isDone
      for (const row of rowsOf(await zhou.sync(), reviewScope(home), 'amendment')) seen.set(row[1], 1)
    }
  })()
  const committee = await Promise.all(Array.from({ length: 8 }, () => server.phone(zhouSecretary)))
  server.clock.now += 10 * 60_000
  await Promise.all([
    ...phones.map((phone) => phone.does('check-in', { week })),
    ...committee.map(async (phone) => {
      for (let round = 0; round < 5; round++) {
        await phone.does('record-rest', { week, memberIds: [zhouSecretary, ...people] })
        await phone.does('decide-leave', { week, memberId: linXiao, isAccepted: true, version: 1 })
      }
    }),
  ])
  isDone = true
  await reading
  const { rows } = await server.database.pool.query<{ key: string; seq: number }>(
    `SELECT key, seq FROM rows WHERE scope = $1 ORDER BY seq`,
    [reviewScope(home)],
  )
  expect(new Set(rows.map((row) => row.seq)).size).toBe(rows.length)
  const amendments = await server.database.pool.query<{ key: string }>(
    `SELECT key FROM rows WHERE scope = $1 AND type = 'amendment'`,
    [reviewScope(home)],
  )
  expect([...seen.keys()].sort()).toEqual(amendments.rows.map((row) => row.key).sort())
})

test('somebody of another branch sees nothing of this one', async () => {
  const other = await server.phone(outsider)
  const lin = await server.phone(linXiao)
  await lin.does('check-in', { week })
  const { scopes } = await other.sync()
  expect(JSON.stringify(scopes)).not.toContain(linXiao)
})

test('a large scope comes in answers below 100 KiB, whole and without a repeat', async () => {
  const words = '学'.repeat(60)
  const weeks = Array.from(
    { length: 700 },
    (_, index) => `${2030 + Math.floor(index / 50)}-W${String((index % 50) + 1).padStart(2, '0')}`,
  )
  await server.write(
    weeks.map((key) => ({
      scope: branchScope(home),
      type: 'weekly-study',
      key,
      value: { state: 'not-held', week: key, version: 1, isOverridden: true, reason: words },
    })),
  )
  const phone = await server.phone(linXiao)
  const got: string[] = []
  let answers = 0
  for (let isMore = true; isMore; answers += 1) {
    const response = await phone.post(phone.request())
    expect(response.rawPayload.length).toBeLessThan(100 * 1024)
    const answer = response.json<SyncAnswer>()
    got.push(...rowsOf(answer, branchScope(home), 'weekly-study').map(([, key]) => key))
    for (const [scope, news] of Object.entries(answer.scopes)) {
      if (news.is === 'rows') phone.cursors[scope] = { epoch: news.epoch, seq: news.seq }
    }
    isMore = Object.values(answer.scopes).some((news) => news.is === 'rows' && news.hasMore)
  }
  expect(answers).toBeGreaterThan(1)
  expect(new Set(got).size).toBe(got.length)
  expect(weeks.filter((key) => !got.includes(key))).toEqual([])
})
