import { randomBytes } from 'node:crypto'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import QRCode from 'qrcode'
import { type PushAccount, signatureOf, signedPush } from './wechat-crypt'

export const wechatAccount: PushAccount & { readonly secret: string } = {
  appId: 'wx0123456789abcdef',
  secret: '0f1e2d3c4b5a69788796a5b4c3d2e1f0',
  token: 'TokenOfThePush',
  encodingAesKey: 'abcdefghijklmnopqrstuvwxyz0123456789ABCDEFG',
}

/** How the next request fares, whatever it asks. */
export type WechatMood =
  | 'as-usual'
  | 'busy'
  | 'too-frequent'
  | 'used-up'
  | 'blocked'
  | 'invalid-appid'
  | 'invalid-secret'
  | 'unknown-address'
  | 'stale-token'
  | 'html'
  | 'half'
  | 'other-json'
  | 'bad-gateway'
  | 'redirect'
  | 'timeout'
  | 'torn'

export interface WechatRequest {
  readonly method: string
  readonly path: string
  readonly query: Readonly<Record<string, string>>
  readonly body: string
}

export interface FakeWechatOptions {
  /** What tells the age of codes and tokens. */
  now?: () => number
  /** Of the published version. */
  pages?: readonly string[]
  /** Templates of the account, by id, with the fields each has. */
  templates?: Readonly<Record<string, readonly string[]>>
}

/** What arrived on somebody's phone. */
export interface ArrivedMessage {
  readonly openid: string
  readonly templateId: string
  readonly page: string
  readonly data: Readonly<Record<string, string>>
}

/** What each kind of field takes, as it is published (订阅消息参数值内容限制). */
const day = String.raw`(\d{4}年\d{1,2}月\d{1,2}日|\d{4}-\d\d-\d\d)`
const clock = String.raw`\d\d:\d\d(:\d\d)?`
const takes: Readonly<Record<string, RegExp>> = {
  thing: /^[^\p{Cc}]{1,20}$/u,
  short_thing: /^[^\p{Cc}]{1,5}$/u,
  phrase: /^\p{Script=Han}{1,5}$/u,
  character_string: /^[\x20-\x7e]{1,32}$/,
  time: new RegExp(`^(${day} )?${clock}$`),
  date: new RegExp(`^${day}( ${clock})?$`),
}

class Refusal extends Error {
  constructor(
    readonly errcode: number,
    readonly errmsg: string,
  ) {
    super(errmsg)
  }
}

const errors: Partial<Record<WechatMood, [number, string]>> = {
  busy: [-1, 'system error'],
  'used-up': [45009, 'reach max api daily quota limit'],
  'too-frequent': [45011, 'api minute-quota reach limit mustslower retry next minute'],
  blocked: [40226, 'code blocked'],
  'invalid-appid': [40013, 'invalid appid'],
  'invalid-secret': [40125, 'invalid appsecret'],
  'unknown-address': [40164, 'invalid ip 203.0.113.7, not in whitelist'],
  'stale-token': [40001, 'invalid credential, access_token is invalid or not latest'],
}

const codeMs = 5 * 60_000
const tokenMs = 7200_000
const handoverMs = 5 * 60_000

export type FakeWechat = Awaited<ReturnType<typeof fakeWechat>>

/** WeChat on loopback, as its documentation has it: what it checks, in what order it refuses, and that
 *  it says 200 to whatever it refuses. */
