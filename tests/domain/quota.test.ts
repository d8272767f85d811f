import fc from 'fast-check'
import { addDays, type Day, instantOf } from '#domain/day'
import { personId } from '#domain/ids'
import { type HeldMeeting, isOn, type MeetingKind, meetingKinds, meetingTimes } from '#domain/meeting'
import type { Membership } from '#domain/membership'
import { type LedgerPeriod, monthsOf } from '#domain/period'
import {
  defaultQuotas,
  type Quota,
  type QuotaBasis,
  type QuotaState,
  quotaCell,
  quotaCells,
  sumOfCells,
} from '#domain/quota'
import { branchScope, organizationScope } from '#domain/scopes'
import { emptyTally } from '#domain/tally'
import {
  admin,
  association,
  elsewhere,
  home,
  onlineAt,
  plan,
  TestBranch,
  zhouSecretary,
} from '../support/branch'

let meetings = 0
function meetingOn(heldOn: Day, change: Partial<HeldMeeting> = {}): HeldMeeting {
  meetings += 1
  const times = meetingTimes(heldOn, '14:00', '15:00')
  return {
    ...plan,
    ...times,
    id: `${heldOn.slice(0, 4)}-m-device.${meetings}`,
    version: 1,
    isBackfilled: false,
    state: 'closed',
    closedAt: times.endsAt,
    tally: emptyTally,
    ...change,
  } as HeldMeeting // open only with the state that says so
}

const people = (count: number, change: Partial<Membership> = {}): Membership[] =>
  Array.from({ length: count }, (_, index) => ({
    branchId: home,
    personId: personId(`person-${index}`),
    name: '',
    membership: 'full',
    spells: [{ from: '2020-01-01' }],
    exempt: [],
    longAbsence: [],
    groups: [{ name: '第一党小组', from: '2020-01-01' }],
    ...change,
  }))

/** A branch of seven, with groups, that has long been with us. */
const basis = (change: Partial<QuotaBasis> = {}): QuotaBasis => ({
  meetings: [],
  memberships: people(7),
  quotas: undefined,
  since: '2024-01-01',
  asOf: instantOf('2025-03-10', '12:00'),
  ...change,
})
const march = { year: 2025, month: 3 }
const isState = (state: QuotaState) => (state.is === 'not-applicable' ? state.why : state.is)
const stateIn = (given: QuotaBasis, kind: MeetingKind, period: LedgerPeriod) =>
  isState(quotaCell(given, kind, period).state)

// What each kind is asked for by default, and the first and last day of a period of it.
const asked: [MeetingKind, LedgerPeriod, number, Day, Day][] = [
  ['general-meeting', { year: 2025, quarter: 1 }, 1, '2025-01-01', '2025-03-31'],
  ['committee-meeting', march, 1, '2025-03-01', '2025-03-31'],
  ['group-meeting', march, 1, '2025-03-01', '2025-03-31'],
  ['party-class', { year: 2025, quarter: 1 }, 1, '2025-01-01', '2025-03-31'],
  ['theme-day', { year: 2025, month: 2 }, 1, '2025-02-01', '2025-02-28'],
  ['collective-study', { year: 2024, month: 2 }, 2, '2024-02-01', '2024-02-29'],
  ['organizational-life-meeting', { year: 2025 }, 1, '2025-01-01', '2025-12-31'],
]

test('each kind is asked for', () => expect(asked.map(([kind]) => kind)).toEqual([...meetingKinds]))

