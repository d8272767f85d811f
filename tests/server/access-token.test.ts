import { createSigner } from 'fast-jwt'
import { personId } from '#domain/ids'
import { AccessTokens } from '#server/access-token'

const tokens = new AccessTokens('the key of the tests')
const claims = { personId: personId('lin-xiao'), sessionId: 'AbCd-fgh_123', generation: 7 }
const endsAt = 1741567260_500
const token = tokens.write(claims, endsAt)
const [person, session, generation, end, mac] = token.split('.') as [string, string, string, string, string]
const altered = (part: number, text: string) =>
  token
    .split('.')
    .map((each, at) => (at === part ? text : each))
    .join('.')

test('says who, which session and which of its tokens, until its end', () => {
  expect(tokens.read(token, 0)).toEqual(claims)
  expect(tokens.read(token, 1741567259_999)).toEqual(claims)
  expect(tokens.read(token, 1741567260_000)).toBeUndefined()
})

test('is short, and needs no escaping in a header', () => {
  expect(token).toMatch(/^[\w.-]+$/)
  expect(token.length).toBeLessThan(60)
})

test.each([
  { what: 'another person', forged: altered(0, 'chen-li') },
  { what: 'another session', forged: altered(1, 'AbCd-fgh_124') },
  { what: 'another generation', forged: altered(2, '8') },
  { what: 'the same generation written otherwise', forged: altered(2, '07') },
  { what: 'a later end', forged: altered(3, 'zzzzzz') },
  { what: 'a later end in large letters', forged: altered(3, end.toUpperCase()) },
  { what: 'no mac', forged: `${person}.${session}.${generation}.${end}.` },
  { what: 'half a mac', forged: altered(4, mac.slice(0, 11)) },
  { what: 'a mac that goes on', forged: altered(4, `${mac}AA`) },
  { what: 'a mac that is not base64', forged: altered(4, `${mac.slice(0, 21)}!`) },
  { what: 'dots in other places', forged: `${person}-.${session.slice(1)}.${generation}.${end}.${mac}` },
  { what: 'something before it', forged: ` ${token}` },
  { what: 'something after it', forged: `${token}\n` },
  { what: 'another key', forged: new AccessTokens('another key').write(claims, endsAt) },
  { what: 'nothing', forged: '' },
  { what: 'only dots', forged: '....' },
])('with $what is none', ({ forged }) => {
  expect(tokens.read(forged, 0)).toBeUndefined()
})

test('with any one character changed is none, not even where two texts stand for the same bytes', () => {
  for (let at = 0; at < token.length; at += 1) {
    for (const other of ['A', 'B', 'Q', 'g', 'w', '0', '-']) {
      if (token[at] === other) continue
      const forged = token.slice(0, at) + other + token.slice(at + 1)
      expect([forged, tokens.read(forged, 0)]).toEqual([forged, undefined])
    }
  }
})

test('is none when it is a JWT of the same key, as servers wrote before', () => {
  const sign = createSigner({ key: 'the key of the tests', algorithm: 'HS256' })
  const jwt = sign({ sub: 'lin-xiao', sid: 'AbCd-fgh_123', gen: 7, exp: 9e9 })
  expect(tokens.read(jwt, 0)).toBeUndefined()
})
