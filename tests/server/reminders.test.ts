import { createHmac } from 'node:crypto'
import { lineChanges } from '#domain/attendance'
import type { PersonId } from '#domain/ids'
import type { Change } from '#domain/records'
import { mostReminders } from '#domain/reminder'
import { branchScope, leaveScope, memberScope, reviewScope } from '#domain/scopes'
import { isHeld } from '#domain/weekly-study'
import type { Reminders as Answer } from '#protocol/reminders'
import { endDueAccounts } from '#server/jobs/end-accounts'
import { deleteExpired, retention } from '#server/jobs/retention'
import { giveCredit } from '#server/reminders/credits'
import { Reminders } from '#server/reminders/reminders'
import { sealer } from '#server/seal'
import { WechatAccounts } from '#server/wechat/wechat-accounts'
import { WechatApi } from '#server/wechat/wechat-api'
import {
  activist,
  admin,
  at,
  chenLi,
  elsewhere,
  home,
  linXiao,
  outsider,
  plan,
  TestBranch,
  week,
  wuGuifang,
  zhouSecretary,
} from '../support/branch'
import { type FakeWechat, fakeWechat, wechatAccount } from '../support/fake-wechat'
import { freePort } from '../support/free-port'
import { type TestServer, testServer } from '../support/server'

const templateId = 'ReminderTemplate_0123456789abcdefghijklmn'
const template = { templateId, fields: { what: 'thing1', when: 'time2', where: 'thing3', note: 'thing4' } }
const fields = Object.values(template.fields)

let wechat: FakeWechat
let server: TestServer
const branch = () => new TestBranch({ place: '三楼会议室' })
const troubles: { code: number | undefined; field?: string | undefined }[] = []

async function start(tested = branch()) {
  server = await testServer({ branch: tested, wechatUrl: wechat.url, reminders: template })
  server.clock.now = at('07:40')
}
beforeEach(async () => {
  troubles.length = 0
  wechat = await fakeWechat({ now: () => server.clock.now, templates: { [templateId]: fields } })
  await start()
})
afterEach(async () => {
  await server.close()
  await wechat.close()
})

const openidOf = (who: PersonId) => `o${who}-at-our-mini-program`
/** Signed in by WeChat once. */
const bind = (who: PersonId) =>
  server.database.pool.query(
    `INSERT INTO wechat_accounts (scope, openid, person_id, session_key, seen_at, bound_at)
      VALUES ($1, $2, $3, '', 0, 0)`,
    [`wechat:${who}`, openidOf(who), who],
  )
let agreements = 0
/** They say yes in WeChat, and the phone tells us. */
async function agrees(who: PersonId, times = 1) {
  for (let time = 0; time < times; time += 1) {
    agreements += 1
    await giveCredit(
      server.database,
      who,
      { id: `agreement${String(agreements).padStart(4, '0')}`, templateId },
      server.clock.now + time,
    )
  }
  wechat.agrees(openidOf(who), templateId, times)
}
const apiTo = (baseUrl: string, timeoutMs = 500) =>
  new WechatApi({
    appId: wechatAccount.appId,
    secret: wechatAccount.secret,
    baseUrl,
    timeoutMs,
    now: () => server.clock.now,
  })
const remindersBy = (api = apiTo(wechat.url)) =>
  new Reminders({
    database: server.database,
    api,
    template,
    minutesBefore: 60,
    now: () => server.clock.now,
    onTrouble: (trouble) => troubles.push(trouble),
  })
const reached = () => wechat.messages.map(({ openid }) => openid)
const left = async (who: PersonId) =>
  (
    await server.database.pool.query(
      'SELECT FROM reminder_credits WHERE scope = $1 AND template = $2 AND ended_at IS NULL',
      [memberScope(who), templateId],
    )
  ).rowCount
const remindersOf = async (who: PersonId) =>
  (
    await server.database.pool.query<{ gathering: string; state: string; errcode: number | null }>(
      'SELECT gathering, state, errcode FROM reminders WHERE scope = $1',
      [memberScope(who)],
    )
  ).rows

