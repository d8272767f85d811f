// 单独同意：党员身份属于敏感个人信息，处理前须单独告知并取得同意
import * as v from 'valibot'

/** The text of src/features/public/privacy-text.ts that people agree to. Raised with that text; who
 *  agreed to an older one is asked again. */
export const consentVersion = '2026-11-6'

/** One agreement, with its end if it was taken back. Readable by the person alone. */
export const consentSchema = v.object({
  version: v.string(),
  givenAt: v.number(),
  withdrawnAt: v.optional(v.number()),
})
export type Consent = v.InferOutput<typeof consentSchema>

/** The key of an agreement: keys sort as the moments do. */
export const consentKey = (givenAt: number) => String(givenAt).padStart(15, '0')

/** Whether the last agreement holds and is to the text of today. */
export function holdsConsent(consents: readonly Consent[]): boolean {
  const last = consents[consents.length - 1]
  return last !== undefined && last.withdrawnAt === undefined && last.version === consentVersion
}

/** They agreed once, and the text has changed since: they are asked again where they are. */
export const isToAgreeAnew = (consents: readonly Consent[]): boolean =>
  consents.length > 0 && !holdsConsent(consents)
