import { consentKey, consentVersion, holdsConsent, isToAgreeAnew } from '#domain/consent'

const given = { version: consentVersion, givenAt: 1 }
const older = { version: '2025-01', givenAt: 0 }

test.each([
  { what: 'nobody agreed', consents: [], holds: false, isAsked: false },
  { what: 'to the text of today', consents: [given], holds: true, isAsked: false },
  { what: 'to an older text', consents: [older], holds: false, isAsked: true },
  { what: 'to an older text, then anew', consents: [older, given], holds: true, isAsked: false },
  { what: 'and took it back', consents: [{ ...given, withdrawnAt: 2 }], holds: false, isAsked: true },
])('agreement: $what', ({ consents, holds, isAsked }) => {
  expect(holdsConsent(consents)).toBe(holds)
  expect(isToAgreeAnew(consents)).toBe(isAsked)
})

test('keys sort as the moments do', () => {
  const moments = [9, 10, 1_790_000_000_000]
  expect(moments.map(consentKey).sort()).toEqual(moments.map(consentKey))
})
