// 学习现场码：每 60 秒换一次，由登记人出示、党员输入，两边都不用联网；它证明当时有人在出示，不记录在线
import * as v from 'valibot'
import { weekSchema } from './day'

/** What a week's codes are made from (TOTP of RFC 6238, SHA-256, six digits, 60 s), in base32. Readable
 *  by those who keep the register: their phone shows the code without signal. */
export const studyCodeSchema = v.object({ week: weekSchema, secret: v.string() })
export type StudyCode = v.InferOutput<typeof studyCodeSchema>

export const codeSchema = v.pipe(v.string(), v.regex(/^\d{6}$/))

/** The code that somebody typed, with spaces or in full-width digits; undefined for anything else. */
export function typedCode(text: string): string | undefined {
  const digits = text
    .replace(/\s/g, '')
    .replace(/[０-９]/g, (digit) => String.fromCharCode(digit.charCodeAt(0) - '０'.charCodeAt(0) + 0x30))
  const code = v.safeParse(codeSchema, digits)
  return code.success ? code.output : undefined
}

/** When a code was shown, from one instant up to another (ms UTC). */
export interface Shown {
  readonly from: number
  readonly until: number
}

/** Reads a code. The rules have no hash function: whoever decides with codes brings this along. */
export type ReadCode = (secret: string, code: string, within: Shown) => Shown | undefined
