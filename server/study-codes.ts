import { Secret, TOTP } from 'otpauth'
import type { ReadCode, StudyCode } from '#domain/study-code'

const period = 60

const totpOf = (secret: string) =>
  new TOTP({ secret: Secret.fromBase32(secret), algorithm: 'SHA256', digits: 6, period })

export const newStudyCode = (week: StudyCode['week']): StudyCode => ({
  week,
  secret: new Secret({ size: 20 }).base32,
})

/** The code shown at an instant (ms UTC). */
export const codeAt = (secret: string, instant: number): string =>
  totpOf(secret).generate({ timestamp: instant })

/** The first time within a study that this code was shown. A guess is right in one of some four thousand:
 *  there are about two hundred codes in a study, and nobody can try twice. */
export const readCode: ReadCode = (secret, code, within) => {
  const totp = totpOf(secret)
  for (let from = Math.floor(within.from / 60_000) * 60_000; from <= within.until; from += period * 1000) {
    if (totp.generate({ timestamp: from }) === code) return { from, until: from + period * 1000 }
  }
  return undefined
}
