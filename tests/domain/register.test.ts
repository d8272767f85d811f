import fc from 'fast-check'
import { isExpectedOn } from '#domain/membership'
import { amendmentsOf } from '#domain/review'
import { emptyTally, ratesOf, rateText, standings, sumOf, type Tally } from '#domain/tally'
import {
  at,
  chenLi,
  committeeMember,
  home,
  linXiao,
  offline,
  onlineAt,
  TestBranch,
  week,
  wuGuifang,
  zhouSecretary,
} from '../support/branch'

const close = (branch: TestBranch, clock = '09:40') =>
  branch.act(zhouSecretary, 'close-register', { week, version: branch.study().version }, onlineAt(clock))
const reopen = (branch: TestBranch, clock = '10:00') =>
  branch.act(
    zhouSecretary,
    'reopen-register',
    { week, reason: '补记', version: branch.study().version },
    onlineAt(clock),
  )
const record = (
  branch: TestBranch,
  who: typeof linXiao,
  standing: string,
  more = {},
  clock = '09:00',
  by = zhouSecretary,
) =>
  branch.act(
    by,
    'record-attendance',
    { week, memberId: who, standing, version: branch.line(who)?.version ?? 0, ...more },
    onlineAt(clock),
  )

test('the six standings always add up to the expected, in every state of the register', () => {
  const people = [linXiao, chenLi, wuGuifang, committeeMember, zhouSecretary]
  const act = fc.oneof(
    fc.record({ do: fc.constant('check-in' as const), who: fc.constantFrom(...people) }),
    fc.record({ do: fc.constant('leave' as const), who: fc.constantFrom(...people) }),
    fc.record({
      do: fc.constant('decide' as const),
      who: fc.constantFrom(...people),
      isAccepted: fc.boolean(),
    }),
    fc.record({
      do: fc.constant('record' as const),
      who: fc.constantFrom(...people),
      standing: fc.constantFrom('on-time', 'late', 'excused', 'absent', 'unrecorded'),
    }),
    fc.record({ do: fc.constant('make-up' as const), who: fc.constantFrom(...people) }),
    fc.record({
      do: fc.constant('judge' as const),
      who: fc.constantFrom(...people),
      isAccepted: fc.boolean(),
    }),
    fc.record({ do: fc.constantFrom('rest' as const, 'close' as const, 'reopen' as const) }),
  )
  fc.assert(
    fc.property(fc.array(act, { maxLength: 35 }), (acts) => {
      const branch = new TestBranch()
      let minute = 20
      for (const each of acts) {
        minute += 1
        const clock = each.do === 'leave' ? '08:25' : `09:${String(minute).padStart(2, '0')}`
        if (each.do === 'check-in') branch.act(each.who, 'check-in', { week }, onlineAt(clock))
        if (each.do === 'leave')
          branch.act(each.who, 'ask-leave', { week, kind: 'sick', note: '' }, onlineAt(clock))
        if (each.do === 'decide') {
          const version =
            branch.review().members.find(({ memberId }) => memberId === each.who)?.leave?.version ?? 0
          const args = { week, memberId: each.who, isAccepted: each.isAccepted, reason: '人手不够', version }
          branch.act(zhouSecretary, 'decide-leave', args, onlineAt(clock))
        }
        if (each.do === 'record') record(branch, each.who, each.standing, { reason: '核对' }, clock)
        if (each.do === 'make-up') {
          const reflection = '读了材料'
          branch.act(each.who, 'record-make-up', { week, reflection }, onlineAt(clock))
        }
        if (each.do === 'judge') {
          const version = branch.makeUp(each.who)?.version ?? 0
          const args = {
            week,
            memberId: each.who,
            isAccepted: each.isAccepted,
            reason: '请再读一遍',
            version,
          }
          branch.act(zhouSecretary, 'decide-make-up', args, onlineAt(clock))
        }
        if (each.do === 'rest')
          branch.act(zhouSecretary, 'record-rest', { week, memberIds: people }, onlineAt(clock))
        if (each.do === 'close') close(branch, clock)
        if (each.do === 'reopen') reopen(branch, clock)

        const { tally, study } = branch.review()
        expect(standings.reduce((sum, standing) => sum + tally[standing], 0)).toBe(tally.expected)
        expect(tally.expected).toBe(people.length)
        if (study.state === 'closed') {
          expect(study.tally).toEqual(tally)
          expect(tally.unrecorded).toBe(0)
        }
        const accepted = people.filter((who) => branch.makeUp(who)?.state === 'accepted')
        expect(tally.madeUp).toBe(
          accepted.filter((who) => ['absent', 'excused'].includes(branch.line(who)?.standing ?? '')).length,
        )
        for (const who of people) expect(branch.ownLine(who)).toEqual(branch.line(who))
      }
    }),
    { numRuns: 300 },
  )
})