describe('who is reminded, and of what', () => {
  test('whoever agreed is, once: what it is, when and where, and nobody’s name', async () => {
    await bind(linXiao)
    await agrees(linXiao, 2)
    expect(await remindersBy().pass()).toEqual({ sent: 1, isMore: false })
    expect(await remindersBy().pass()).toEqual({ sent: 0, isMore: false })
    expect(wechat.messages).toEqual([
      {
        openid: openidOf(linXiao),
        templateId,
        page: 'pages/home/index',
        data: {
          thing1: '周汇朝学',
          time2: '2025年3月10日 08:30',
          thing3: '三楼会议室',
          thing4: '安排以小程序为准',
        },
      },
    ])
    expect(await left(linXiao)).toBe(1)
    expect(await remindersOf(linXiao)).toEqual([
      { gathering: `${home}/${week}`, state: 'sent', errcode: null },
    ])
  })

  test.each([
    { clock: '07:29', messages: 0 },
    { clock: '07:30', messages: 1 },
    { clock: '08:29', messages: 1 },
    { clock: '08:30', messages: 0 },
  ])('at $clock, an hour ahead: $messages', async ({ clock, messages }) => {
    await bind(linXiao)
    server.clock.now = at(clock)
    await agrees(linXiao)
    await remindersBy().pass()
    expect(wechat.messages).toHaveLength(messages)
  })

  test('not who is not expected, is recorded, has leave, or never agreed', async () => {
    await server.close()
    const here = branch()
    here.enrol(wuGuifang, { exempt: [{ from: '2025-01-01' }] })
    await start(here)
    const people = [linXiao, chenLi, wuGuifang, activist, zhouSecretary, outsider, admin]
    for (const who of people) await bind(who)
    for (const who of people.filter((each) => each !== linXiao)) await agrees(who)
    const study = here.study()
    if (!isHeld(study)) throw new Error('no study')
    const line = {
      week,
      branchId: home,
      memberId: chenLi,
      standing: 'on-time' as const,
      via: 'keeper' as const,
      source: 'on-site' as const,
      receivedAt: at('07:00'),
      isLateSync: false,
      isBackfilled: false,
      isAmended: false,
      version: 1,
    }
    await server.write(lineChanges(study, undefined, line))
    const leave: Change = {
      scope: leaveScope(home),
      type: 'leave',
      key: `${week}/${zhouSecretary}`,
      value: {
        week,
        branchId: home,
        memberId: zhouSecretary,
        kind: 'official',
        note: '',
        state: 'accepted',
        askedAt: 1,
        receivedAt: 1,
        version: 1,
      },
    }
    await server.write([leave])
    await remindersBy().pass()
    expect(reached()).toEqual([openidOf(outsider)]) // of their own branch's study
    expect(await remindersOf(outsider)).toMatchObject([{ gathering: `${elsewhere}/${week}` }])

    await server.write([{ ...leave, value: { ...leave.value, state: 'declined' } as never }])
    await remindersBy().pass()
    expect(reached()).toEqual([openidOf(outsider), openidOf(zhouSecretary)])
  })

  test('not who has no WeChat account here', async () => {
    await agrees(linXiao)
    await remindersBy().pass()
    expect(wechat.requests).toEqual([])
    expect(await left(linXiao)).toBe(1)
  })

  test('of a meeting once the branch was told, by its kind alone, and only those it is for', async () => {
    await server.close()
    const here = branch()
    const id = here.planned({ kind: 'committee-meeting', attends: [linXiao, chenLi] } as Partial<typeof plan>)
    await start(here)
    for (const who of [linXiao, wuGuifang]) await bind(who)
    for (const who of [linXiao, wuGuifang]) await agrees(who)
    server.clock.now = at('13:30')
    await remindersBy().pass()
    expect(reached()).toEqual([])
    const meeting = here.meeting(id)
    await server.write([
      { scope: branchScope(home), type: 'meeting', key: id, value: { ...meeting, notifiedAt: at('09:00') } },
    ])
    await remindersBy().pass()
    expect(wechat.messages).toMatchObject([
      {
        openid: openidOf(linXiao),
        page: `packages/meetings/meeting/index?branch=${home}&id=${id}`,
        data: { thing1: '支委会', time2: '2025年3月10日 14:00', thing3: '三楼会议室' },
      },
    ])
    expect(JSON.stringify(wechat.messages)).not.toContain(plan.topic)
  })

  test('without a place the message says where to look', async () => {
    await server.close()
    await start(new TestBranch())
    await bind(linXiao)
    await agrees(linXiao)
    await remindersBy().pass()
    expect(wechat.messages[0]?.data.thing3).toBe('见小程序')
  })

  test('two servers at once send each person one', async () => {
    const people = [linXiao, chenLi, wuGuifang, zhouSecretary]
    for (const who of people) await bind(who)
    for (const who of people) await agrees(who, 3)
    const passes = await Promise.all([remindersBy().pass(), remindersBy().pass(), remindersBy().pass()])
    expect(passes.reduce((sum, { sent }) => sum + sent, 0)).toBe(4)
    expect(reached().sort()).toEqual(people.map(openidOf).sort())
    for (const who of people) expect(await left(who)).toBe(2)
  })

  test('a server that died while it sent leaves it: never twice', async () => {
    await bind(linXiao)
    await agrees(linXiao, 2)
    const dead = {
      accessToken: async () => '',
      sendSubscribeMessage: () => new Promise<never>(() => undefined),
    }
    void remindersBy(dead as never).pass()
    while ((await remindersOf(linXiao)).length === 0) await new Promise((resolve) => setTimeout(resolve, 20))
    await remindersBy().pass()
    expect(wechat.messages).toEqual([])
    expect(await left(linXiao)).toBe(1)
  })
})

