import fc from 'fast-check'
import type { MembershipChange } from '#domain/commands/membership'
import { addDays, type Day, instantOf, mondayOf, type Week, weeksFrom } from '#domain/day'
import { happeningAt } from '#domain/evidence'
import { personId } from '#domain/ids'
import { ledgerOf } from '#domain/ledger'
import { belongsOn, isExpectedOn, kindOn, type Membership } from '#domain/membership'
import { branchScope, memberScope, reviewScope } from '#domain/scopes'
import { standings, sumOf } from '#domain/tally'
import {
  chenLi,
  home,
  linXiao,
  monday,
  onlineAt,
  TestBranch,
  wuGuifang,
  zhouSecretary,
} from '../support/branch'
import { openStudy } from '../support/open-study'

const day = (count: number): Day => addDays(monday, count)
const membershipOf = (branch: TestBranch, who = linXiao): Membership => {
  const found = branch.records.get(reviewScope(home), 'membership', who)
  if (found === undefined) throw new Error('there is no membership')
  return found
}
const change = (branch: TestBranch, made: MembershipChange, who = linXiao, by = zhouSecretary) =>
  branch.act(by, 'change-membership', { memberId: who, change: made }, onlineAt('08:00'))

describe('what becomes of somebody in the branch', () => {
  test('is the same for them and for the register, from its day on', () => {
    const branch = new TestBranch()
    expect(change(branch, { what: 'long-absence', from: day(7), until: day(21) })).toBe('accepted')
    const mine = branch.records.get(memberScope(linXiao), 'membership', home)
    expect(mine).toEqual(membershipOf(branch))
    const expected = [6, 7, 20, 21].map((count) => isExpectedOn(membershipOf(branch), day(count)))
    expect(expected).toEqual([true, false, false, true])
  })

  test('probationary until the day before, full from then on', () => {
    const branch = new TestBranch()
    const was = { ...membershipOf(branch), membership: 'probationary' as const }
    branch.records.apply([{ scope: reviewScope(home), type: 'membership', key: linXiao, value: was }])
    expect(change(branch, { what: 'full', from: day(7) })).toBe('accepted')
    expect([6, 7].map((count) => kindOn(membershipOf(branch), day(count)))).toEqual(['probationary', 'full'])
    expect(change(branch, { what: 'full', from: day(8) })).toBe('already-decided')
  })

  test('an activist is expected from the day they were admitted', () => {
    const branch = new TestBranch()
    const was = { ...membershipOf(branch), membership: 'activist' as const }
    branch.records.apply([{ scope: reviewScope(home), type: 'membership', key: linXiao, value: was }])
    expect(change(branch, { what: 'admitted', from: day(7) })).toBe('accepted')
    expect([6, 7].map((count) => isExpectedOn(membershipOf(branch), day(count)))).toEqual([false, true])
  })

  test('expected again ends whatever went on', () => {
    const branch = new TestBranch()
    expect(change(branch, { what: 'expected-again', from: day(0) })).toBe('already-decided')
    change(branch, { what: 'exempt', from: day(-30) })
    change(branch, { what: 'long-absence', from: day(-10) })
    expect(change(branch, { what: 'expected-again', from: day(0) })).toBe('accepted')
    expect([-31, -30, -1, 0].map((count) => isExpectedOn(membershipOf(branch), day(count)))).toEqual([
      true,
      false,
      false,
      true,
    ])
  })

  test('whoever left is not of the branch from that day on, and named with it', () => {
    const branch = new TestBranch()
    expect(change(branch, { what: 'left', from: day(7) })).toBe('accepted')
    expect([6, 7].map((count) => belongsOn(membershipOf(branch), day(count)))).toEqual([true, false])
    expect(branch.records.get(branchScope(home), 'person', linXiao)).toMatchObject({ until: day(7) })
    expect(change(branch, { what: 'exempt', from: day(8) })).toBe('not-on-roster')
  })

  test.each<[string, MembershipChange, string]>([
    [
      'a period that ends before it begins',
      { what: 'exempt', from: day(7), until: day(7) },
      'times-out-of-order',
    ],
    ['a day before they came', { what: 'exempt', from: '1990-01-01' }, 'not-on-roster'],
    ['a full member becoming full', { what: 'full', from: day(7) }, 'already-decided'],
    ['a member being admitted', { what: 'admitted', from: day(7) }, 'already-decided'],
  ])('%s is refused and changes nothing', (_what, made, code) => {
    const branch = new TestBranch()
    const before = branch.records.snapshot()
    expect(change(branch, made)).toBe(code)
    expect(branch.records.snapshot()).toBe(before)
  })

  test('two of one kind do not overlap; the secretary does not take themselves off', () => {
    const branch = new TestBranch()
    change(branch, { what: 'exempt', from: day(7) })
    expect(change(branch, { what: 'exempt', from: day(30) })).toBe('already-decided')
    expect(change(branch, { what: 'left', from: day(7) }, zhouSecretary)).toBe('not-allowed')
    expect(change(branch, { what: 'left', from: day(7) }, personId('nobody'))).toBe('not-on-roster')
  })
})

