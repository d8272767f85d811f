import { inspect } from 'node:util'
import { WechatApi, type WechatApiOptions } from '#server/wechat/wechat-api'
import { WechatMisconfigured, WechatRefused, WechatUnavailable } from '#server/wechat/wechat-errors'
import { type FakeWechat, fakeWechat, type WechatMood, wechatAccount } from '../support/fake-wechat'

const openid = 'oLinXiao0123456789abcdefghij'
const clock = { now: Date.parse('2026-03-02T08:26:00+08:00') }
const now = () => clock.now
const minutes = (count: number) => {
  clock.now += count * 60_000
}

let wechat: FakeWechat
beforeEach(async () => {
  wechat = await fakeWechat({ now })
})
afterEach(() => wechat.close())

const api = (options: Partial<WechatApiOptions> = {}) =>
  new WechatApi({
    appId: wechatAccount.appId,
    secret: wechatAccount.secret,
    baseUrl: wechat.url,
    timeoutMs: 2_000,
    now,
    ...options,
  })
const thrownBy = (promise: Promise<unknown>) =>
  promise.then(
    () => undefined,
    (error: unknown) => error,
  )
const asked = (path: string) => wechat.requests.filter((request) => request.path === path)

describe('signing in', () => {
  test('a code says who somebody is', async () => {
    const session = await api().signIn(wechat.codeFor(openid))
    expect(session.openid).toBe(openid)
    expect(Buffer.from(session.sessionKey, 'base64')).toHaveLength(16)
    expect(session.unionid).toBeUndefined()
  })

  test('is asked for as WeChat wants it', async () => {
    const code = wechat.codeFor(openid)
    await api().signIn(code)
    expect(wechat.requests).toEqual([
      {
        method: 'GET',
        path: '/sns/jscode2session',
        query: {
          appid: wechatAccount.appId,
          secret: wechatAccount.secret,
          js_code: code,
          grant_type: 'authorization_code',
        },
        body: '',
      },
    ])
  })

  test('a code is good once', async () => {
    const code = wechat.codeFor(openid)
    await api().signIn(code)
    expect(await thrownBy(api().signIn(code))).toMatchObject({ code: 'code-invalid', errcode: 40163 })
  })

  test('a code of five minutes ago is none', async () => {
    const [inTime, tooLate] = [wechat.codeFor(openid), wechat.codeFor(openid)]
    minutes(4.9)
    expect((await api().signIn(inTime)).openid).toBe(openid)
    minutes(0.1)
    expect(await thrownBy(api().signIn(tooLate))).toMatchObject({ code: 'code-invalid', errcode: 40029 })
  })

  test.each(['', 'made-up', 'x&appid=another', '验证'])('the code 「%s」 is none', async (code) => {
    const error = await thrownBy(api().signIn(code))
    expect(error).toBeInstanceOf(WechatRefused)
    expect(error).toMatchObject({ code: 'code-invalid' })
  })

  test.each([
    { mood: 'too-frequent', code: 'too-frequent' },
    { mood: 'blocked', code: 'blocked' },
  ] as const)('$mood → refused', async ({ mood, code }) => {
    wechat.answerNext(mood)
    const error = await thrownBy(api().signIn(wechat.codeFor(openid)))
    expect(error).toBeInstanceOf(WechatRefused)
    expect(error).toMatchObject({ code })
    expect(wechat.requests).toHaveLength(1)
  })

  test.each<WechatMood>(['html', 'half', 'other-json', 'bad-gateway', 'redirect', 'torn'])(
    '%s → unavailable, and not asked again: the code may be used',
    async (mood) => {
      wechat.answerNext(mood)
      expect(await thrownBy(api().signIn(wechat.codeFor(openid)))).toBeInstanceOf(WechatUnavailable)
      expect(wechat.requests).toHaveLength(1)
    },
  )

  test('no answer → unavailable, when the time is up', async () => {
    wechat.answerNext('timeout')
    const error = await thrownBy(api({ timeoutMs: 50 }).signIn(wechat.codeFor(openid)))
    expect(error).toBeInstanceOf(WechatUnavailable)
    expect(error).toMatchObject({ message: expect.stringContaining('in time') })
  })

  test('nobody there → unavailable', async () => {
    await wechat.close()
    expect(await thrownBy(api().signIn('any'))).toBeInstanceOf(WechatUnavailable)
    wechat = await fakeWechat({ now })
  })

  test('busy once is asked again', async () => {
    wechat.answerNext('busy')
    expect((await api().signIn(wechat.codeFor(openid))).openid).toBe(openid)
    expect(wechat.requests).toHaveLength(2)
  })

  test('busy twice → unavailable', async () => {
    wechat.answerNext('busy')
    wechat.answerNext('busy')
    expect(await thrownBy(api().signIn(wechat.codeFor(openid)))).toBeInstanceOf(WechatUnavailable)
    expect(wechat.requests).toHaveLength(2)
  })

  test.each([
    { wrong: { secret: 'another' }, errcode: 40125 },
    { wrong: { appId: 'wxanother' }, errcode: 40013 },
    { wrong: { secret: '' }, errcode: 41004 },
  ])('$wrong → misconfigured, $errcode', async ({ wrong, errcode }) => {
    const error = await thrownBy(api(wrong).signIn(wechat.codeFor(openid)))
    expect(error).toBeInstanceOf(WechatMisconfigured)
    expect(error).toMatchObject({ errcode })
  })
})