describe.each(asked)('%s in %j', (kind, period, times, first, last) => {
  const held = (days: readonly Day[], asOf = instantOf(addDays(last, 1), '00:00')) =>
    basis({ meetings: days.map((day) => meetingOn(day, { kind })), asOf })
  const enough = (day: Day) => Array<Day>(times).fill(day)

  test('is met by as many as are asked, from the first day to the last', () => {
    for (const day of [first, last]) {
      expect(quotaCell(held(enough(day)), kind, period)).toMatchObject({ times, state: { is: 'met' } })
      expect(stateIn(held(enough(day).slice(1)), kind, period)).toBe('missing')
      expect(stateIn(held([...enough(day), day]), kind, period)).toBe('met')
    }
    for (const day of [addDays(first, -1), addDays(last, 1)]) {
      const given = held(enough(day), instantOf(addDays(last, 2), '00:00'))
      expect(quotaCell(given, kind, period)).toMatchObject({ held: [], state: { is: 'missing' } })
    }
  })

  test('is not yet due until the last day is over', () => {
    expect(stateIn(held([], instantOf(last, '24:00') - 1), kind, period)).toBe('not-yet-due')
    expect(stateIn(held([], instantOf(last, '24:00')), kind, period)).toBe('missing')
    expect(stateIn(held([], instantOf(first, '00:00') - 1), kind, period)).toBe('not-yet-due')
    expect(stateIn(held(enough(first), instantOf(last, '12:00')), kind, period)).toBe('met')
  })

  test('is not asked where the branch says so', () => {
    const none = { quotas: { [kind]: { every: defaultQuotas[kind].every, times: 0 } } }
    expect(stateIn({ ...held([]), ...none }, kind, period)).toBe('not-asked')
    expect(stateIn({ ...held(enough(first)), ...none }, kind, period)).toBe('not-asked')
    const one = { quotas: { [kind]: { every: defaultQuotas[kind].every, times: times + 1 } } }
    expect(stateIn({ ...held(enough(first)), ...one }, kind, period)).toBe('missing')
    expect(stateIn({ ...held([...enough(first), last]), ...one }, kind, period)).toBe('met')
  })

  test('is nobody’s omission before the branch was with us', () => {
    expect(stateIn({ ...held([]), since: last }, kind, period)).toBe('missing')
    expect(stateIn({ ...held([]), since: addDays(last, 1) }, kind, period)).toBe('not-begun')
    expect(stateIn({ ...held(enough(last)), since: addDays(last, 1) }, kind, period)).toBe('met')
  })

  test('is not met by another kind', () => {
    const kinds = meetingKinds.filter((each) => each !== kind)
    const given = basis({
      meetings: kinds.flatMap((each) => enough(first).map((day) => meetingOn(day, { kind: each }))),
      asOf: instantOf(last, '24:00'),
    })
    expect(stateIn(given, kind, period)).toBe('missing')
  })
})

describe('a committee', () => {
  const over = instantOf('2025-04-01', '00:00')
  const stateWith = (memberships: Membership[], asOf = over, more: Partial<QuotaBasis> = {}) =>
    stateIn(basis({ memberships, asOf, ...more }), 'committee-meeting', march)

  test.each([
    [0, 'no-committee'],
    [6, 'no-committee'],
    [7, 'missing'],
    [8, 'missing'],
  ])('of a branch with %i full members: %s', (count, state) => {
    expect(stateWith(people(count))).toBe(state)
    expect(stateWith([...people(count), ...people(5, { membership: 'probationary' })])).toBe(state)
    expect(stateWith([...people(count), ...people(5, { membership: 'activist' })])).toBe(state)
  })

  test.each([
    ['became full on the last day', { fullFrom: '2025-03-31' }, 'missing'],
    ['became full the day after', { fullFrom: '2025-04-01' }, 'no-committee'],
    ['came on the last day', { spells: [{ from: '2025-03-31' }] }, 'missing'],
    ['came the day after', { spells: [{ from: '2025-04-01' }] }, 'no-committee'],
    ['left on the last day', { spells: [{ from: '2020-01-01', until: '2025-03-31' }] }, 'no-committee'],
    ['left the day after', { spells: [{ from: '2020-01-01', until: '2025-04-01' }] }, 'missing'],
    ['is exempt', { exempt: [{ from: '2020-01-01' }] }, 'missing'],
  ])('whose seventh %s: %s', (_, seventh, state) =>
    expect(stateWith([...people(6), ...people(1, seventh)])).toBe(state),
  )

  test('is looked at as it is today while the month goes on', () => {
    const seven = [...people(6), ...people(1, { fullFrom: '2025-03-11' })]
    expect(stateWith(seven, instantOf('2025-03-11', '00:00') - 1)).toBe('no-committee')
    expect(stateWith(seven, instantOf('2025-03-11', '00:00'))).toBe('not-yet-due')
    expect(stateWith(seven)).toBe('missing')
  })

  test('that met has met, however few they are', () => {
    const meetings = [meetingOn('2025-03-05', { kind: 'committee-meeting' })]
    expect(stateWith(people(6), over, { meetings })).toBe('met')
  })

  test('is asked for nothing else by its number', () => {
    const few = basis({ memberships: people(6), asOf: over })
    expect(stateIn(few, 'general-meeting', { year: 2025, quarter: 1 })).toBe('missing')
    expect(stateIn(few, 'group-meeting', march)).toBe('missing')
  })
})

test('a branch without groups holds no group meetings, and counts the one it held', () => {
  const without = basis({
    memberships: people(7, { groups: undefined }),
    asOf: instantOf('2025-04-01', '00:00'),
  })
  expect(stateIn(without, 'group-meeting', march)).toBe('no-groups')
  expect(stateIn(without, 'theme-day', march)).toBe('missing')
  const meetings = [meetingOn('2025-03-05', { kind: 'group-meeting' })]
  expect(stateIn({ ...without, meetings }, 'group-meeting', march)).toBe('met')
})

