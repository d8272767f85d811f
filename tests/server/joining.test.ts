import { consentVersion } from '#domain/consent'
import type { PersonId } from '#domain/ids'
import { memberScope, reviewScope } from '#domain/scopes'
import { type BranchPerson, codeOfScene, type Invitation, sceneOf } from '#protocol/people'
import type { Problem } from '#protocol/problem'
import type { Session } from '#protocol/sessions'
import { chenLi, home, linXiao, week, zhouSecretary } from '../support/branch'
import { type FakeWechat, fakeWechat } from '../support/fake-wechat'
import { type TestServer, testServer } from '../support/server'

let server: TestServer
let wechat: FakeWechat
const clock = { now: 0 }
const consent = consentVersion

beforeEach(async () => {
  wechat = await fakeWechat({ now: () => clock.now })
  server = await testServer({ wechatUrl: wechat.url })
  clock.now = server.clock.now
})
afterEach(async () => {
  await server.close()
  await wechat.close()
})

const minute = 60_000
const pass = (ms: number) => {
  server.clock.now += ms
  clock.now = server.clock.now
}

const post = (url: string, payload: object, token?: string, more: object = {}) =>
  server.app.inject({
    method: 'POST',
    url,
    payload,
    headers: token ? { authorization: `Bearer ${token}` } : {},
    ...more,
  })

async function invited(personId: PersonId, keeper = zhouSecretary): Promise<Invitation> {
  const phone = await server.phone(keeper)
  const response = await post('/v1/invitations', { personId }, phone.session.accessToken)
  expect(response.statusCode).toBe(200)
  return response.json<Invitation>()
}

const join = (code: string, more: object = {}) => post('/v1/sessions/invitation', { code, consent, ...more })
const problemOf = (response: { json(): unknown }) => (response.json() as Problem).error.code
const byWechat = (openid: string, more: object = { consent }) =>
  post('/v1/sessions/wechat', { code: wechat.codeFor(openid), ...more })
const ticketOf = async (openid: string) =>
  (await byWechat(openid)).json<{ is: 'unbound'; ticket: string }>().ticket

async function personInList(personId: PersonId): Promise<BranchPerson | undefined> {
  const phone = await server.phone(zhouSecretary)
  const response = await server.app.inject({
    url: `/v1/branches/${home}/people`,
    headers: { authorization: `Bearer ${phone.session.accessToken}` },
  })
  return response.json<{ people: BranchPerson[] }>().people.find((each) => each.personId === personId)
}

