import fc from 'fast-check'
import { transferred } from '#domain/assignment'
import { addDays, type Day, instantOf, mondayOf, type Week, weeksFrom } from '#domain/day'
import { happeningAt } from '#domain/evidence'
import type { BranchId, PersonId } from '#domain/ids'
import { ledgerOf } from '#domain/ledger'
import { isExpectedOn } from '#domain/membership'
import { changesBetween } from '#domain/person'
import { branchScope, memberScope, reviewScope } from '#domain/scopes'
import { standings, sumOf } from '#domain/tally'
import {
  chenLi,
  elsewhere,
  home,
  linXiao,
  outsider,
  TestBranch,
  wuGuifang,
  zhouSecretary,
} from '../support/branch'
import { openStudy } from '../support/open-study'

const branches = [home, elsewhere]
const secretaryOf = (branch: BranchId) => (branch === home ? zhouSecretary : outsider)
const people = [linXiao, chenLi, wuGuifang]

/** As the admin does it; what cannot be changes nothing. */
function transfer(branch: TestBranch, person: PersonId, on: Day, today: Day): boolean {
  const own = memberScope(person)
  const profile = branch.records.get(own, 'profile', 'profile')
  if (profile === undefined) throw new Error('there is no profile')
  const before = { profile, memberships: branch.records.list(own, 'membership', '') }
  const [from, to] = isExpectedIn(branch, home, person, today) ? [home, elsewhere] : [elsewhere, home]
  const after = transferred(before, { from: from ?? home, to: to ?? home, on }, today)
  if (typeof after === 'string') return false
  branch.records.apply(changesBetween(before, after, today))
  return true
}

const membershipsOf = (branch: TestBranch, of: BranchId) =>
  branch.records.list(reviewScope(of), 'membership', '')
const expectedIn = (branch: TestBranch, of: BranchId, day: Day): PersonId[] =>
  membershipsOf(branch, of).flatMap((each) => (isExpectedOn(each, day) ? [each.personId] : []))
const isExpectedIn = (branch: TestBranch, of: BranchId, person: PersonId, day: Day) =>
  expectedIn(branch, of, day).includes(person)

const weeks = weeksFrom('2025-W40', 20) // across a turn of a quarter and of a year
const acts = fc.array(
  fc.record({
    person: fc.constantFrom(...people),
    /** So many days ago they went, or not at all this week. */
    goes: fc.option(fc.integer({ min: 0, max: 30 }), { nil: undefined }),
    standing: fc.constantFrom('on-time', 'late', 'excused', 'absent'),
    amends: fc.integer({ min: 0, max: 6 }),
  }),
  { minLength: weeks.length * 2, maxLength: weeks.length * 2 },
)

test('whoever goes to and fro: nobody is expected twice on one day, closed registers keep their names, and all adds up', () => {
  let moves = 0
  fc.assert(
    fc.property(acts, (all) => {
      const branch = new TestBranch()
      const closedAs = new Map<string, PersonId[]>()
      for (const [index, week] of weeks.entries()) {
        const day = mondayOf(week)
        const at = happeningAt(instantOf(day, '12:30'))
        for (const of of branches)
          branch.records.apply([
            { scope: branchScope(of), type: 'weekly-study', key: week, value: openStudy(week) },
          ])
        const record = (of: BranchId, which: Week, person: PersonId, standing: string) => {
          const line = branch.records.get(reviewScope(of), 'register-line', `${which}/${person}`)
          const args = {
            week: which,
            memberId: person,
            standing,
            reason: '核对',
            version: line?.version ?? 0,
          }
          return branch.act(secretaryOf(of), 'record-attendance', args, at, branchScope(of))
        }
        for (const { person, goes, standing, amends } of all.slice(index * 2, index * 2 + 2)) {
          if (goes !== undefined && transfer(branch, person, addDays(day, -goes), day)) moves += 1
          for (const of of branches) {
            const outcome = record(of, week, person, standing)
            expect(outcome).toBe(isExpectedIn(branch, of, person, day) ? 'accepted' : 'not-on-roster')
            const past = weeks[index - amends]
            if (past !== undefined && amends > 0) {
              const isNamed = closedAs.get(`${of} ${past}`)?.includes(person) ?? false
              expect(record(of, past, person, standing)).toBe(isNamed ? 'accepted' : 'not-on-roster')
            }
          }
        }
        for (const of of branches) {
          const args = { week, version: 1 }
          expect(branch.act(secretaryOf(of), 'close-register', args, at, branchScope(of))).toBe('accepted')
          closedAs.set(`${of} ${week}`, expectedIn(branch, of, day))
        }
        const named = branches.flatMap((of) => closedAs.get(`${of} ${week}`) ?? [])
        expect(new Set(named).size).toBe(named.length)
      }

      const asOf = instantOf('2026-12-31', '12:00')
      for (const of of branches) {
        const ledger = (period: Parameters<typeof ledgerOf>[2]) => ledgerOf(branch.records, of, period, asOf)
        for (const year of [2025, 2026]) {
          const { total, reviews } = ledger({ year })
          for (const { study, members, tally } of reviews) {
            const names = closedAs.get(`${of} ${study.week}`)
            if (names === undefined) continue // the one that every test begins with
            expect(members.map(({ memberId }) => memberId)).toEqual(names)
            expect(standings.reduce((sum, standing) => sum + tally[standing], 0)).toBe(tally.expected)
          }
          expect(sumOf([1, 2, 3, 4].map((quarter) => ledger({ year, quarter }).total))).toEqual(total)
          const months = Array.from({ length: 12 }, (_, month) => ledger({ year, month: month + 1 }).total)
          expect(sumOf(months)).toEqual(total)
        }
      }
    }),
    { numRuns: 60 },
  )
  expect(moves).toBeGreaterThan(60)
})

