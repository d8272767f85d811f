import { createDecipheriv, createHash, timingSafeEqual } from 'node:crypto'
import * as v from 'valibot'
import { openidSchema } from './openid'

export interface MessagePushOptions {
  readonly appId: string
  /** 令牌: what signatures are made with. */
  readonly token: string
  /** 43 characters, as the account's settings show it. */
  readonly encodingAesKey: string
  readonly now: () => number
}

/** What WeChat tells of its own accord. Scopes are WeChat's numbers: 6 is name and picture, 8 the
 *  telephone number. */
export type PushedEvent =
  | { readonly is: 'revoked'; readonly openid: string; readonly scopes: readonly string[] }
  | { readonly is: 'cancelled'; readonly openid: string }
  | { readonly is: 'other'; readonly name: string }

/** `xml`: the account's settings say XML where we need JSON. `undecipherable`: signed with our token,
 *  but for another key or another mini-program. */
export type PushRefusal = 'malformed' | 'xml' | 'forged' | 'not-of-now' | 'undecipherable'

/** This was not told by WeChat, or not to us. */
export class PushRefused extends Error {
  constructor(readonly code: PushRefusal) {
    super(`A push was refused: ${code}`)
  }
}

const freshMs = 10 * 60_000

/** Signatures run their parts together without saying where one ends, so each has a strict form. */
const signedSchema = {
  timestamp: v.pipe(v.string(), v.regex(/^\d{10}$/)),
  nonce: v.pipe(v.string(), v.regex(/^\w{1,32}$/)),
}
const signatureSchema = v.pipe(v.string(), v.regex(/^[0-9a-f]{40}$/))
const echoSchema = v.object({
  ...signedSchema,
  signature: signatureSchema,
  echostr: v.pipe(v.string(), v.regex(/^[\w-]{1,128}$/)), // sent back: nothing a browser would run
})
const querySchema = v.object({ ...signedSchema, msg_signature: signatureSchema })
const bodySchema = v.object({ Encrypt: v.pipe(v.string(), v.base64(), v.nonEmpty()) })

const messageSchema = v.object({ MsgType: v.string(), Event: v.optional(v.string()) })
const revokedSchema = v.object({
  Event: v.literal('user_authorization_revoke'),
  OpenID: openidSchema,
  RevokeInfo: v.optional(v.pipe(v.union([v.string(), v.number()]), v.transform(String)), ''),
})
const cancelledSchema = v.object({
  Event: v.literal('user_authorization_cancellation'),
  OpenID: openidSchema,
})

/** WeChat's message push (消息推送) in its safe mode (安全模式) with JSON as the data format. A push can
 *  come twice: WeChat repeats what was not answered within five seconds. Who wants each but once keeps
 *  its `msg_signature` for ten minutes. */
export class MessagePush {
  private readonly key: Buffer

  /** @throws RangeError when the key cannot be one */
  constructor(private readonly options: MessagePushOptions) {
    if (!/^[0-9A-Za-z]{43}$/.test(options.encodingAesKey))
      throw new RangeError('An EncodingAESKey has 43 letters and digits')
    this.key = Buffer.from(`${options.encodingAesKey}=`, 'base64')
  }

  /** What to answer, as plain text, when WeChat tries the address out. @throws PushRefused */
  echo(query: unknown): string {
    const { signature, timestamp, nonce, echostr } = understood(echoSchema, query)
    this.check(signature, timestamp, nonce)
    return echostr
  }

  /** `body` as it came. To be answered with `success` or nothing. @throws PushRefused */
  read(query: unknown, body: string): PushedEvent {
    const { msg_signature, timestamp, nonce } = understood(querySchema, query)
    if (body.trimStart().startsWith('<')) throw new PushRefused('xml')
    const { Encrypt } = understood(bodySchema, parsed(body, 'malformed'))
    this.check(msg_signature, timestamp, nonce, Encrypt)
    return eventOf(parsed(this.decrypt(Encrypt), 'undecipherable'))
  }

  private check(signature: string, timestamp: string, nonce: string, ...more: string[]): void {
    const signed = [this.options.token, timestamp, nonce, ...more].sort().join('')
    const ours = createHash('sha1').update(signed).digest()
    if (!timingSafeEqual(ours, Buffer.from(signature, 'hex'))) throw new PushRefused('forged')
    // Nor from the future: the same digits, parted elsewhere, have the same signature.
    if (Math.abs(this.options.now() - Number(timestamp) * 1000) > freshMs) throw new PushRefused('not-of-now')
  }

  /** Inside are 16 random bytes, the length in 4, the message, and for whom it is. */
  private decrypt(encrypted: string): string {
    const padded = this.deciphered(Buffer.from(encrypted, 'base64'))
    const content = padded.subarray(0, -(padded.at(-1) ?? 0))
    if (content.length < 20) throw new PushRefused('undecipherable')
    const end = 20 + content.readUInt32BE(16)
    if (content.subarray(end).toString() !== this.options.appId) throw new PushRefused('undecipherable')
    return content.subarray(20, end).toString()
  }

  /** With its padding, which fills 32 bytes where AES has 16 and a decipher would expect as many. */
  private deciphered(encrypted: Buffer): Buffer {
    if (encrypted.length % 16 !== 0) throw new PushRefused('undecipherable')
    const decipher = createDecipheriv('aes-256-cbc', this.key, this.key.subarray(0, 16)).setAutoPadding(false)
    return Buffer.concat([decipher.update(encrypted), decipher.final()])
  }
}

function understood<Schema extends v.GenericSchema>(schema: Schema, value: unknown): v.InferOutput<Schema> {
  const result = v.safeParse(schema, value)
  if (!result.success) throw new PushRefused('malformed')
  return result.output
}

function parsed(text: string, otherwise: PushRefusal): unknown {
  try {
    return JSON.parse(text)
  } catch {
    throw new PushRefused(otherwise)
  }
}

/** One of the two that names nobody, as a plugin's can, is like any other: nothing follows from it. */
function eventOf(message: unknown): PushedEvent {
  const revoked = v.safeParse(revokedSchema, message)
  if (revoked.success) {
    const { OpenID, RevokeInfo } = revoked.output
    return { is: 'revoked', openid: OpenID, scopes: RevokeInfo.match(/\d+/g) ?? [] }
  }
  const cancelled = v.safeParse(cancelledSchema, message)
  if (cancelled.success) return { is: 'cancelled', openid: cancelled.output.OpenID }
  const { MsgType, Event } = understood(messageSchema, message)
  return { is: 'other', name: Event ?? MsgType }
}