describe('an invitation from the secretary', () => {
  test('comes as text, link and picture, and its scene fits a mini-program code', async () => {
    const invitation = await invited(linXiao)
    expect(invitation.link).toBe(
      `https://study.example.org/#/pages/sign-in/index?scene=${sceneOf(invitation.code)}`,
    )
    expect(invitation.picture).toMatch(/^data:image\/png;base64,iVBOR/)
    const asked = wechat.requests.find(({ path }) => path === '/wxa/getwxacodeunlimit')
    const scene = (JSON.parse(asked?.body ?? '{}') as { scene: string }).scene
    expect(scene.length).toBeLessThanOrEqual(32)
    expect(codeOfScene(encodeURIComponent(scene))).toBe(invitation.code)
  })

  test('is a QR code of the link while WeChat does not answer', async () => {
    wechat.answerNext('html')
    const { picture } = await invited(linXiao)
    expect(picture).toMatch(/^data:image\/png;base64,iVBOR/)
  })

  test('a newer one ends the one before', async () => {
    const before = await invited(linXiao)
    const after = await invited(linXiao)
    expect(problemOf(await join(before.code))).toBe('invitation-invalid')
    expect((await join(after.code)).statusCode).toBe(200)
  })

  test('is shown to the secretary as sent, and as used', async () => {
    expect((await personInList(linXiao))?.joining).toEqual({ is: 'nothing' })
    const { code, expiresAt } = await invited(linXiao)
    expect((await personInList(linXiao))?.joining).toEqual({ is: 'invited', until: expiresAt })
    await join(code)
    expect((await personInList(linXiao))?.joining).toEqual({ is: 'joined', isWechatBound: false })
  })

  test('shown a second time is refused, and the secretary learns of it', async () => {
    const { code } = await invited(linXiao)
    await join(code, { attempt: 'a'.repeat(20) })
    pass(minute)
    const again = await join(code, { attempt: 'b'.repeat(20) })
    expect(problemOf(again)).toBe('invitation-used')
    expect((await personInList(linXiao))?.joining).toMatchObject({ claimedAgainAt: server.clock.now })
  })

  test('whose answer was lost is good again for the same phone, for ten minutes', async () => {
    const { code } = await invited(linXiao)
    const attempt = 'samephone12345678'
    expect((await join(code, { attempt })).statusCode).toBe(200)
    expect((await join(code, { attempt })).statusCode).toBe(200)
    pass(11 * minute)
    expect(problemOf(await join(code, { attempt }))).toBe('invitation-used')
  })

  test('of two phones that race for it one comes in', async () => {
    const { code } = await invited(linXiao)
    const answers = await Promise.all(
      ['phoneone12345678', 'phonetwo12345678'].map((attempt) => join(code, { attempt })),
    )
    expect(answers.map((each) => each.statusCode).sort()).toEqual([200, 403])
  })

  test('without agreement lets nobody in, and stays good', async () => {
    const { code } = await invited(linXiao)
    expect(problemOf(await join(code, { consent: undefined }))).toBe('consent-needed')
    expect(problemOf(await join(code, { consent: 'an older text' }))).toBe('consent-needed')
    expect((await join(code)).statusCode).toBe(200)
  })
})

describe('guessing', () => {
  test('locks the address for a quarter of an hour, a right code too', async () => {
    const { code } = await invited(linXiao)
    for (let i = 0; i < 20; i += 1) expect(problemOf(await join(`WRONG-${i}`))).toBe('invitation-invalid')
    expect(problemOf(await join(code))).toBe('too-many-tries')
    const elsewhere = await join(code, {})
    expect(problemOf(elsewhere)).toBe('too-many-tries')
    pass(16 * minute)
    expect((await join(code)).statusCode).toBe(200)
  })

  test('from one WeChat account locks it sooner, and nobody else', async () => {
    const ticket = await ticketOf('guesser')
    for (let i = 0; i < 5; i += 1) await join(`WRONG-${i}`, { ticket })
    const { code } = await invited(linXiao)
    expect(problemOf(await join(code, { ticket }))).toBe('too-many-tries')
    expect((await join(code, { ticket: await ticketOf('innocent') })).statusCode).toBe(200)
  })

  test('slowly, over days, is not what locks', async () => {
    for (let i = 0; i < 25; i += 1) {
      expect(problemOf(await join(`WRONG-${i}`))).toBe('invitation-invalid')
      pass(11 * minute)
    }
  })
})

