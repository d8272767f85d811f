import { randomInt } from 'node:crypto'
import { setTimeout as pause } from 'node:timers/promises'
import * as v from 'valibot'
import { openidSchema } from './openid'
import { failureOf, isBusy, isStaleToken, WechatUnavailable } from './wechat-errors'

export interface WechatApiOptions {
  readonly appId: string
  readonly secret: string
  /** `https://api.weixin.qq.com`, without a slash at the end. */
  readonly baseUrl: string
  /** How long one request may take, its answer included. */
  readonly timeoutMs?: number
  /** Which version of the mini-program a code opens. */
  readonly envVersion?: 'release' | 'trial' | 'develop'
  readonly now: () => number
}

export interface WechatSession {
  readonly openid: string
  /** Only when the account belongs to one on WeChat's open platform. */
  readonly unionid?: string
  readonly sessionKey: string
}

export interface MiniProgramCode {
  readonly contentType: string
  readonly bytes: Buffer
}

/** A message that somebody agreed to, for them alone. */
export interface SubscribeMessage {
  readonly openid: string
  readonly templateId: string
  /** What a tap on it opens, with parameters. */
  readonly page: string
  /** By the names of the template's fields. */
  readonly data: Readonly<Record<string, string>>
}

/** `refused`: they have not agreed, or not as often as we think (43101). `malformed`: what we wrote is not what
 *  the template takes (47003), and in which field. `unclear`: it was sent, and no answer is known. */
export type Delivery =
  | { readonly is: 'sent' | 'refused' | 'unclear' }
  | { readonly is: 'malformed'; readonly field: string | undefined }

type Query = Readonly<Record<string, string>>

/** A token is not used in its last minute. WeChat gives a new one from five minutes before the end. */
const tokenMarginMs = 60_000

const failureSchema = v.object({ errcode: v.pipe(v.number(), v.integer(), v.notValue(0)) })
const sessionSchema = v.object({
  openid: openidSchema,
  unionid: v.optional(v.string()),
  session_key: v.pipe(v.string(), v.nonEmpty()),
})
const tokenSchema = v.object({
  access_token: v.pipe(v.string(), v.nonEmpty()),
  expires_in: v.pipe(v.number(), v.minValue(1)),
})