describe('what WeChat answers', () => {
  const warm = async (api: WechatApi) => {
    await api.accessToken()
    return api
  }
  beforeEach(async () => {
    await bind(linXiao)
    await agrees(linXiao, 3)
  })

  test('43101: they have none left there, so none here, and nobody asks again', async () => {
    wechat.agrees(openidOf(linXiao), templateId, -3) // they refused it in WeChat's settings
    await remindersBy().pass()
    expect(await left(linXiao)).toBe(0)
    expect(await remindersOf(linXiao)).toMatchObject([{ state: 'refused', errcode: 43101 }])
    await agrees(linXiao)
    await remindersBy().pass()
    expect(wechat.messages).toEqual([]) // once for a gathering
    expect(troubles).toEqual([]) // it is their right
  })

  test('47003: given back, told with the field, and not repeated for this study', async () => {
    const wrong = new Reminders({
      database: server.database,
      api: apiTo(wechat.url),
      template: { templateId, fields: { what: 'thing1', when: 'time2', where: 'thing3' } }, // thing4 is missing
      minutesBefore: 60,
      now: () => server.clock.now,
      onTrouble: (trouble) => troubles.push(trouble),
    })
    await wrong.pass()
    await wrong.pass()
    expect(troubles).toEqual([{ code: 47003, field: 'thing4' }])
    expect(await left(linXiao)).toBe(3)
    expect(await remindersOf(linXiao)).toMatchObject([{ state: 'malformed', errcode: 47003 }])
  })

  test('a token that was ended is fetched again, once', async () => {
    const api = await warm(apiTo(wechat.url))
    wechat.answerNext('stale-token')
    expect((await remindersBy(api).pass()).sent).toBe(1)
    expect(wechat.requests.filter(({ path }) => path === '/cgi-bin/stable_token')).toHaveLength(2)
    expect(troubles).toEqual([])
  })

  test.each([
    { what: 'busy, twice', moods: ['busy', 'busy'], code: -1 },
    { what: 'the day’s messages are used up', moods: ['used-up'], code: 45009 },
    { what: 'a server that is not in the list', moods: ['unknown-address'], code: 40164 },
    { what: 'tokens that keep ending', moods: ['stale-token', 'as-usual', 'stale-token'], code: 40001 },
  ] as const)('$what: given back, and tried again until it begins', async ({ moods, code }) => {
    const api = await warm(apiTo(wechat.url))
    for (const mood of moods) wechat.answerNext(mood)
    expect(await remindersBy(api).pass()).toEqual({ sent: 0, isMore: false })
    expect(troubles).toEqual([{ code }])
    expect(await left(linXiao)).toBe(3)
    expect(await remindersOf(linXiao)).toMatchObject([{ state: 'waiting', errcode: code }])
    server.clock.now = at('08:29')
    expect((await remindersBy(api).pass()).sent).toBe(1)
    expect(await left(linXiao)).toBe(2)
  })

  test('no connection: given back, and tried again, but not once it has begun', async () => {
    const api = await warm(apiTo(wechat.url))
    const nowhere = apiTo(`http://127.0.0.1:${await freePort()}`)
    nowhere.accessToken = () => api.accessToken()
    await remindersBy(nowhere).pass()
    expect(await remindersOf(linXiao)).toMatchObject([{ state: 'waiting' }])
    expect(await left(linXiao)).toBe(3)
    server.clock.now = at('08:30')
    await remindersBy(api).pass()
    expect(wechat.messages).toEqual([])
  })

  test('without a token no credit is touched', async () => {
    wechat.answerNext('invalid-secret')
    await remindersBy().pass()
    expect(troubles).toEqual([{ code: 40125 }])
    expect([await left(linXiao), await remindersOf(linXiao)]).toEqual([3, []])
  })

  test.each(['timeout', 'torn', 'half', 'bad-gateway'] as const)(
    'no answer that can be read (%s): it may have arrived, so it is not sent again',
    async (mood) => {
      const api = await warm(apiTo(wechat.url))
      wechat.answerNext(mood)
      await remindersBy(api).pass()
      await remindersBy(api).pass()
      expect(wechat.messages).toEqual([])
      expect(await left(linXiao)).toBe(2)
      expect(await remindersOf(linXiao)).toMatchObject([{ state: 'unclear' }])
    },
  )

  test('an account that WeChat does not know: given back, and left', async () => {
    await server.database.pool.query(`UPDATE wechat_accounts SET openid = 'nobody'`)
    await remindersBy().pass()
    await remindersBy().pass()
    expect(troubles).toEqual([{ code: 40003 }])
    expect(await left(linXiao)).toBe(3)
    expect(await remindersOf(linXiao)).toMatchObject([{ state: 'failed', errcode: 40003 }])
  })
})