/** Across two turns of a quarter and one of a year. */
const weeks = weeksFrom('2025-W36', 24)
const people = [linXiao, chenLi, wuGuifang]
const who = fc.constantFrom(...people)
const when = fc
  .integer({ min: 0, max: 7 * weeks.length })
  .map((count) => addDays(mondayOf('2025-W36'), count))
const changes = fc.oneof(
  fc.record({ what: fc.constantFrom('exempt' as const, 'long-absence' as const), from: when, until: when }),
  fc.record({ what: fc.constantFrom('expected-again' as const, 'left' as const), from: when }),
)
const acts = fc.array(
  fc.oneof(
    fc.record({ do: fc.constant('life' as const), who, change: changes }),
    fc.record({
      do: fc.constant('record' as const),
      who,
      standing: fc.constantFrom('on-time', 'late', 'excused', 'absent'),
    }),
    fc.record({ do: fc.constantFrom('rest' as const, 'close' as const, 'none' as const) }),
    fc.record({
      do: fc.constant('amend' as const),
      who,
      standing: fc.constantFrom('on-time', 'late', 'excused', 'absent'),
      back: fc.integer({ min: 1, max: 5 }),
    }),
  ),
  { minLength: weeks.length * 4, maxLength: weeks.length * 4 },
)

test('whoever comes, goes, is exempt, entered late or amended: registers keep their names, and the parts add up', () => {
  fc.assert(
    fc.property(acts, (all) => {
      const branch = new TestBranch()
      const closedAs = new Map<Week, string>()
      const lineVersion = (week: Week, id: typeof linXiao) =>
        branch.records.get(reviewScope(home), 'register-line', `${week}/${id}`)?.version ?? 0
      for (const [index, week] of weeks.entries()) {
        branch.records.apply([
          { scope: branchScope(home), type: 'weekly-study', key: week, value: openStudy(week) },
        ])
        const at = happeningAt(instantOf(mondayOf(week), '09:00'))
        const secretary = (name: Parameters<typeof branch.act>[1], args: object) =>
          branch.act(zhouSecretary, name, args, at)
        for (const act of all.slice(index * 4, index * 4 + 4)) {
          if (act.do === 'life') secretary('change-membership', { memberId: act.who, change: act.change })
          if (act.do === 'record')
            secretary('record-attendance', {
              week,
              memberId: act.who,
              standing: act.standing,
              version: lineVersion(week, act.who),
            })
          if (act.do === 'rest') secretary('record-rest', { week, memberIds: people })
          if (act.do === 'amend') {
            const past = weeks[index - act.back]
            if (past === undefined) continue
            secretary('record-attendance', {
              week: past,
              memberId: act.who,
              standing: act.standing,
              reason: '核对以后更正',
              version: lineVersion(past, act.who),
            })
          }
        }
        const naive = branch.records
          .list(reviewScope(home), 'membership', '')
          .filter((each) => isExpectedOn(each, mondayOf(week)))
          .map((each) => each.personId)
        expect(secretary('close-register', { week, version: 1 })).toBe('accepted')
        const register = branch.records.get(reviewScope(home), 'register', week)
        expect(register?.expected).toEqual(naive)
        closedAs.set(week, JSON.stringify(naive))
      }

      const asOf = instantOf('2026-12-31', '12:00')
      const ledger = (period: Parameters<typeof ledgerOf>[2]) => ledgerOf(branch.records, home, period, asOf)
      for (const { study, members, tally } of [
        ...ledger({ year: 2025 }).reviews,
        ...ledger({ year: 2026 }).reviews,
      ]) {
        const names = closedAs.get(study.week)
        if (names === undefined) continue // the one that every test begins with
        expect(JSON.stringify(members.map(({ memberId }) => memberId))).toBe(names)
        expect(standings.reduce((sum, standing) => sum + tally[standing], 0)).toBe(tally.expected)
        expect(study.state === 'closed' && study.tally).toEqual(tally)
      }
      for (const year of [2025, 2026]) {
        const whole = ledger({ year }).total
        expect(sumOf([1, 2, 3, 4].map((quarter) => ledger({ year, quarter }).total))).toEqual(whole)
        const months = Array.from({ length: 12 }, (_, month) => ledger({ year, month: month + 1 }).total)
        expect(sumOf(months)).toEqual(whole)
      }
    }),
    { numRuns: 60 },
  )
})