const noon = () => happeningAt(instantOf('2025-03-10', '12:30'))
const closeThe = (branch: TestBranch, of: BranchId) =>
  branch.act(secretaryOf(of), 'close-register', { week: '2025-W11', version: 1 }, noon(), branchScope(of))

function tallyIn(branch: TestBranch, of: BranchId) {
  const study = branch.records.get(branchScope(of), 'weekly-study', '2025-W11')
  if (study?.state !== 'closed') throw new Error('the register is not closed')
  return study.tally
}

test('who comes to a branch as of a day before has no line in the register that was closed by then', () => {
  const branch = new TestBranch()
  branch.records.apply([
    { scope: branchScope(elsewhere), type: 'weekly-study', key: '2025-W11', value: openStudy('2025-W11') },
  ])
  expect(closeThe(branch, elsewhere)).toBe('accepted')
  const before = tallyIn(branch, elsewhere)
  expect(transfer(branch, linXiao, '2025-03-10', '2025-03-10')).toBe(true)

  const offlineInTime = { earliest: instantOf('2025-03-10', '08:00'), receivedAt: noon().receivedAt + 1 }
  const evidence = { ...offlineInTime, claimedAt: instantOf('2025-03-10', '08:32') }
  const week = '2025-W11'
  const asked = { week, kind: 'sick', note: '' }
  const atDawn = { ...evidence, claimedAt: instantOf('2025-03-10', '08:05') }
  expect(branch.act(linXiao, 'check-in', { week }, evidence, branchScope(elsewhere))).toBe('not-on-roster')
  expect(branch.act(linXiao, 'ask-leave', asked, atDawn, branchScope(elsewhere))).toBe('not-on-roster')
  expect(tallyIn(branch, elsewhere)).toEqual(before)
})

test.each([true, false])(
  'a leave of who has left the branch since is decided (%s), and the register stays as it closed',
  (isAccepted) => {
    const branch = new TestBranch()
    const week = '2025-W11'
    const asked = { week, kind: 'sick', note: '' }
    expect(branch.act(linXiao, 'ask-leave', asked, happeningAt(instantOf('2025-03-10', '08:00')))).toBe(
      'accepted',
    )
    expect(transfer(branch, linXiao, '2025-03-10', '2025-03-10')).toBe(true)
    expect(closeThe(branch, home)).toBe('accepted')
    const before = tallyIn(branch, home)
    const decision = { week, memberId: linXiao, isAccepted, reason: '已调出', version: 1 }
    expect(branch.act(zhouSecretary, 'decide-leave', decision, noon())).toBe('accepted')
    expect(branch.records.get(memberScope(linXiao), 'leave', `${week}/${home}`)?.state).toBe(
      isAccepted ? 'accepted' : 'declined',
    )
    expect(tallyIn(branch, home)).toEqual(before)
    expect(standings.reduce((sum, standing) => sum + before[standing], 0)).toBe(before.expected)
  },
)