describe('/v1/reminders', () => {
  const ask = async (who: PersonId, payload?: object) => {
    const { session } = await server.phone(who)
    const response = await server.app.inject({
      method: payload === undefined ? 'GET' : 'POST',
      url: '/v1/reminders',
      ...(payload === undefined ? {} : { payload }),
      headers: { authorization: `Bearer ${session.accessToken}` },
    })
    return { status: response.statusCode, body: response.json<Answer>() }
  }

  test('an agreement counts once, however often it is told, and for nobody else', async () => {
    const agreed = { id: 'agreedonmonday', templateId }
    for (let times = 0; times < 3; times += 1) {
      const { status, body } = await ask(linXiao, agreed)
      expect([status, body.wechat]).toEqual([200, { templateId, left: 1, isBound: false }])
    }
    expect((await ask(linXiao, { ...agreed, id: 'agreedontuesday' })).body.wechat?.left).toBe(2)
    expect((await ask(chenLi)).body).toEqual({
      minutesBefore: 60,
      wechat: { templateId, left: 0, isBound: false },
    })
  })

  test(`not more than ${mostReminders} are kept`, async () => {
    await agrees(linXiao, mostReminders - 1)
    for (const id of ['onemoreofthem', 'onetoomanyofthem'])
      expect((await ask(linXiao, { id, templateId })).body.wechat?.left).toBe(mostReminders)
  })

  test.each([
    { id: 'short', templateId, status: 400 },
    { id: 'with spaces in it', templateId, status: 400 },
    { id: 'agreedonmonday', templateId: 'x', status: 400 },
    { id: 'agreedonmonday', templateId: 'AnotherTemplate_0123456789abcdefghijklmno', status: 404 },
  ])('%o is turned down', async ({ status, ...payload }) => {
    expect((await ask(linXiao, payload)).status).toBe(status)
    expect(await left(linXiao)).toBe(0)
  })

  test('where there is no template there is nothing to agree to', async () => {
    await server.close()
    server = await testServer()
    expect((await ask(linXiao)).body).toEqual({ minutesBefore: 60 })
    expect((await ask(linXiao, { id: 'agreedonmonday', templateId })).status).toBe(404)
  })

  test('whoever came in by WeChat may link the phone’s calendar to the app: signed by their session key', async () => {
    const { ticket } = (
      await server.app.inject({
        method: 'POST',
        url: '/v1/sessions/wechat',
        payload: { code: wechat.codeFor('oLinXiao0123'), consent: 'x' },
      })
    ).json<{ ticket: string }>()
    expect(ticket).toBeDefined()
    await server.database.pool.query('UPDATE wechat_accounts SET person_id = $1', [linXiao])
    const { body } = await ask(linXiao)
    expect(body.wechat?.isBound).toBe(true)
    const now = () => server.clock.now
    const accounts = await WechatAccounts.open(server.database, sealer(Buffer.alloc(32, 7)), now)
    const sessionKey = (await accounts.sessionKeyOf(linXiao)) ?? ''
    expect(body.calendarLink).toEqual({
      path: 'pages/home/index',
      signature: createHmac('sha256', sessionKey).update('pages/home/index').digest('hex'),
    })
    expect(JSON.stringify(body)).not.toContain(sessionKey)
    expect((await ask(chenLi)).body.calendarLink).toBeUndefined()
    // Behind WeChat's own hosting there is no session key: reminders all the same, without the link.
    await bind(chenLi)
    expect((await ask(chenLi)).body).toEqual({
      minutesBefore: 60,
      wechat: { templateId, left: 0, isBound: true },
    })
  })
})