describe('signing in with WeChat', () => {
  test('an unknown account is bound by an invitation, and then comes in by itself', async () => {
    const ticket = await ticketOf('lin')
    const { code } = await invited(linXiao)
    expect((await join(code, { ticket })).json<Session>().personId).toBe(linXiao)
    const later = await byWechat('lin', {})
    expect(later.json()).toMatchObject({ is: 'signed-in', session: { personId: linXiao } })
    expect((await personInList(linXiao))?.joining).toEqual({ is: 'joined', isWechatBound: true })
  })

  test('an account that is another person’s is not bound again', async () => {
    await join((await invited(linXiao)).code, { ticket: await ticketOf('lin') })
    const other = await invited(chenLi)
    // A ticket from before it was bound, or from the bound account itself, is the same account.
    const held = await server.database.query.selectFrom('wechat_accounts').selectAll().execute()
    expect(held).toHaveLength(1)
    const ticket = await ticketFromBound('lin')
    expect(problemOf(await join(other.code, { ticket }))).toBe('bound-to-another')
    expect((await join(other.code)).statusCode).toBe(200)
  })

  /** A ticket taken while the account was nobody's, used after it was bound. */
  async function ticketFromBound(openid: string): Promise<string> {
    await server.database.query.updateTable('wechat_accounts').set({ person_id: null }).execute()
    const ticket = await ticketOf(openid)
    await server.database.query.updateTable('wechat_accounts').set({ person_id: linXiao }).execute()
    return ticket
  }

  test('a new WeChat account by a new invitation replaces the old, which is signed out', async () => {
    await join((await invited(linXiao)).code, { ticket: await ticketOf('old') })
    const oldPhone = (await byWechat('old')).json<{ session: Session }>().session
    await join((await invited(linXiao)).code, { ticket: await ticketOf('new') })
    expect((await byWechat('new')).json()).toMatchObject({ is: 'signed-in' })
    expect((await byWechat('old')).json()).toMatchObject({ is: 'unbound' })
    expect((await post('/v1/sessions/refresh', { refreshToken: oldPhone.refreshToken })).statusCode).toBe(401)
  })

  test.each([
    ['code-used', 'wechat-code', 400],
    ['too-frequent', 'too-many-requests', 429],
    ['blocked', 'wechat-blocked', 403],
    ['html', 'wechat-unavailable', 503],
    ['torn', 'wechat-unavailable', 503],
    ['invalid-secret', 'wechat-unavailable', 503],
  ] as const)('when WeChat answers %s: %s', async (mood, problem, status) => {
    const code = wechat.codeFor('lin')
    if (mood === 'code-used') await post('/v1/sessions/wechat', { code, consent })
    else wechat.answerNext(mood)
    const response = await post('/v1/sessions/wechat', { code, consent })
    expect([problemOf(response), response.statusCode]).toEqual([problem, status])
    expect(response.body).not.toMatch(/session_key|openid|secret/)
  })

  test('when WeChat is busy once, nobody notices; twice, it says so', async () => {
    wechat.answerNext('busy')
    expect((await byWechat('lin')).statusCode).toBe(200)
    wechat.answerNext('busy')
    wechat.answerNext('busy')
    expect(problemOf(await byWechat('lin'))).toBe('wechat-unavailable')
  })

  test('the session key rests sealed, and leaves the server in no answer', async () => {
    const unbound = await byWechat('lin')
    const signedIn = await join((await invited(linXiao)).code, { ticket: await ticketOf('lin') })
    const rows = await server.database.query.selectFrom('wechat_accounts').selectAll().execute()
    const kept = rows[0]?.session_key ?? ''
    expect(kept.length).toBeGreaterThan(40)
    expect(Buffer.from(kept, 'base64').length).not.toBe(16)
    expect(unbound.body + signedIn.body).not.toContain(kept)
  })

  test('X-WX-OPENID written by anybody counts for nothing here', async () => {
    const response = await post('/v1/sessions/wechat', { consent }, undefined, {
      headers: { 'x-wx-openid': 'lin', 'x-wx-source': 'wx_client' },
    })
    expect(problemOf(response)).toBe('wechat-code')
  })
})

describe('behind WeChat’s own hosting', () => {
  let cloud: TestServer
  beforeEach(async () => {
    cloud = await testServer({ wechatUrl: wechat.url, isCloud: true })
  })
  afterEach(() => cloud.close())
  const ask = (headers: Record<string, string>) =>
    cloud.app.inject({ method: 'POST', url: '/v1/sessions/wechat', payload: { consent }, headers })

  test('the platform says who asks', async () => {
    const response = await ask({ 'x-wx-openid': 'lin', 'x-wx-source': 'wx_client' })
    expect(response.json()).toMatchObject({ is: 'unbound' })
    expect(wechat.requests).toEqual([])
  })

  test('but not without the mark that it came through WeChat', async () => {
    expect(problemOf(await ask({ 'x-wx-openid': 'lin' }))).toBe('wechat-code')
    expect(problemOf(await ask({ 'x-wx-openid': 'lin', 'x-wx-source': ' ' }))).toBe('wechat-code')
  })
})