test('closing keeps the names of the day, turns unrecorded into absent and leaves held as it is', () => {
  const branch = new TestBranch({ graceHours: 0 })
  branch.act(linXiao, 'check-in', { week }, onlineAt('08:20'))
  branch.act(chenLi, 'ask-leave', { week, kind: 'personal', note: '家里有事' }, onlineAt('08:00'))
  expect(close(branch)).toBe('accepted')
  expect(branch.review().tally).toMatchObject({
    expected: 5,
    'on-time': 1,
    held: 1,
    absent: 3,
    unrecorded: 0,
  })
  expect(branch.line(chenLi)).toMatchObject({ standing: 'held', heldBecause: 'leave-undecided' })

  // Who joins or leaves later does not change that day.
  branch.enrol(wuGuifang, { spells: [{ from: '2020-01-01', until: '2025-01-01' }] })
  expect(branch.review().tally.expected).toBe(5)
})

test('a joiner is never charged for what was before, nor a leaver for what came after', () => {
  const membership = { spells: [{ from: '2025-03-10', until: '2025-03-17' }], exempt: [], longAbsence: [] }
  const person = {
    branchId: home,
    personId: linXiao,
    name: '林晓',
    membership: 'full' as const,
    ...membership,
  }
  expect(
    ['2025-03-09', '2025-03-10', '2025-03-16', '2025-03-17'].map((day) => isExpectedOn(person, day)),
  ).toEqual([false, true, true, false])
  const away = { ...person, longAbsence: [{ from: '2025-03-12' }] }
  expect(isExpectedOn(away, '2025-03-11')).toBe(true)
  expect(isExpectedOn(away, '2025-03-12')).toBe(false)
})

test('其余全部到会 marks those seen unrecorded, and nobody who was recorded meanwhile', () => {
  const branch = new TestBranch()
  branch.act(linXiao, 'check-in', { week }, onlineAt('08:50'))
  const memberIds = [linXiao, chenLi, wuGuifang]
  expect(branch.act(committeeMember, 'record-rest', { week, memberIds }, onlineAt('09:00'))).toBe('accepted')
  expect(branch.line(linXiao)).toMatchObject({ standing: 'late', via: 'own' })
  expect(branch.line(chenLi)).toMatchObject({ standing: 'on-time', via: 'keeper' })
  expect(branch.line(zhouSecretary)).toBeUndefined()
})

test('其余全部到会 leaves an asked leave to the secretary, even where the keeper cannot see it', () => {
  const branch = new TestBranch()
  branch.act(linXiao, 'ask-leave', { week, kind: 'sick', note: '' }, onlineAt('08:00'))
  branch.act(committeeMember, 'record-rest', { week, memberIds: [linXiao, chenLi] }, onlineAt('09:00'))
  expect(branch.line(linXiao)).toBeUndefined()
  expect(branch.line(chenLi)?.standing).toBe('on-time')
})