describe('an access token', () => {
  const tokenRequests = () => asked('/cgi-bin/stable_token').length

  test('is fetched once and kept until shortly before its end', async () => {
    const one = api()
    const token = await one.accessToken()
    minutes(118)
    expect(await one.accessToken()).toBe(token)
    expect(tokenRequests()).toBe(1)
    minutes(1)
    expect(await one.accessToken()).not.toBe(token)
    expect(tokenRequests()).toBe(2)
  })

  test('is shared by whoever asks at the same time', async () => {
    const one = api()
    const tokens = await Promise.all([one.accessToken(), one.accessToken(), one.accessToken()])
    expect(new Set(tokens).size).toBe(1)
    expect(tokenRequests()).toBe(1)
  })

  test('a failure is not kept', async () => {
    const one = api()
    wechat.answerNext('html')
    expect(await thrownBy(one.accessToken())).toBeInstanceOf(WechatUnavailable)
    expect(await one.accessToken()).toEqual(expect.any(String))
  })

  test('two servers have the same, and neither ends the other’s', async () => {
    expect(await api().accessToken()).toBe(await api().accessToken())
  })

  test('an address that is not allowed → misconfigured', async () => {
    wechat.answerNext('unknown-address')
    const error = await thrownBy(api().accessToken())
    expect(error).toBeInstanceOf(WechatMisconfigured)
    expect(error).toMatchObject({ errcode: 40164 })
  })
})