describe('unbinding', () => {
  test('ends access everywhere; a new invitation finds all that was recorded', async () => {
    await join((await invited(linXiao)).code, { ticket: await ticketOf('lin') })
    const phone = await server.phone(linXiao)
    expect(await phone.does('check-in', { week })).toBe('accepted')
    const secretary = await server.phone(zhouSecretary)
    const done = await post('/v1/people/unbind', { personId: linXiao }, secretary.session.accessToken)
    expect(done.statusCode).toBe(204)
    expect((await phone.post(phone.request())).statusCode).toBe(401)
    expect((await byWechat('lin')).json()).toMatchObject({ is: 'unbound' })
    expect((await personInList(linXiao))?.joining).toEqual({ is: 'nothing' })

    await join((await invited(linXiao)).code, { ticket: await ticketOf('another phone') })
    const again = await server.phone(linXiao)
    const answer = await again.sync()
    const own = answer.scopes[memberScope(linXiao)]
    expect(own?.is === 'rows' && own.rows.some(([type]) => type === 'register-line')).toBe(true)
  })
})

describe('WeChat tells of its own accord', () => {
  const eventsUrl = '/v1/wechat/events'

  const events = {
    revoked: { Event: 'user_authorization_revoke', OpenID: 'lin', RevokeInfo: '6' },
    cancelled: { Event: 'user_authorization_cancellation', OpenID: 'lin' },
  }
  let address = ''
  beforeEach(async () => {
    address = (await server.app.listen({ port: 0, host: '127.0.0.1' })) + eventsUrl
  })

  test('its trial of the address is answered', async () => {
    expect(await wechat.tryAddress(address)).toBe(true)
  })

  test.each(Object.entries(events))('%s: the account is forgotten and signed out', async (_is, event) => {
    await join((await invited(linXiao)).code, { ticket: await ticketOf('lin') })
    const phone = await server.phone(linXiao)
    const response = await wechat.pushEvent(address, event)
    expect([response.status, await response.text()]).toEqual([200, 'success'])
    expect((await phone.post(phone.request())).statusCode).toBe(401)
    expect(await server.database.query.selectFrom('wechat_accounts').selectAll().execute()).toEqual([])
    // Told a second time, it changes nothing.
    expect((await wechat.pushEvent(address, event)).status).toBe(200)
  })

  test.each(['wxa_punish_event', 'user_info_modified', 'wxa_illegal_record'])(
    '%s is heard, logged by its name and changes nothing here',
    async (Event) => {
      await join((await invited(linXiao)).code, { ticket: await ticketOf('lin') })
      expect((await wechat.pushEvent(address, { Event, OpenID: 'lin' })).status).toBe(200)
      expect((await byWechat('lin')).json()).toMatchObject({ is: 'signed-in' })
    },
  )

  test('a forged one changes nothing', async () => {
    await join((await invited(linXiao)).code, { ticket: await ticketOf('lin') })
    const url = `${eventsUrl}?msg_signature=${'0'.repeat(40)}&timestamp=${Math.floor(clock.now / 1000)}&nonce=1`
    expect((await post(url, { Encrypt: 'AAAA' })).statusCode).toBe(403)
    expect((await byWechat('lin')).json()).toMatchObject({ is: 'signed-in' })
  })
})

test('two people of one name are told apart by their numbers', async () => {
  const scope = reviewScope(home)
  const namesakes = [linXiao, chenLi].map((personId, index) => ({
    branchId: home,
    personId,
    name: '王伟',
    number: `A00${index}`,
    membership: 'full' as const,
    spells: [{ from: '2020-01-01' }],
    exempt: [],
    longAbsence: [],
  }))
  await server.write(namesakes.map((value) => ({ scope, type: 'membership', key: value.personId, value })))
  expect((await personInList(linXiao))?.number).toBe('A000')
  expect((await personInList(chenLi))?.number).toBe('A001')
})