describe('changing a line', () => {
  test('what a member said is changed with a reason, and the change is kept: who, when, before, after', () => {
    const branch = new TestBranch()
    branch.act(linXiao, 'check-in', { week }, onlineAt('08:20'))
    expect(record(branch, linXiao, 'late')).toBe('reason-needed')
    expect(branch.line(linXiao)?.standing).toBe('on-time')
    expect(record(branch, linXiao, 'late', { reason: '实际九点到' }, '09:10')).toBe('accepted')
    expect(amendmentsOf(branch.records, home, week)).toEqual([
      expect.objectContaining({
        by: zhouSecretary,
        at: at('09:10'),
        memberId: linXiao,
        before: 'on-time',
        after: 'late',
        reason: '实际九点到',
        isAfterClosing: false,
      }),
    ])
  })

  test('the keeper mends their own tap without words while the register is open', () => {
    const branch = new TestBranch()
    expect(record(branch, chenLi, 'absent')).toBe('accepted')
    expect(record(branch, chenLi, 'on-time')).toBe('accepted')
  })

  test('of two who saw the same line the second is told that it changed', () => {
    const branch = new TestBranch()
    expect(record(branch, chenLi, 'late')).toBe('accepted')
    expect(record(branch, chenLi, 'absent', { version: 0 }, '09:01', committeeMember)).toBe(
      'changed-meanwhile',
    )
    expect(branch.line(chenLi)?.standing).toBe('late')
  })

  test('after closing it needs a reason, shows as amended and moves the totals', () => {
    const branch = new TestBranch()
    close(branch)
    expect(record(branch, chenLi, 'on-time', {}, '10:00')).toBe('reason-needed')
    expect(record(branch, chenLi, 'on-time', { reason: '漏记' }, '10:00')).toBe('accepted')
    expect(branch.line(chenLi)).toMatchObject({ standing: 'on-time', isAmended: true, source: 'on-site' })
    expect(branch.review().tally).toMatchObject({ 'on-time': 1, absent: 4 })
  })

  test.each([
    { day: '2025-03-11', source: 'entered-afterwards', isBackfilled: false },
    { day: '2025-03-13', source: 'entered-afterwards', isBackfilled: false },
    { day: '2025-03-14', source: 'entered-afterwards', isBackfilled: true },
  ])('entered on $day → $source, 补录 $isBackfilled', ({ day, source, isBackfilled }) => {
    const branch = new TestBranch()
    close(branch)
    const args = {
      week,
      memberId: chenLi,
      standing: 'on-time',
      reason: '漏记',
      version: branch.line(chenLi)?.version,
    }
    expect(branch.act(zhouSecretary, 'record-attendance', args, onlineAt('10:00', day))).toBe('accepted')
    expect(branch.line(chenLi)).toMatchObject({ source, isBackfilled })
  })

  test('a held claim is the secretary’s to decide', () => {
    const branch = new TestBranch({ graceHours: 0 })
    const late = offline({ heard: at('18:00', '2025-03-09'), claimed: at('08:27'), received: at('21:40') })
    branch.act(linXiao, 'check-in', { week }, late)
    expect(record(branch, linXiao, 'on-time', {}, '22:00', committeeMember)).toBe('secretary-decides')
    expect(record(branch, linXiao, 'absent', {}, '22:00')).toBe('reason-needed')
    expect(record(branch, linXiao, 'on-time', {}, '22:00')).toBe('accepted')
    expect(branch.line(linXiao)).toMatchObject({ standing: 'on-time', claimedAt: at('08:27') })
  })
})

describe('reopening', () => {
  test('takes back the absences of closing and nothing else', () => {
    const branch = new TestBranch()
    record(branch, linXiao, 'late')
    record(branch, chenLi, 'absent')
    close(branch)
    expect(reopen(branch)).toBe('accepted')
    expect(branch.review().tally).toMatchObject({ late: 1, absent: 1, unrecorded: 3 })
    expect(branch.study()).toMatchObject({ state: 'open', isReopened: true, registerClosesAt: at('24:00') })
    expect(close(branch, '11:00')).toBe('accepted')
    expect(branch.review().tally).toMatchObject({ late: 1, absent: 4 })
  })

  test('does not lengthen the members’ own check-in', () => {
    const branch = new TestBranch()
    close(branch)
    reopen(branch, '15:00')
    expect(branch.act(linXiao, 'check-in', { week }, onlineAt('15:05'))).toBe('register-closed')
  })
})

test('a check-in under way when the register closed is taken, and shown as a change after closing', () => {
  const branch = new TestBranch()
  close(branch, '09:40')
  const evidence = offline({ heard: at('08:10'), claimed: at('08:26'), received: at('09:50') })
  expect(branch.act(linXiao, 'check-in', { week }, evidence)).toBe('accepted')
  expect(branch.line(linXiao)).toMatchObject({ standing: 'on-time', isAmended: true, isLateSync: true })
  expect(branch.review().tally).toMatchObject({ 'on-time': 1, absent: 4 })
})