describe('a mini-program code', () => {
  const place = { scene: 'w=2026-W10', page: 'pages/sign-in/index' }

  test('is a picture', async () => {
    const { contentType, bytes } = await api().miniProgramCode(place)
    expect(contentType).toBe('image/png')
    expect(bytes.subarray(1, 4).toString()).toBe('PNG')
    expect(bytes.length).toBeGreaterThan(200)
  })

  test.each([
    { envVersion: 'release', check_path: true },
    { envVersion: 'trial', check_path: false },
    { envVersion: 'develop', check_path: false },
  ] as const)('for $envVersion the page is checked: $check_path', async ({ envVersion, check_path }) => {
    await api({ envVersion }).miniProgramCode(place)
    const { body } = asked('/wxa/getwxacodeunlimit')[0] ?? { body: '' }
    expect(JSON.parse(body)).toEqual({ ...place, env_version: envVersion, check_path })
  })

  test.each([
    { scene: `!#$&'()*+,/:;=?@-._~09azAZ`, isTaken: true },
    { scene: 'x'.repeat(32), isTaken: true },
    { scene: 'x'.repeat(33), isTaken: false },
    { scene: '', isTaken: false },
    { scene: '支部', isTaken: false },
    { scene: 'a b', isTaken: false },
    { scene: 'a%20b', isTaken: false },
    { scene: 'a\n', isTaken: false },
  ])('the scene 「$scene」 → $isTaken', async ({ scene, isTaken }) => {
    const error = await thrownBy(api().miniProgramCode({ ...place, scene }))
    expect(error === undefined).toBe(isTaken)
    if (!isTaken) {
      expect(error).toBeInstanceOf(RangeError)
      expect(wechat.requests).toEqual([])
    }
  })

  test.each(['/pages/home/index', 'pages/home/index?a=1', ''])(
    'the page 「%s」 is not sent',
    async (page) => {
      expect(await thrownBy(api().miniProgramCode({ ...place, page }))).toBeInstanceOf(RangeError)
    },
  )

  test('a page that is not published → misconfigured', async () => {
    const unpublished = { ...place, page: 'pages/later/index' }
    expect(await thrownBy(api().miniProgramCode(unpublished))).toMatchObject({ errcode: 41030 })
    expect((await api({ envVersion: 'develop' }).miniProgramCode(unpublished)).contentType).toBe('image/png')
  })

  test('a token somebody ended is fetched once more', async () => {
    const one = api()
    await one.miniProgramCode(place)
    await fetch(`${wechat.url}/cgi-bin/stable_token`, {
      method: 'POST',
      body: JSON.stringify({
        grant_type: 'client_credential',
        appid: wechatAccount.appId,
        secret: wechatAccount.secret,
        force_refresh: true,
      }),
    })
    const codes = await Promise.all([one.miniProgramCode(place), one.miniProgramCode(place)])
    expect(codes.map(({ contentType }) => contentType)).toEqual(['image/png', 'image/png'])
    expect(asked('/wxa/getwxacodeunlimit')).toHaveLength(5)
    expect(asked('/cgi-bin/stable_token').length).toBeLessThanOrEqual(4) // ours, the somebody's, ours
  })

  test('a second token refused is told, and there is no third', async () => {
    const one = api()
    await one.accessToken()
    for (const mood of ['stale-token', 'as-usual', 'stale-token'] as const) wechat.answerNext(mood)
    expect(await thrownBy(one.miniProgramCode(place))).toBeInstanceOf(WechatMisconfigured)
    expect(asked('/wxa/getwxacodeunlimit')).toHaveLength(2)
    expect(asked('/cgi-bin/stable_token')).toHaveLength(2)
  })

  test('a token that ran out on WeChat’s side is fetched once more', async () => {
    const slow = api({ now: () => 0 }) // its clock stands, so it takes the token for good
    await slow.miniProgramCode(place)
    minutes(121)
    expect((await slow.miniProgramCode(place)).contentType).toBe('image/png')
    expect(asked('/wxa/getwxacodeunlimit')).toHaveLength(3)
  })

  test('a login page of the network is no picture', async () => {
    const one = api()
    await one.accessToken()
    wechat.answerNext('html')
    expect(await thrownBy(one.miniProgramCode(place))).toBeInstanceOf(WechatUnavailable)
  })
})

describe('no error tells a secret', () => {
  const moods: WechatMood[] = [
    'too-frequent',
    'blocked',
    'invalid-secret',
    'html',
    'half',
    'other-json',
    'bad-gateway',
    'redirect',
    'torn',
    'timeout',
  ]
  /** As a log would write it, its causes and its stack included. */
  const written = (error: unknown) => inspect(error, { depth: 10, showHidden: true }) + JSON.stringify(error)

  test.each(moods)('%s', async (mood) => {
    const code = wechat.codeFor(openid)
    wechat.answerNext(mood)
    const text = written(await thrownBy(api({ timeoutMs: 100 }).signIn(code)))
    expect(text).toContain('WeChat')
    for (const secret of [code, openid, wechatAccount.secret, '127.0.0.1', 'abc'])
      expect(text).not.toContain(secret)
  })

  test('nor where the address is wrong', async () => {
    const text = written(await thrownBy(api({ baseUrl: 'nowhere' }).signIn('the-code')))
    expect(text).toContain('Invalid URL')
    for (const secret of ['the-code', wechatAccount.secret]) expect(text).not.toContain(secret)
  })

  test('nor a scene', async () => {
    const scene = '邀请码 ABCD-EFGH'
    const error = await thrownBy(api().miniProgramCode({ scene, page: 'pages/home/index' }))
    expect(written(error)).not.toContain('ABCD')
  })
})
