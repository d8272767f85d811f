import { createServer, type RequestListener } from 'node:http'
import type { AddressInfo } from 'node:net'
import { MessagePush, type PushedEvent, type PushRefusal, PushRefused } from '#server/wechat/message-push'
import { fakeWechat, wechatAccount } from '../support/fake-wechat'
import { encrypt, signatureOf, signedPush } from '../support/wechat-crypt'

const refusalOf = (act: () => unknown): PushRefusal | undefined => {
  try {
    act()
  } catch (error) {
    if (error instanceof PushRefused) return error.code
    throw error
  }
  return undefined
}

/** The example WeChat's documentation works through, byte for byte. */
const published = {
  account: { appId: 'wxba5fad812f8e6fb9', token: 'AAAAA', encodingAesKey: 'A'.repeat(43) },
  echo: {
    signature: 'f464b24fc39322e44b38aa78f5edd27bd1441696',
    echostr: '4375120948345356249',
    timestamp: '1714036504',
    nonce: '1514711492',
  },
  query: {
    signature: '6c5c811b55cc85e0e1b54100749188c20beb3f5d',
    timestamp: '1714112445',
    nonce: '415670741',
    openid: 'o9AgO5Kd5ggOC-bXrbNODIiE3bGY',
    encrypt_type: 'aes',
    msg_signature: '046e02f8204d34f8ba5fa3b1db94908f3df2e9b3',
  },
  body: {
    ToUserName: 'gh_97417a04a28d',
    Encrypt: [
      '+qdx1OKCy+5JPCBFWw70tm0fJGb2Jmeia4FCB7kao+/Q5c/ohsOzQHi8khUOb05JCpj0JB4RvQMkUyus8TPxLKJGQqcvZqzDpVzazhZv',
      '6JsXUnnR8XGT740XgXZUXQ7vJVnAG+tE8NUd4yFyjPy7GgiaviNrlCTj+l5kdfMuFUPpRSrfMZuMcp3Fn2Pede2IuQrKEYwKSqFIZoNq',
      'J4M8EajAsjLY2km32IIjdf8YL/P50F7mStwntrA2cPDrM1kb6mOcfBgRtWygb3VIYnSeOBrebufAlr7F9mFUPAJGj04=',
    ].join(''),
  },
  /** Of an answer, which is encrypted the same way. */
  encrypted: {
    random: '707722b803182950',
    message: '{"demo_resp":"good luck"}',
    Encrypt: 'ELGduP2YcVatjqIS+eZbp80MNLoAUWvzzyJxgGzxZO/5sAvd070Bs6qrLARC9nVHm48Y4hyRbtzve1L32tmxSQ==',
    signature: '1b9339964ed2e271e7c7b6ff2b0ef902fc94dea1',
    timestamp: '1713424427',
  },
}