describe('what is kept of it', () => {
  const rows = async () =>
    (
      await server.database.pool.query(
        'SELECT scope FROM reminder_credits UNION ALL SELECT scope FROM reminders',
      )
    ).rowCount

  test('goes a month after it was spent; what is not spent stays', async () => {
    await bind(linXiao)
    await agrees(linXiao, 2)
    await remindersBy().pass()
    server.clock.now += retention.remindersMs
    await deleteExpired(server.database, server.clock.now)
    expect(await rows()).toBe(3)
    server.clock.now += 1
    await deleteExpired(server.database, server.clock.now)
    expect(await rows()).toBe(1)
    expect(await left(linXiao)).toBe(1)
  })

  test('goes with the agreement to the privacy notice, and with the account', async () => {
    for (const who of [linXiao, chenLi]) await agrees(who)
    const { session } = await server.phone(linXiao)
    await server.app.inject({
      method: 'POST',
      url: '/v1/me/consent/withdraw',
      headers: { authorization: `Bearer ${session.accessToken}` },
    })
    expect([await left(linXiao), await left(chenLi)]).toEqual([0, 1])
    const scope = memberScope(chenLi)
    const value = { state: 'asked', askedAt: 1, dueAt: 2 } as const
    await server.write([{ scope, type: 'cancellation', key: 'cancellation', value }])
    await endDueAccounts(server.database, server.clock.now)
    expect(await rows()).toBe(0)
  })
})

test('no line of the register and no record is touched by it', async () => {
  await bind(linXiao)
  await agrees(linXiao)
  const { rows: before } = await server.database.pool.query('SELECT scope, head FROM scopes ORDER BY scope')
  await remindersBy().pass()
  const { rows: after } = await server.database.pool.query('SELECT scope, head FROM scopes ORDER BY scope')
  expect(after).toEqual(before)
  expect(after.map(({ scope }) => scope)).toContain(reviewScope(home))
})