describe('党小组会', () => {
  const two = [
    ...people(4, { groups: [{ name: '第一党小组', from: '2020-01-01' }] }),
    ...people(3, { groups: [{ name: '第二党小组', from: '2025-03-20' }] }),
  ]
  const over = instantOf('2025-04-01', '00:00')
  const held = (...groups: (string | undefined)[]) =>
    groups.map((group, index) => meetingOn(`2025-03-0${index + 1}`, { kind: 'group-meeting', group }))
  const cellOf = (meetings: HeldMeeting[], change: Partial<QuotaBasis> = {}) => {
    const { state, times, lacking } = quotaCell(
      basis({ memberships: two, asOf: over, meetings, ...change }),
      'group-meeting',
      march,
    )
    return { is: isState(state), times, lacking }
  }

  test.each([
    { groups: [], is: 'missing', lacking: ['第一党小组', '第二党小组'] },
    { groups: ['第一党小组'], is: 'missing', lacking: ['第二党小组'] },
    { groups: ['第一党小组', '第一党小组'], is: 'missing', lacking: ['第二党小组'] },
    { groups: ['第一党小组', '第二党小组'], is: 'met', lacking: [] },
    { groups: [undefined], is: 'met', lacking: [] },
    { groups: ['第三党小组'], is: 'missing', lacking: ['第一党小组', '第二党小组'] },
  ])('each group holds its own: $groups is $is', ({ groups, is, lacking }) => {
    expect(cellOf(held(...groups))).toEqual({ is, times: 2, lacking })
  })

  test('the groups are those at the period’s end, or today', () => {
    const march19 = instantOf('2025-03-19', '12:00')
    expect(cellOf([], { asOf: march19 })).toEqual({ is: 'not-yet-due', times: 1, lacking: ['第一党小组'] })
    expect(cellOf([], { asOf: instantOf('2025-03-20', '12:00') }).lacking).toHaveLength(2)
  })

  test('a branch that asks for none lacks none', () => {
    const quotas = { 'group-meeting': { every: 'month' as const, times: 0 } }
    expect(cellOf([], { quotas })).toEqual({ is: 'not-asked', times: 0, lacking: [] })
  })
})

describe('what counts', () => {
  const heldIn = (given: Partial<QuotaBasis>, kind: MeetingKind, period: LedgerPeriod = march) =>
    quotaCell(basis({ asOf: instantOf('2025-04-01', '00:00'), ...given }), kind, period).held

  test('a meeting of two kinds once for each', () => {
    const class_ = meetingOn('2025-03-05', { kind: 'theme-day', alsoCountsAs: ['party-class', 'theme-day'] })
    const given = { meetings: [class_] }
    expect(heldIn(given, 'theme-day')).toEqual([class_])
    expect(heldIn(given, 'party-class', { year: 2025, quarter: 1 })).toEqual([class_])
    for (const kind of ['general-meeting', 'collective-study'] as const)
      expect(heldIn(given, kind)).toEqual([])
  })

  test('a closed register, from when the meeting began', () => {
    const closed = meetingOn('2025-03-05')
    const open = meetingOn('2025-03-06', { state: 'open', isReopened: false })
    const reopened = meetingOn('2025-03-07', { state: 'open', isReopened: true })
    expect(heldIn({ meetings: [closed, open, reopened] }, 'general-meeting')).toEqual([closed])
    expect(heldIn({ meetings: [closed], asOf: closed.startsAt - 1 }, 'general-meeting')).toEqual([])
    expect(heldIn({ meetings: [closed], asOf: closed.startsAt }, 'general-meeting')).toEqual([closed])
  })

  test('in the order they were held', () => {
    const all = ['2025-03-20', '2025-03-05', '2025-03-31'].map((day) => meetingOn(day))
    expect(heldIn({ meetings: all }, 'general-meeting').map(({ heldOn }) => heldOn)).toEqual([
      '2025-03-05',
      '2025-03-20',
      '2025-03-31',
    ])
  })

  const counted = (branch: TestBranch) =>
    heldIn(
      { meetings: branch.records.list(branchScope(home), 'meeting', '').filter(isOn) },
      'general-meeting',
    ).length
  const close = (branch: TestBranch, id: string, version = 1) =>
    branch.act(zhouSecretary, 'close-register', { week: id, version }, onlineAt('15:00'))

  test('not one that was cancelled, or opened again', () => {
    const branch = new TestBranch()
    const cancelled = { id: branch.planned(), reason: '改期', version: 1 }
    expect(branch.act(zhouSecretary, 'cancel-meeting', cancelled, onlineAt('08:00'))).toBe('accepted')
    const id = branch.planned()
    expect(counted(branch)).toBe(0)
    expect(close(branch, id)).toBe('accepted')
    expect(counted(branch)).toBe(1)
    const again = { week: id, reason: '补记', version: 2 }
    expect(branch.act(zhouSecretary, 'reopen-register', again, onlineAt('15:10'))).toBe('accepted')
    expect(counted(branch)).toBe(0)
  })

  test('a joint one once for the branch, when its own register is closed', () => {
    const branch = new TestBranch()
    const { alsoCountsAs: _, recorder: __, studyHours, ...shared } = plan
    const joint = {
      ...shared,
      id: branch.newId(),
      branches: [home, elsewhere].map((id) => ({ id, name: id })),
    }
    const scope = organizationScope(association)
    expect(branch.act(admin, 'plan-joint-meeting', joint, onlineAt('07:00'), scope)).toBe('accepted')
    const [{ id: jointId } = { id: '' }] = branch.records.list(scope, 'joint-meeting', '')
    expect(counted(branch)).toBe(0)
    const joins = { organizationId: association, jointId, heldOn: plan.heldOn, studyHours }
    for (const clock of ['08:00', '08:01'])
      expect(branch.act(zhouSecretary, 'join-meeting', joins, onlineAt(clock))).toBe('accepted')
    expect(counted(branch)).toBe(0)
    expect(close(branch, jointId)).toBe('accepted')
    expect(counted(branch)).toBe(1)
  })
})

