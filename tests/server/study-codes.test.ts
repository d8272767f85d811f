import fc from 'fast-check'
import { reviewScope } from '#domain/scopes'
import { codeAt, newStudyCode, readCode } from '#server/study-codes'
import { at, home, linXiao, TestBranch, week, wuGuifang } from '../support/branch'

const { secret } = newStudyCode(week)
const within = { from: at('08:15'), until: at('12:00') }

test('a code is read back as the minute it was shown in, anywhere in the study', () => {
  fc.assert(
    fc.property(fc.integer({ min: within.from, max: within.until }), (instant) => {
      const shown = readCode(secret, codeAt(secret, instant), within)
      // Another minute may have the same six digits; then the first of them is meant.
      expect(shown?.from).toBeLessThanOrEqual(instant)
      expect(codeAt(secret, shown?.from ?? 0)).toBe(codeAt(secret, instant))
    }),
  )
})

test('a code of another study, of before or after, or none at all, is not read', () => {
  const inside = new Set<string>()
  for (let instant = within.from; instant <= within.until; instant += 60_000)
    inside.add(codeAt(secret, instant))
  const foreign = [
    '000000',
    '123456',
    codeAt(newStudyCode(week).secret, at('08:30')),
    codeAt(secret, at('07:30')),
  ]
  for (const code of foreign) if (!inside.has(code)) expect(readCode(secret, code, within)).toBeUndefined()
})

describe('a check-in that arrives the day after', () => {
  const arrives = { earliest: at('20:00', '2025-03-09'), receivedAt: at('09:00', '2025-03-11') }
  const branchWithCode = () => {
    const branch = new TestBranch()
    branch.records.apply([
      { scope: reviewScope(home), type: 'study-code', key: week, value: { week, secret } },
    ])
    branch.readCode = readCode
    return branch
  }

  test.each([
    { shownAt: '08:32', claimed: '08:33', outcome: 'accepted', standing: 'on-time' },
    { shownAt: '08:55', claimed: '08:30', outcome: 'accepted', standing: 'late' }, // nobody knew it before
    { shownAt: undefined, claimed: '08:33', outcome: 'held', standing: 'held' },
  ])('with the code of $shownAt is $outcome, $standing', ({ shownAt, claimed, outcome, standing }) => {
    const branch = branchWithCode()
    const code = shownAt === undefined ? '000000' : codeAt(secret, at(shownAt))
    const evidence = { ...arrives, claimedAt: at(claimed) }
    expect(branch.act(linXiao, 'check-in', { week, code }, evidence)).toBe(outcome)
    const line = branch.line(linXiao)
    expect(line).toMatchObject({ standing, isLateSync: true })
    expect(line?.codeShownAt).toBe(shownAt === undefined ? undefined : at(shownAt))
  })

  test('nobody can try twice', () => {
    const branch = branchWithCode()
    const evidence = { ...arrives, claimedAt: at('08:33') }
    branch.act(wuGuifang, 'check-in', { week, code: '000000' }, evidence)
    const right = codeAt(secret, at('08:33'))
    expect(branch.act(wuGuifang, 'check-in', { week, code: right }, evidence)).toBe('held')
    expect(branch.line(wuGuifang)?.standing).toBe('held')
  })

  test('made after the study, the code does not help', () => {
    const branch = branchWithCode()
    const evidence = { ...arrives, earliest: at('13:00'), claimedAt: at('08:33') }
    const code = codeAt(secret, at('08:33'))
    expect(branch.act(linXiao, 'check-in', { week, code }, evidence)).toBe('register-closed')
  })
})
