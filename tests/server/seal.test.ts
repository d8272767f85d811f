import { createDecipheriv, randomBytes } from 'node:crypto'
import { sealer } from '#server/seal'

const key = randomBytes(32)
const { seal, open } = sealer(key)
const context = 'binding:lin-xiao'
const openid = 'oLinXiao0123456789abcdefghij'

test.each([openid, '', '林晓同志', '\0', 'x'.repeat(10_000)])('what is sealed opens (%#)', (text) => {
  expect(open(seal(text, context), context)).toBe(text)
})

test('is not to be read or compared from outside', () => {
  const [one, other] = [seal(openid, context), seal(openid, context)]
  expect(one).not.toBe(other)
  for (const bytes of [one, Buffer.from(one, 'base64url').toString('latin1')])
    expect(bytes).not.toContain(openid)
})

test('opens where it was sealed and nowhere else', () => {
  const sealed = seal(openid, context)
  for (const elsewhere of ['binding:chen-li', 'binding:lin-xia', 'binding:lin-xiao ', ''])
    expect(open(sealed, elsewhere)).toBeUndefined()
})

test('opens with its key only', () => {
  expect(sealer(randomBytes(32)).open(seal(openid, context), context)).toBeUndefined()
  expect(sealer(Buffer.from(key)).open(seal(openid, context), context)).toBe(openid)
})

test('not with any bit changed, the version’s included', () => {
  const bytes = Buffer.from(seal(openid, context), 'base64url')
  const openedWith = Array.from({ length: bytes.length * 8 }, (_, bit) => {
    const changed = Buffer.from(bytes)
    changed.writeUInt8(changed.readUInt8(bit >> 3) ^ (1 << (bit & 7)), bit >> 3)
    return open(changed.toString('base64url'), context)
  })
  expect(new Set(openedWith)).toEqual(new Set([undefined]))
  expect(open(bytes.toString('base64url'), context)).toBe(openid)
})

test('not cut short or made longer, and not written another way', () => {
  const sealed = seal(openid, context)
  for (let length = 0; length < sealed.length; length++)
    expect(open(sealed.slice(0, length), context)).toBeUndefined()
  for (const more of [`${sealed}A`, `${sealed}AAAA`, `${sealed}=`, ` ${sealed}`, `${sealed}\n`, `${sealed}!`])
    expect(open(more, context)).toBeUndefined()
})

test('is AES-256-GCM, whoever reads it', () => {
  const bytes = Buffer.from(seal(openid, context), 'base64url')
  const decipher = createDecipheriv('aes-256-gcm', key, bytes.subarray(1, 13), { authTagLength: 16 })
  decipher.setAAD(Buffer.from(`\u0001${context}`)).setAuthTag(bytes.subarray(-16))
  expect(bytes[0]).toBe(1)
  expect(Buffer.concat([decipher.update(bytes.subarray(13, -16)), decipher.final()]).toString()).toBe(openid)
})

test.each([0, 16, 31, 33])('a key of %d bytes is none', (length) => {
  expect(() => sealer(randomBytes(length))).toThrow(RangeError)
})
