import { createCipheriv, createHash, randomBytes } from 'node:crypto'

/** WeChat's half of a push, written apart from ours: what the server reads is not made by the server. */

export interface PushAccount {
  readonly appId: string
  readonly token: string
  readonly encodingAesKey: string
}

export const signatureOf = (...parts: string[]) =>
  createHash('sha1').update(parts.sort().join('')).digest('hex')

/** `random` is 16 characters, in WeChat's hand hexadecimal ones. */
export function encrypt(
  { appId, encodingAesKey }: PushAccount,
  message: string,
  random = randomBytes(8).toString('hex'),
): string {
  const key = Buffer.from(`${encodingAesKey}=`, 'base64')
  const text = Buffer.from(message)
  const length = Buffer.alloc(4)
  length.writeUInt32BE(text.length)
  const content = Buffer.concat([Buffer.from(random), length, text, Buffer.from(appId)])
  const short = 32 - (content.length % 32)
  const cipher = createCipheriv('aes-256-cbc', key, key.subarray(0, 16)).setAutoPadding(false)
  const padded = Buffer.concat([content, Buffer.alloc(short, short)])
  return Buffer.concat([cipher.update(padded), cipher.final()]).toString('base64')
}

export interface SignedPush {
  readonly query: Readonly<Record<string, string>>
  readonly body: string
}

/** A push as it arrives: what stands in the address, and the body. */
export function signedPush(account: PushAccount, message: object, now: number): SignedPush {
  const timestamp = String(Math.floor(now / 1000))
  const nonce = String(randomBytes(4).readUInt32BE())
  const Encrypt = encrypt(account, JSON.stringify(message))
  return {
    query: {
      signature: signatureOf(account.token, timestamp, nonce),
      timestamp,
      nonce,
      encrypt_type: 'aes',
      msg_signature: signatureOf(account.token, timestamp, nonce, Encrypt),
    },
    body: JSON.stringify({ ToUserName: 'gh_0123456789ab', Encrypt }),
  }
}