const isScene = (text: string) => /^[0-9A-Za-z!#$&'()*+,/:;=?@\-._~]{1,32}$/.test(text)
const isPage = (text: string) => /^[\w-]+(\/[\w-]+)*$/.test(text)

/** WeChat's interface for servers, as far as we need it. Beside what is said of each, all of it throws
 *  `WechatUnavailable` and `WechatMisconfigured`; no error holds the secret, a code, a session key or
 *  an openid. */
export class WechatApi {
  private token: { readonly value: string; readonly goodUntil: number } | undefined
  private tokenOnItsWay: Promise<string> | undefined

  constructor(private readonly options: WechatApiOptions) {}

  /** Whose code of `wx.login` this is. It is good once: after `WechatUnavailable` too the phone has to
   *  ask for another. @throws WechatRefused */
  async signIn(code: string): Promise<WechatSession> {
    const { appId, secret } = this.options
    const query = { appid: appId, secret, js_code: code, grant_type: 'authorization_code' }
    const answer = await this.ask(json(sessionSchema), '/sns/jscode2session', query)
    return { openid: answer.openid, unionid: answer.unionid, sessionKey: answer.session_key }
  }

  /** What the other interfaces want to see; whoever asks meanwhile shares one request. */
  async accessToken(): Promise<string> {
    if (this.token !== undefined && this.options.now() < this.token.goodUntil) return this.token.value
    this.tokenOnItsWay ??= this.newToken().finally(() => {
      this.tokenOnItsWay = undefined
    })
    return this.tokenOnItsWay
  }

  /** The picture that opens `page` with `scene`, to be scanned. `page` is `pages/home/home`, without a
   *  slash before it or parameters behind.
   *  @throws RangeError for a scene or page WeChat does not take; WechatRefused, too frequent */
  async miniProgramCode({ scene, page }: { scene: string; page: string }): Promise<MiniProgramCode> {
    // A scene may let somebody in, so the error does not repeat it.
    if (!isScene(scene)) throw new RangeError('A scene is 1 to 32 of the characters WeChat takes')
    if (!isPage(page)) throw new RangeError('A page has no slash before it and no parameters')

    const { envVersion = 'release' } = this.options
    // Only a page that is published can be checked.
    const body = { scene, page, env_version: envVersion, check_path: envVersion === 'release' }
    return this.withToken((access_token) => this.ask(image, '/wxa/getwxacodeunlimit', { access_token }, body))
  }

  /** Sends somebody a message they agreed to. What it throws was not sent.
   *  @throws WechatRefused, too frequent */
  async sendSubscribeMessage({ openid, templateId, page, data }: SubscribeMessage): Promise<Delivery> {
    const states = { release: 'formal', trial: 'trial', develop: 'developer' } as const
    const body = {
      touser: openid,
      template_id: templateId,
      page,
      miniprogram_state: states[this.options.envVersion ?? 'release'],
      lang: 'zh_CN',
      data: Object.fromEntries(Object.entries(data).map(([name, value]) => [name, { value }])),
    }
    return this.withToken(async (access_token) => {
      try {
        return await this.ask(delivery, '/cgi-bin/message/subscribe/send', { access_token }, body)
      } catch (error) {
        if (!(error instanceof WechatUnavailable) || error.errcode !== undefined || error.isUnsent)
          throw error
        return { is: 'unclear' }
      }
    })
  }

  /** WeChat can end a token early. A second one refused is no accident. */
  private async withToken<Answer>(use: (token: string) => Promise<Answer>): Promise<Answer> {
    const token = await this.accessToken()
    try {
      return await use(token)
    } catch (error) {
      if (!isStaleToken(error)) throw error
      if (this.token?.value === token) this.token = undefined // unless another request has a new one
      return use(await this.accessToken())
    }
  }

  /** Never with `force_refresh`: it would end the token of every other server of ours. */
  private async newToken(): Promise<string> {
    const { appId, secret, now } = this.options
    const body = { grant_type: 'client_credential', appid: appId, secret }
    const asked = now()
    const answer = await this.ask(json(tokenSchema), '/cgi-bin/stable_token', {}, body)
    const goodUntil = asked + answer.expires_in * 1000 - tokenMarginMs
    this.token = { value: answer.access_token, goodUntil }
    return answer.access_token
  }

  /** Asks once more when WeChat is busy; then that is the answer. */
  private async ask<Answer>(
    read: (bytes: Buffer) => Answer,
    path: string,
    query: Query,
    body?: object,
  ): Promise<Answer> {
    try {
      return read(await this.send(path, query, body))
    } catch (error) {
      if (!isBusy(error)) throw error
      await pause(randomInt(100, 500))
      return read(await this.send(path, query, body))
    }
  }

  /** Its status says nothing: WeChat refuses with 200 as well. */
  private async send(path: string, query: Query, body?: object): Promise<Buffer> {
    const { baseUrl, timeoutMs = 5_000 } = this.options
    const url = new URL(`${baseUrl}${path}`)
    url.search = new URLSearchParams(query).toString()
    const posted = {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(body),
    }
    const signal = AbortSignal.timeout(timeoutMs)
    try {
      // A redirect would carry the secret to somebody else.
      const response = await fetch(url, { ...(body && posted), redirect: 'error', signal })
      return Buffer.from(await response.arrayBuffer())
    } catch (error) {
      // What was caught stays here: it can hold the address, and the address holds the secret.
      if (signal.aborted) throw new WechatUnavailable('no answer in time')
      throw new WechatUnavailable('no connection', undefined, isUnconnected(error))
    }
  }
}

/** Nobody was there to hear: other than a connection that broke while it was used. */
const unconnected = new Set([
  'ECONNREFUSED',
  'ENOTFOUND',
  'EAI_AGAIN',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'UND_ERR_CONNECT_TIMEOUT',
])
const causeSchema = v.object({ cause: v.object({ code: v.string() }) })
function isUnconnected(error: unknown): boolean {
  const failure = v.safeParse(causeSchema, error)
  return failure.success && unconnected.has(failure.output.cause.code)
}

const deliverySchema = v.object({ errcode: v.number(), errmsg: v.optional(v.string(), '') })

/** Of what WeChat says beside a number, only the name of a field is taken: 「argument invalid! data.thing1.value
 *  invalid」. */
function delivery(bytes: Buffer): Delivery {
  const { errcode, errmsg } = json(deliverySchema, [43101, 47003])(bytes)
  if (errcode === 43101) return { is: 'refused' }
  if (errcode === 47003) return { is: 'malformed', field: /\bdata\.(\w{1,40})\.value\b/.exec(errmsg)?.[1] }
  return { is: 'sent' }
}

/** `answers` are errors to the reader's own mind. */
const json =
  <Schema extends v.GenericSchema>(schema: Schema, answers: readonly number[] = []) =>
  (bytes: Buffer): v.InferOutput<Schema> => {
    const body = parsed(bytes)
    const failure = v.safeParse(failureSchema, body)
    if (failure.success && !answers.includes(failure.output.errcode)) throw failureOf(failure.output.errcode)
    const answer = v.safeParse(schema, body)
    if (!answer.success) throw new WechatUnavailable('its answer is not understood')
    return answer.output
  }

/** A network's own login page is an answer too, but not WeChat's. */
function parsed(bytes: Buffer): unknown {
  try {
    return JSON.parse(bytes.toString())
  } catch {
    throw new WechatUnavailable('something else answered')
  }
}

/** Told by its first bytes: the type that is sent along has been wrong. */
function image(bytes: Buffer): MiniProgramCode {
  if (bytes.subarray(0, 3).equals(Buffer.from([0xff, 0xd8, 0xff])))
    return { contentType: 'image/jpeg', bytes }
  if (bytes.subarray(0, 4).equals(Buffer.from([0x89, 0x50, 0x4e, 0x47])))
    return { contentType: 'image/png', bytes }
  return json(v.never())(bytes)
}
