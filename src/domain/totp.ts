// 现场码怎样算出：RFC 6238（TOTP），SHA-256，六位数字，每 60 秒换一次
/** For the keeper's phone: a mini-program has no WebCrypto, and `otpauth`, which the server uses, wants
 *  BigInt, which iOS 12 and 13 lack, and 27 kB. A test holds the two together. */

export const codePeriodMs = 60_000

/** The code shown at an instant (ms UTC). */
export function codeAt(secret: string, instant: number): string {
  const counter = Math.floor(instant / codePeriodMs)
  const message = new DataView(new ArrayBuffer(8))
  message.setUint32(0, Math.floor(counter / 2 ** 32))
  message.setUint32(4, counter % 2 ** 32)
  const mac = new DataView(hmac(fromBase32(secret), new Uint8Array(message.buffer)).buffer)
  const offset = mac.getUint8(mac.byteLength - 1) & 0xf
  return String((mac.getUint32(offset) & 0x7fffffff) % 1_000_000).padStart(6, '0')
}

function fromBase32(text: string): Uint8Array {
  const bytes: number[] = []
  let bits = 0
  let value = 0
  for (const letter of text) {
    value = (value << 5) | 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567'.indexOf(letter)
    bits += 5
    if (bits < 8) continue
    bits -= 8
    bytes.push((value >>> bits) & 0xff)
  }
  return Uint8Array.from(bytes)
}

/** HMAC-SHA-256 (RFC 2104). */
function hmac(key: Uint8Array, message: Uint8Array): Uint8Array {
  const padded = new Uint8Array(64)
  padded.set(key.length > 64 ? sha256(key) : key)
  const mixed = (pad: number) => padded.map((byte) => byte ^ pad)
  return sha256(joined(mixed(0x5c), sha256(joined(mixed(0x36), message))))
}

function joined(head: Uint8Array, tail: Uint8Array): Uint8Array {
  const both = new Uint8Array(head.length + tail.length)
  both.set(head)
  both.set(tail, head.length)
  return both
}

/** FIPS 180-4. */
function sha256(message: Uint8Array): Uint8Array {
  // Whole blocks of 64: the message, one bit, zeros, its length in bits.
  const padded = new Uint8Array(((message.length + 72) >> 6) << 6)
  padded.set(message)
  padded[message.length] = 0x80
  const input = new DataView(padded.buffer)
  input.setUint32(padded.length - 4, message.length * 8)

  const state = new DataView(new ArrayBuffer(32))
  const add = (word: number, position: number) =>
    state.setInt32(position * 4, state.getInt32(position * 4) + word)
  initial.forEach(add)
  const words = new DataView(new ArrayBuffer(256))
  const word = (at: number) => words.getInt32(at * 4)
  for (let block = 0; block < padded.length; block += 64) {
    for (let at = 0; at < 16; at += 1) words.setInt32(at * 4, input.getInt32(block + at * 4))
    for (let at = 16; at < 64; at += 1) {
      const early = word(at - 15)
      const late = word(at - 2)
      const mixedEarly = turned(early, 7) ^ turned(early, 18) ^ (early >>> 3)
      const mixedLate = turned(late, 17) ^ turned(late, 19) ^ (late >>> 10)
      words.setInt32(at * 4, word(at - 16) + mixedEarly + word(at - 7) + mixedLate)
    }

    let [a, b, c, d, e, f, g, h] = Array.from({ length: 8 }, (_, at) => state.getInt32(at * 4)) as Eight
    constants.forEach((constant, at) => {
      const chosen = (e & f) ^ (~e & g)
      const majority = (a & b) ^ (a & c) ^ (b & c)
      const first = h + (turned(e, 6) ^ turned(e, 11) ^ turned(e, 25)) + chosen + constant + word(at)
      const second = (turned(a, 2) ^ turned(a, 13) ^ turned(a, 22)) + majority
      ;[h, g, f, e, d, c, b, a] = [g, f, e, (d + first) | 0, c, b, a, (first + second) | 0]
    })
    ;[a, b, c, d, e, f, g, h].forEach(add)
  }
  return new Uint8Array(state.buffer)
}

/** As long as it was asked for. */
type Eight = [number, number, number, number, number, number, number, number]

const turned = (word: number, by: number): number => (word >>> by) | (word << (32 - by))

/** The square roots of the first eight primes, 32 bits after the point. */
const initial = [
  0x6a09e667, 0xbb67ae85, 0x3c6ef372, 0xa54ff53a, 0x510e527f, 0x9b05688c, 0x1f83d9ab, 0x5be0cd19,
]

/** The cube roots of the first 64 primes, likewise. */
const constants = [
  0x428a2f98, 0x71374491, 0xb5c0fbcf, 0xe9b5dba5, 0x3956c25b, 0x59f111f1, 0x923f82a4, 0xab1c5ed5, 0xd807aa98,
  0x12835b01, 0x243185be, 0x550c7dc3, 0x72be5d74, 0x80deb1fe, 0x9bdc06a7, 0xc19bf174, 0xe49b69c1, 0xefbe4786,
  0x0fc19dc6, 0x240ca1cc, 0x2de92c6f, 0x4a7484aa, 0x5cb0a9dc, 0x76f988da, 0x983e5152, 0xa831c66d, 0xb00327c8,
  0xbf597fc7, 0xc6e00bf3, 0xd5a79147, 0x06ca6351, 0x14292967, 0x27b70a85, 0x2e1b2138, 0x4d2c6dfc, 0x53380d13,
  0x650a7354, 0x766a0abb, 0x81c2c92e, 0x92722c85, 0xa2bfe8a1, 0xa81a664b, 0xc24b8b70, 0xc76c51a3, 0xd192e819,
  0xd6990624, 0xf40e3585, 0x106aa070, 0x19a4c116, 0x1e376c08, 0x2748774c, 0x34b0bcb5, 0x391c0cb3, 0x4ed8aa4a,
  0x5b9cca4f, 0x682e6ff3, 0x748f82ee, 0x78a5636f, 0x84c87814, 0x8cc70208, 0x90befffa, 0xa4506ceb, 0xbef9a3f7,
  0xc67178f2,
]