describe('the published example', () => {
  const at = (timestamp: string, ms = 0) =>
    new MessagePush({ ...published.account, now: () => Number(timestamp) * 1000 + ms })
  const { query, echo } = published
  const body = JSON.stringify(published.body)

  test('the echo', () => {
    expect(at(echo.timestamp).echo(echo)).toBe('4375120948345356249')
  })

  test('the push', () => {
    expect(at(query.timestamp).read(query, body)).toEqual({ is: 'other', name: 'debug_demo' })
  })

  test('the encryption our fake uses', () => {
    const { random, message, Encrypt, signature, timestamp } = published.encrypted
    expect(encrypt(published.account, message, random)).toBe(Encrypt)
    expect(signatureOf('AAAAA', timestamp, query.nonce, Encrypt)).toBe(signature)
  })

  test.each([
    { minutes: -10, because: undefined },
    { minutes: 10, because: undefined },
    { minutes: -10.01, because: 'not-of-now' },
    { minutes: 10.01, because: 'not-of-now' },
  ])('read $minutes minutes later → $because', ({ minutes, because }) => {
    expect(refusalOf(() => at(query.timestamp, minutes * 60_000).read(query, body))).toBe(because)
    expect(refusalOf(() => at(echo.timestamp, minutes * 60_000).echo(echo))).toBe(because)
  })

  test.each([
    { what: 'the plain signature in place of the other', change: { msg_signature: query.signature } },
    {
      what: 'a signature with one other digit',
      change: { msg_signature: `1${query.msg_signature.slice(1)}` },
    },
    { what: 'another nonce', change: { nonce: '415670742' } },
    { what: 'another second', change: { timestamp: '1714112446' } },
  ])('$what → forged', ({ change }) => {
    expect(refusalOf(() => at(query.timestamp).read({ ...query, ...change }, body))).toBe('forged')
  })

  test('digits moved between time and nonce, which the signature does not notice', () => {
    const moved = { ...query, nonce: '171411244', timestamp: '5415670741' }
    expect(signatureOf('AAAAA', moved.timestamp, moved.nonce, published.body.Encrypt)).toBe(
      query.msg_signature,
    )
    expect(refusalOf(() => at(query.timestamp).read(moved, body))).toBe('not-of-now')
  })

  test.each([
    { what: 'no signature', given: { ...query, msg_signature: undefined } },
    { what: 'an empty signature', given: { ...query, msg_signature: '' } },
    { what: 'a short signature', given: { ...query, msg_signature: '046e' } },
    { what: 'two signatures', given: { ...query, msg_signature: [query.msg_signature, 'x'] } },
    { what: 'a time of eleven digits', given: { ...query, timestamp: '17141124454' } },
    { what: 'no query', given: undefined },
  ])('$what → malformed', ({ given }) => {
    expect(refusalOf(() => at(query.timestamp).read(given, body))).toBe('malformed')
  })

  test.each([
    { given: '', because: 'malformed' },
    { given: '{"Encrypt":', because: 'malformed' },
    { given: '{"Encrypt":"不是"}', because: 'malformed' },
    { given: '{"Encrypt":""}', because: 'malformed' },
    { given: '{"Encrypt":["a"]}', because: 'malformed' },
    { given: '[]', because: 'malformed' },
    { given: '{"Event":"user_authorization_cancellation"}', because: 'malformed' }, // in the clear
    { given: '<xml><Encrypt><![CDATA[abcd]]></Encrypt></xml>', because: 'xml' },
  ])('the body $given → $because', ({ given, because }) => {
    expect(refusalOf(() => at(query.timestamp).read(query, given))).toBe(because)
  })

  test.each([
    { ...echo, signature: `0${echo.signature.slice(1)}` },
    { ...echo, nonce: '1' },
  ])('an echo somebody else asks for', (given) => {
    expect(refusalOf(() => at(echo.timestamp).echo(given))).toBe('forged')
  })

  test('an echo that a browser would run', () => {
    const given = { ...echo, echostr: '<script>alert(1)</script>' }
    expect(refusalOf(() => at(echo.timestamp).echo(given))).toBe('malformed')
  })
})