test('the cells of a year are those of its quarters and of its months, and each meeting is in one', () => {
  const kinds = fc.constantFrom(...meetingKinds)
  const held = fc.record({
    kind: kinds,
    alsoCountsAs: fc.uniqueArray(kinds, { maxLength: 3 }),
    heldOn: fc.integer({ min: 0, max: 800 }).map((count) => addDays('2024-12-01', count)),
    isOpen: fc.boolean(),
  })
  const quota: fc.Arbitrary<Quota> = fc.record({
    every: fc.constantFrom('month', 'quarter', 'year'),
    times: fc.integer({ min: 0, max: 3 }),
  })
  fc.assert(
    fc.property(
      fc.array(held, { maxLength: 60 }),
      kinds,
      fc.option(quota, { nil: undefined }),
      fc.constantFrom(2025, 2026),
      fc.integer({ min: 0, max: 900 }),
      (all, kind, own, year, days) => {
        const meetings = all.map(({ isOpen, heldOn, ...of }) =>
          meetingOn(heldOn, isOpen ? { ...of, state: 'open', isReopened: false } : of),
        )
        const asOf = instantOf(addDays('2024-12-01', days), '12:00')
        const given = basis({ meetings, quotas: own && { [kind]: own }, asOf })
        const whole = quotaCells(given, kind, { year })
        const quarters = [1, 2, 3, 4].map((quarter) => quotaCells(given, kind, { year, quarter }))
        const months = monthsOf({ year }).map((month) => quotaCells(given, kind, month))
        expect(quarters.flat()).toEqual(whole)
        expect(months.flat()).toEqual(whole)
        expect(whole).toHaveLength({ month: 12, quarter: 4, year: 1 }[(own ?? defaultQuotas[kind]).every])

        // Counted by hand: by the year its day is spelled with.
        const before = instantOf(addDays('2024-12-01', days), '00:00')
        const ids = meetings
          .filter(({ state, heldOn }) => state === 'closed' && heldOn.startsWith(`${year}-`))
          .filter((each) => each.startsAt < before)
          .filter((each) => each.kind === kind || each.alsoCountsAs.includes(kind))
          .map(({ id }) => id)
        expect(whole.flatMap((cell) => cell.held.map(({ id }) => id)).sort()).toEqual(ids.sort())

        const sum = sumOfCells(whole)
        expect(sum.met + sum.missing).toBe(sum.due)
        expect(sum.due).toBeLessThanOrEqual(whole.length)
        const parts = quarters.map(sumOfCells)
        for (const each of ['met', 'due', 'missing'] as const)
          expect(parts.reduce((total, part) => total + part[each], 0)).toBe(sum[each])
      },
    ),
    { numRuns: 200 },
  )
})

test('of several cells what is not due is left out, and what is missing is not hidden', () => {
  // January met, February missing, March not yet due.
  const given = basis({ meetings: [meetingOn('2025-01-08', { kind: 'theme-day' })] })
  const cells = quotaCells(given, 'theme-day', { year: 2025, quarter: 1 })
  expect(cells.map(({ state }) => state.is)).toEqual(['met', 'missing', 'not-yet-due'])
  expect(sumOfCells(cells)).toEqual({ met: 1, due: 2, missing: 1 })
  const year = quotaCells(given, 'organizational-life-meeting', { year: 2025 })
  expect(year.map(({ period }) => period)).toEqual([{ year: 2025 }])
  expect(sumOfCells(year)).toEqual({ met: 0, due: 0, missing: 0 })
})