export async function fakeWechat({
  now = Date.now,
  pages = ['pages/home/index', 'pages/sign-in/index'],
  templates = {},
}: FakeWechatOptions = {}) {
  const { appId, secret } = wechatAccount
  const codes = new Map<string, { openid: string; expiresAt: number; isUsed: boolean }>()
  const sessionKeys = new Map<string, string>()
  const tokens: { value: string; expiresAt: number; endsAt: number }[] = []
  const agreements = new Map<string, number>()
  const messages: ArrivedMessage[] = []
  const moods: WechatMood[] = []
  const requests: WechatRequest[] = []

  function jscode2session({ method, query }: WechatRequest) {
    if (method !== 'GET' || !query.appid) throw new Refusal(41002, 'appid missing')
    if (!query.secret) throw new Refusal(41004, 'appsecret missing')
    if (!query.js_code) throw new Refusal(41008, 'missing code')
    if (query.grant_type !== 'authorization_code') throw new Refusal(40002, 'invalid grant_type')
    checkAccount(query.appid, query.secret)
    const code = codes.get(query.js_code)
    if (code === undefined || code.expiresAt <= now()) throw new Refusal(40029, 'invalid code')
    if (code.isUsed) throw new Refusal(40163, 'code been used')
    code.isUsed = true
    // The same while it is in use, as with WeChat.
    const session_key = sessionKeys.get(code.openid) ?? randomBytes(16).toString('base64')
    sessionKeys.set(code.openid, session_key)
    return { session_key, openid: code.openid }
  }

  function stableToken({ method, body }: WechatRequest) {
    if (method !== 'POST') throw new Refusal(43002, 'require POST method')
    const asked = objectIn(body)
    if (!asked.appid) throw new Refusal(41002, 'appid missing')
    if (!asked.secret) throw new Refusal(41004, 'appsecret missing')
    if (asked.grant_type !== 'client_credential') throw new Refusal(40002, 'invalid grant_type')
    checkAccount(asked.appid, asked.secret)

    const latest = tokens.at(-1)
    const isGood = latest !== undefined && now() < latest.expiresAt - handoverMs && now() < latest.endsAt
    if (isGood && asked.force_refresh !== true)
      return { access_token: latest.value, expires_in: Math.floor((latest.expiresAt - now()) / 1000) }

    // The one before goes on for a while, unless it was to end: then it does at once.
    if (latest !== undefined) latest.endsAt = asked.force_refresh === true ? now() : now() + handoverMs
    const token = {
      value: `${tokens.length + 80}_${randomBytes(64).toString('base64url')}`,
      expiresAt: now() + tokenMs,
      endsAt: now() + tokenMs,
    }
    tokens.push(token)
    return { access_token: token.value, expires_in: tokenMs / 1000 }
  }

  function checkToken({ query }: WechatRequest) {
    if (!query.access_token) throw new Refusal(41001, 'access_token missing')
    const token = tokens.find(({ value }) => value === query.access_token)
    if (token === undefined || (token !== tokens.at(-1) && token.endsAt <= now()))
      throw new Refusal(40001, 'invalid credential, access_token is invalid or not latest')
    if (token.endsAt <= now()) throw new Refusal(42001, 'access_token expired')
  }

  /** A page is not looked up: a message opens what is published when it is tapped. */
  function subscribeSend(request: WechatRequest) {
    checkToken(request)
    if (request.method !== 'POST') throw new Refusal(43002, 'require POST method')
    const { touser, template_id, page = '', data } = objectIn(request.body)
    if (typeof touser !== 'string' || !/^o[\w-]{5,}$/.test(touser)) throw new Refusal(40003, 'invalid openid')
    const templateId = String(template_id)
    const fields = templates[templateId]
    if (fields === undefined) throw new Refusal(40037, 'invalid template_id')
    const given = new Map(Object.entries(typeof data === 'object' && data !== null ? data : {}))
    const said: Record<string, string> = {}
    for (const field of fields) {
      const value = (given.get(field) as { value?: unknown } | undefined)?.value
      const taken = takes[field.replace(/\d+$/, '')]
      if (typeof value !== 'string' || taken?.test(value) !== true)
        throw new Refusal(47003, `argument invalid! data.${field}.value invalid`)
      said[field] = value
    }
    const agreed = agreements.get(`${touser} ${templateId}`) ?? 0
    if (agreed === 0) throw new Refusal(43101, 'user refuse to accept the msg')
    agreements.set(`${touser} ${templateId}`, agreed - 1)
    messages.push({ openid: touser, templateId, page: String(page), data: said })
    return { errcode: 0, errmsg: 'ok', msgid: messages.length }
  }

  async function getwxacodeunlimit(request: WechatRequest): Promise<Buffer> {
    checkToken(request)
    const { body } = request
    const { scene, page = pages[0], check_path = true, env_version = 'release' } = objectIn(body)
    if (typeof scene !== 'string' || scene.length === 0 || scene.length > 32)
      throw new Refusal(40169, 'invalid length for scene, or the data is not json string')
    if (/[^0-9A-Za-z!#$&'()*+,/:;=?@\-._~]/.test(scene)) throw new Refusal(40129, 'invalid scene')
    if (!['release', 'trial', 'develop'].includes(String(env_version)))
      throw new Refusal(40097, 'invalid args')
    if (/^\/|\?/.test(String(page)) || (check_path === true && !pages.includes(String(page))))
      throw new Refusal(41030, 'invalid page')
    return QRCode.toBuffer(`https://mp.example.test/${page}?scene=${encodeURIComponent(scene)}`, { scale: 2 })
  }

  function checkAccount(givenAppId: unknown, givenSecret: unknown) {
    if (givenAppId !== appId) throw new Refusal(40013, 'invalid appid')
    if (givenSecret !== secret) throw new Refusal(40125, 'invalid appsecret')
  }

  async function answer(request: WechatRequest, response: ServerResponse) {
    if (request.path === '/sns/jscode2session')
      return say(response, 'text/plain', JSON.stringify(jscode2session(request)))
    if (request.path === '/cgi-bin/stable_token')
      return say(response, 'application/json; encoding=utf-8', JSON.stringify(stableToken(request)))
    if (request.path === '/wxa/getwxacodeunlimit')
      return say(response, 'image/png', await getwxacodeunlimit(request))
    if (request.path === '/cgi-bin/message/subscribe/send')
      return say(response, 'application/json; encoding=utf-8', JSON.stringify(subscribeSend(request)))
    response.writeHead(404).end()
  }

  function answerIn(mood: WechatMood, response: ServerResponse) {
    const error = errors[mood]
    if (error !== undefined) throw new Refusal(...error)
    if (mood === 'html') say(response, 'text/html', '<!DOCTYPE html><title>Wi-Fi 登录</title>')
    else if (mood === 'half') say(response, 'text/plain', '{"session_key":"abc')
    else if (mood === 'other-json') say(response, 'application/json', '{"message":"hello"}')
    else if (mood === 'bad-gateway') response.writeHead(502).end('<html>502 Bad Gateway</html>')
    else if (mood === 'redirect')
      response.writeHead(307, { location: `${url}/sns/jscode2session?elsewhere=1` }).end()
    else if (mood === 'torn') response.destroy()
    // 'timeout': nothing, until the fake is closed.
  }

  const server = createServer(async (incoming, response) => {
    const request = await heard(incoming)
    requests.push(request)
    try {
      const mood = moods.shift()
      if (mood === undefined || mood === 'as-usual') await answer(request, response)
      else answerIn(mood, response)
    } catch (error) {
      if (!(error instanceof Refusal)) throw error
      const { errcode, errmsg } = error
      const rid = `rid: ${randomBytes(4).toString('hex')}-${randomBytes(4).toString('hex')}`
      say(response, 'text/plain', JSON.stringify({ errcode, errmsg: `${errmsg}, ${rid}` }))
    }
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}` // it listens on TCP

  return {
    url,
    requests,
    messages,

    /** Somebody agrees to one message of a template, as `wx.requestSubscribeMessage` lets them. */
    agrees(openid: string, templateId: string, times = 1): void {
      const name = `${openid} ${templateId}`
      agreements.set(name, (agreements.get(name) ?? 0) + times)
    },

    /** What `wx.login` gives somebody: good once, for five minutes. */
    codeFor(openid: string): string {
      const code = `0${randomBytes(12).toString('base64url')}${'x'.repeat(15)}`
      codes.set(code, { openid, expiresAt: now() + codeMs, isUsed: false })
      return code
    },

    /** One after another, when called several times. */
    answerNext(mood: WechatMood): void {
      moods.push(mood)
    },

    /** Tells an event to an address, as set up for 安全模式 and JSON: `{ Event, OpenID, … }`. */
    async pushEvent(to: string, event: Readonly<Record<string, unknown>>): Promise<Response> {
      const message = {
        ToUserName: 'gh_0123456789ab',
        FromUserName: 'oPushServiceOfThePlatform000',
        CreateTime: Math.floor(now() / 1000),
        MsgType: 'event',
        AppID: appId,
        ...event,
      }
      const { query, body } = signedPush(wechatAccount, message, now())
      return fetch(`${to}?${new URLSearchParams(query)}`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body,
      })
    },

    /** What WeChat does when the address is entered: the answer has to be the echo as it is. */
    async tryAddress(to: string): Promise<boolean> {
      const timestamp = String(Math.floor(now() / 1000))
      const [nonce, echostr] = [
        String(randomBytes(4).readUInt32BE()),
        String(randomBytes(6).readUIntBE(0, 6)),
      ]
      const signature = signatureOf(wechatAccount.token, timestamp, nonce)
      const query = new URLSearchParams({ signature, echostr, timestamp, nonce })
      return (await (await fetch(`${to}?${query}`)).text()) === echostr
    },

    async close(): Promise<void> {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}

function objectIn(body: string): Record<string, unknown> {
  try {
    const value: unknown = JSON.parse(body)
    if (typeof value === 'object' && value !== null) return { ...value }
  } catch {
    // told below
  }
  throw new Refusal(47001, 'data format error')
}

async function heard(incoming: IncomingMessage): Promise<WechatRequest> {
  const { pathname, searchParams } = new URL(incoming.url ?? '/', 'http://loopback')
  let body = ''
  for await (const chunk of incoming) body += chunk
  return { method: incoming.method ?? '', path: pathname, query: Object.fromEntries(searchParams), body }
}

function say(response: ServerResponse, type: string, body: string | Buffer) {
  response.writeHead(200, { 'content-type': type }).end(body)
}