describe('what WeChat tells', () => {
  const now = Date.parse('2026-03-02T08:26:00+08:00')
  const push = new MessagePush({ ...wechatAccount, now: () => now })
  const told = (message: object, account = wechatAccount) => {
    const { query, body } = signedPush(account, message, now)
    return push.read(query, body)
  }
  const OpenID = 'oLinXiao0123456789abcdefghij'
  const event = (Event: string, more: object = {}) => ({ MsgType: 'event', Event, ...more })

  test.each([
    {
      message: event('user_authorization_revoke', { OpenID, RevokeInfo: '6' }),
      is: { is: 'revoked', openid: OpenID, scopes: ['6'] },
    },
    {
      message: event('user_authorization_revoke', { OpenID, RevokeInfo: 8 }),
      is: { is: 'revoked', openid: OpenID, scopes: ['8'] },
    },
    {
      message: event('user_authorization_revoke', { OpenID }),
      is: { is: 'revoked', openid: OpenID, scopes: [] },
    },
    {
      message: event('user_authorization_cancellation', { OpenID }),
      is: { is: 'cancelled', openid: OpenID },
    },
    { message: event('user_info_modified', { OpenID }), is: { is: 'other', name: 'user_info_modified' } },
    {
      message: event('user_authorization_revoke', { OpenPID: 'of-a-plugin' }),
      is: { is: 'other', name: 'user_authorization_revoke' },
    },
    { message: { MsgType: 'text', Content: '您好' }, is: { is: 'other', name: 'text' } },
  ])('$message → $is', ({ message, is }) => {
    expect(told(message)).toEqual(is)
  })

  test('a message of any length is unpadded right', () => {
    for (let length = 0; length < 70; length++)
      expect(told(event('x', { filler: '学'.repeat(length) }))).toEqual({ is: 'other', name: 'x' })
  })

  test.each([
    { what: 'another mini-program', account: { ...wechatAccount, appId: 'wxanother' } },
    { what: 'one whose name ends as ours', account: { ...wechatAccount, appId: `x${wechatAccount.appId}` } },
    { what: 'another key', account: { ...wechatAccount, encodingAesKey: 'B'.repeat(43) } },
  ])('for $what → undecipherable', ({ account }) => {
    expect(refusalOf(() => told(event('x'), account))).toBe('undecipherable')
  })

  test('signed with another token → forged', () => {
    expect(refusalOf(() => told(event('x'), { ...wechatAccount, token: 'AnotherToken' }))).toBe('forged')
  })

  test.each(['QUJD', Buffer.alloc(16).toString('base64'), Buffer.alloc(64).toString('base64')])(
    'rightly signed nonsense %s → undecipherable',
    (Encrypt) => {
      const [timestamp, nonce] = [String(now / 1000), '1']
      const msg_signature = signatureOf(wechatAccount.token, timestamp, nonce, Encrypt)
      const read = () => push.read({ timestamp, nonce, msg_signature }, JSON.stringify({ Encrypt }))
      expect(refusalOf(read)).toBe('undecipherable')
    },
  )

  test.each([
    { message: 'not JSON', because: 'undecipherable' },
    { message: '[]', because: 'malformed' },
    { message: '{"action":"CheckContainerPath"}', because: 'malformed' },
  ])('rightly encrypted $message → $because', ({ message, because }) => {
    const Encrypt = encrypt(wechatAccount, message)
    const [timestamp, nonce] = [String(now / 1000), '1']
    const msg_signature = signatureOf(wechatAccount.token, timestamp, nonce, Encrypt)
    const read = () => push.read({ timestamp, nonce, msg_signature }, JSON.stringify({ Encrypt }))
    expect(refusalOf(read)).toBe(because)
  })
})

test.each(['', 'A'.repeat(42), 'A'.repeat(44), `${'A'.repeat(42)}=`])('the key 「%s」 is none', (key) => {
  const options = { ...wechatAccount, encodingAesKey: key, now: Date.now }
  expect(() => new MessagePush(options)).toThrow(RangeError)
})

test('over a real network: WeChat tries the address out and tells of a cancellation', async () => {
  const push = new MessagePush({ ...wechatAccount, now: Date.now })
  const heard: PushedEvent[] = []
  const listener: RequestListener = async (request, response) => {
    const query = Object.fromEntries(new URL(request.url ?? '', 'http://loopback').searchParams)
    if (request.method === 'GET') return response.end(push.echo(query))
    let body = ''
    for await (const chunk of request) body += chunk
    heard.push(push.read(query, body))
    return response.end('success')
  }
  const server = createServer(listener)
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const address = `http://127.0.0.1:${(server.address() as AddressInfo).port}/push` // it listens on TCP
  const wechat = await fakeWechat()
  try {
    expect(await wechat.tryAddress(address)).toBe(true)
    const cancelled = { Event: 'user_authorization_cancellation', OpenID: 'oLinXiao' }
    expect((await wechat.pushEvent(address, cancelled)).status).toBe(200)
    expect(heard).toEqual([{ is: 'cancelled', openid: 'oLinXiao' }])
  } finally {
    await wechat.close()
    server.closeAllConnections()
    server.close()
  }
})