test('nobody closes before the study begins', () => {
  expect(close(new TestBranch(), '08:29')).toBe('not-started')
})

describe('leave', () => {
  const ask = (branch: TestBranch, clock: string) =>
    branch.act(linXiao, 'ask-leave', { week, kind: 'sick', note: '' }, onlineAt(clock))
  const leaveOf = (branch: TestBranch) =>
    branch.review().members.find(({ memberId }) => memberId === linXiao)?.leave

  test.each([
    { clock: '08:29', outcome: 'accepted' },
    { clock: '08:30', outcome: 'too-late-for-leave' },
  ])('asked at $clock → $outcome', ({ clock, outcome }) => expect(ask(new TestBranch(), clock)).toBe(outcome))

  test('granted, it excuses; declined, it needs a reason the member can read', () => {
    const granted = new TestBranch()
    ask(granted, '08:00')
    const decide = (branch: TestBranch, more: object) =>
      branch.act(
        zhouSecretary,
        'decide-leave',
        { week, memberId: linXiao, version: 1, ...more },
        onlineAt('08:10'),
      )
    expect(decide(granted, { isAccepted: true })).toBe('accepted')
    expect(granted.line(linXiao)?.standing).toBe('excused')

    const declined = new TestBranch()
    ask(declined, '08:00')
    expect(decide(declined, { isAccepted: false })).toBe('reason-needed')
    expect(decide(declined, { isAccepted: false, reason: '今天要发言' })).toBe('accepted')
    expect(leaveOf(declined)).toMatchObject({ state: 'declined', decisionReason: '今天要发言' })
    expect(declined.line(linXiao)).toBeUndefined()
  })

  test('kinds and reasons stay out of what the committee reads', () => {
    const branch = new TestBranch()
    ask(branch, '08:00')
    branch.act(
      zhouSecretary,
      'decide-leave',
      { week, memberId: linXiao, isAccepted: false, reason: '病假条未交', version: 1 },
      onlineAt('08:10'),
    )
    expect(JSON.stringify(amendmentsOf(branch.records, home, week))).not.toMatch(/病假|sick/)
  })

  test('entered by a keeper, it is not the member’s to withdraw', () => {
    const branch = new TestBranch()
    record(branch, linXiao, 'excused', { leaveKind: 'sick' })
    expect(branch.act(linXiao, 'withdraw-leave', { week }, onlineAt('09:10'))).toBe('already-decided')
    expect(branch.line(linXiao)?.standing).toBe('excused')
  })

  test('coming after all makes it moot', () => {
    const branch = new TestBranch()
    ask(branch, '08:00')
    expect(branch.act(linXiao, 'check-in', { week }, onlineAt('08:35'))).toBe('accepted')
    expect(leaveOf(branch)?.state).toBe('moot')
    expect(branch.line(linXiao)?.standing).toBe('on-time')
  })

  test('where the branch accepts by itself, it excuses at once and can be withdrawn', () => {
    const branch = new TestBranch({ leaveIsAutoAccepted: true })
    ask(branch, '08:00')
    expect(branch.line(linXiao)?.standing).toBe('excused')
    expect(branch.act(linXiao, 'withdraw-leave', { week }, onlineAt('08:05'))).toBe('accepted')
    expect(branch.line(linXiao)?.standing).toBe('unrecorded')
  })
})

describe('rates', () => {
  const tally: Tally = {
    ...emptyTally,
    expected: 42,
    'on-time': 31,
    late: 2,
    excused: 3,
    unrecorded: 5,
    held: 1,
  }

  test('carry numerator and denominator; excused stays in the denominator', () => {
    expect(rateText(ratesOf(tally).attendanceRate)).toBe('33/42')
    expect(rateText(ratesOf({ ...tally, madeUp: 2 }).participationRate)).toBe('35/42')
    expect(rateText(ratesOf(tally).unexplainedAbsenceRate)).toBe('0/42')
    expect(rateText(ratesOf(emptyTally).attendanceRate)).toBe('—')
  })

  test('of many are Σ over Σ', () => {
    const small = { ...emptyTally, expected: 2, 'on-time': 1, absent: 1 }
    expect(rateText(ratesOf(sumOf([tally, small])).attendanceRate)).toBe('34/44')
  })
})
