import { build } from 'esbuild'
import fc from 'fast-check'
import { Secret } from 'otpauth'
import { codeAt, codePeriodMs } from '#domain/totp'
import { codeAt as codeAtServer, newStudyCode } from '#server/study-codes'
import { at, week } from '../support/branch'
import { Realm } from '../support/weapp/realm'

const { secret } = newStudyCode(week)

/** RFC 6238, appendix B, for SHA-256. There a code holds for 30 seconds and has eight digits. */
const rfcSecret = Secret.fromLatin1('12345678901234567890123456789012').base32
test.each([
  { seconds: 59, digits: '46119246' },
  { seconds: 1111111109, digits: '68084774' },
  { seconds: 1111111111, digits: '67062674' },
  { seconds: 1234567890, digits: '91819424' },
  { seconds: 2000000000, digits: '90698825' },
  { seconds: 20000000000, digits: '77737706' },
])('at $seconds s the RFC has $digits', ({ seconds, digits }) => {
  expect(codeAt(rfcSecret, Math.floor(seconds / 30) * codePeriodMs)).toBe(digits.slice(-6))
})

test('the phone shows what the server knows, whatever the secret and the instant', () => {
  const bytes = fc.uint8Array({ minLength: 1, maxLength: 140 }) // past 64 the key is hashed first
  fc.assert(
    fc.property(bytes, fc.integer({ min: 0, max: 8.64e15 }), (key, instant) => {
      const { base32 } = new Secret({ buffer: Uint8Array.from(key).buffer })
      expect(codeAt(base32, instant)).toBe(codeAtServer(base32, instant))
    }),
    { numRuns: 500 },
  )
})

test('both turn to the next code at the same millisecond, through a whole study', () => {
  for (let from = at('08:15'); from <= at('12:00'); from += codePeriodMs) {
    const around = [from - 1, from, from + codePeriodMs - 1, from + codePeriodMs]
    expect(around.map((instant) => codeAt(secret, instant))).toEqual(
      around.map((instant) => codeAtServer(secret, instant)),
    )
    expect(codeAt(secret, from)).toBe(codeAt(secret, from + codePeriodMs - 1))
  }
  const codes = new Set(
    Array.from({ length: 200 }, (_, minute) => codeAt(secret, at('08:15') + minute * codePeriodMs)),
  )
  expect(codes.size).toBeGreaterThan(190) // two minutes may share one
})

test('it runs on the bare language of an old phone', async () => {
  const { outputFiles } = await build({
    entryPoints: ['src/domain/totp.ts'],
    bundle: true,
    format: 'iife',
    globalName: 'totp',
    target: 'es2018',
    write: false,
  })
  const realm = new Realm()
  for (const name of ['BigInt', 'BigInt64Array', 'BigUint64Array', 'globalThis', 'console', 'setTimeout'])
    realm.evaluate(`delete this.${name}`, 'bare.js')
  realm.evaluate(outputFiles[0]?.text ?? '', 'totp.js')
  const instant = at('08:30')
  expect(realm.evaluate(`totp.codeAt('${secret}', ${instant})`, 'totp.js')).toBe(
    codeAtServer(secret, instant),
  )
})
