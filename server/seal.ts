import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto'

/** Of a sealed value's bytes: version, IV, what is sealed, and the proof that nobody changed it. */
const version = Buffer.from([1])
const ivBytes = 12
const tagBytes = 16

const algorithm = 'aes-256-gcm'
const options = { authTagLength: tagBytes }

export interface Sealer {
  /** `context` says where the value belongs (`binding:lin-xiao`); it opens only there. */
  seal(text: string, context: string): string
  /** undefined when it was changed, moved elsewhere, or sealed with another key. */
  open(sealed: string, context: string): string | undefined
}

/** Keeps what the database holds unreadable to whoever has the database and not the key.
 *  @throws RangeError unless the key has 32 bytes */
export function sealer(key: Buffer): Sealer {
  if (key.length !== 32) throw new RangeError('A key to seal with has 32 bytes')
  const boundTo = (context: string) => Buffer.concat([version, Buffer.from(context)])

  return {
    seal(text, context) {
      const iv = randomBytes(ivBytes)
      const cipher = createCipheriv(algorithm, key, iv, options).setAAD(boundTo(context))
      const body = [cipher.update(text, 'utf8'), cipher.final()]
      return Buffer.concat([version, iv, ...body, cipher.getAuthTag()]).toString('base64url')
    },

    open(sealed, context) {
      const bytes = Buffer.from(sealed, 'base64url')
      // Base64 passes over what it does not know: one value has one way to be written.
      if (bytes.toString('base64url') !== sealed) return undefined
      if (bytes.length < 1 + ivBytes + tagBytes || bytes[0] !== version[0]) return undefined

      const iv = bytes.subarray(1, 1 + ivBytes)
      const decipher = createDecipheriv(algorithm, key, iv, options)
        .setAAD(boundTo(context))
        .setAuthTag(bytes.subarray(-tagBytes))
      try {
        const body = bytes.subarray(1 + ivBytes, -tagBytes)
        return Buffer.concat([decipher.update(body), decipher.final()]).toString()
      } catch {
        return undefined
      }
    },
  }
}
