import fc from 'fast-check'
import { checkInWindow } from '#domain/check-in-window'
import { arrivalOf } from '#domain/commands/check-in'
import { instantOf } from '#domain/day'
import { isHeld } from '#domain/weekly-study'
import {
  activist,
  at,
  linXiao,
  offline,
  onlineAt,
  outsider,
  TestBranch,
  week,
  wuGuifang,
  zhouSecretary,
} from '../support/branch'

test.each([
  { who: linXiao, clock: '08:14', outcome: 'not-open-yet', standing: undefined },
  { who: linXiao, clock: '08:15', outcome: 'accepted', standing: 'on-time' },
  { who: linXiao, clock: '08:40', outcome: 'accepted', standing: 'on-time' },
  { who: linXiao, clock: '08:41', outcome: 'accepted', standing: 'late' },
  { who: linXiao, clock: '12:00', outcome: 'accepted', standing: 'late' },
  { who: linXiao, clock: '12:01', outcome: 'register-closed', standing: undefined },
  { who: outsider, clock: '08:30', outcome: 'not-allowed', standing: undefined },
  { who: activist, clock: '08:30', outcome: 'not-on-roster', standing: undefined },
])('$who at $clock → $outcome', ({ who, clock, outcome, standing }) => {
  const branch = new TestBranch()
  const acted = branch.act(who, 'check-in', { week }, onlineAt(clock))
  expect(acted).toBe(outcome)
  expect(branch.line(who)?.standing).toBe(standing)
  expect(branch.ownLine(who)).toEqual(branch.line(who))
})

describe('made without signal', () => {
  const heard = at('18:00', '2025-03-09')

  test.each([
    { claimed: '08:26', received: at('11:59'), outcome: 'accepted', standing: 'on-time', isLateSync: true },
    { claimed: '08:26', received: at('21:40'), outcome: 'accepted', standing: 'on-time', isLateSync: true },
    { claimed: '09:10', received: at('24:00'), outcome: 'accepted', standing: 'late', isLateSync: true },
    {
      claimed: '08:26',
      received: at('00:01', '2025-03-11'),
      outcome: 'held',
      standing: 'held',
      isLateSync: true,
    },
  ])('claimed $claimed → $outcome, $standing', ({ claimed, received, outcome, standing, isLateSync }) => {
    const branch = new TestBranch()
    const acted = branch.act(
      linXiao,
      'check-in',
      { week },
      offline({ heard, claimed: at(claimed), received }),
    )
    expect(acted).toBe(outcome)
    expect(branch.line(linXiao)).toMatchObject({
      standing,
      isLateSync,
      source: 'synced-late',
      isBackfilled: false,
    })
  })

  test('a branch that wants to be asked decides every late arrival itself', () => {
    const branch = new TestBranch({ graceHours: 0 })
    const evidence = offline({ heard, claimed: at('08:26'), received: at('12:01') })
    expect(branch.act(linXiao, 'check-in', { week }, evidence)).toBe('held')
    expect(branch.line(linXiao)).toMatchObject({ standing: 'held', heldBecause: 'arrived-late' })
  })

  test('when the phone was heard after the end, it cannot have been inside', () => {
    const branch = new TestBranch()
    const evidence = offline({ heard: at('12:30'), claimed: at('08:26'), received: at('13:00') })
    expect(branch.act(linXiao, 'check-in', { week }, evidence)).toBe('register-closed')
  })

  test('a claim from before the last contact is taken as of that contact', () => {
    const branch = new TestBranch()
    const evidence = offline({ heard: at('09:00'), claimed: at('08:20'), received: at('09:05') })
    branch.act(linXiao, 'check-in', { week }, evidence)
    expect(branch.line(linXiao)?.standing).toBe('late')
  })
})

test('checking in twice changes nothing', () => {
  const branch = new TestBranch()
  branch.act(linXiao, 'check-in', { week }, onlineAt('08:20'))
  const before = branch.records.snapshot()
  expect(branch.act(linXiao, 'check-in', { week }, onlineAt('09:20'))).toBe('accepted')
  expect(branch.records.snapshot()).toBe(before)
})

test('against what the secretary recorded it waits for the secretary', () => {
  const branch = new TestBranch()
  branch.act(
    zhouSecretary,
    'record-attendance',
    { week, memberId: linXiao, standing: 'absent', version: 0 },
    onlineAt('09:00'),
  )
  expect(branch.act(linXiao, 'check-in', { week }, onlineAt('09:05'))).toBe('held')
  expect(branch.line(linXiao)).toMatchObject({ standing: 'held', heldBecause: 'recorded-otherwise' })
})

test('somebody who was exempt on the day is not expected; the day after they are', () => {
  const branch = new TestBranch()
  branch.enrol(wuGuifang, { exempt: [{ from: '2025-03-01', until: '2025-03-11' }] })
  expect(branch.act(wuGuifang, 'check-in', { week }, onlineAt('08:30'))).toBe('not-on-roster')
  branch.enrol(wuGuifang, { exempt: [{ from: '2025-03-01', until: '2025-03-10' }] })
  expect(branch.act(wuGuifang, 'check-in', { week }, onlineAt('08:30'))).toBe('accepted')
})

test('whatever the times: nothing received inside the window is refused, and an on-time arrival that the server did not see in time is marked', () => {
  const study = new TestBranch().study()
  if (!isHeld(study)) throw new Error('the study of the tests is held')
  const window = checkInWindow(study)
  const instant = fc.integer({ min: instantOf('2025-03-08', '00:00'), max: instantOf('2025-03-14', '00:00') })
  fc.assert(
    fc.property(instant, instant, instant, (a, b, claimedAt) => {
      const evidence = { earliest: Math.min(a, b), receivedAt: Math.max(a, b), claimedAt }
      const arrival = arrivalOf(window, evidence)
      const isInside = evidence.receivedAt >= window.opensAt && evidence.receivedAt <= window.endsAt
      if (isInside) expect(['on-time', 'late']).toContain(arrival.is)
      if (arrival.is === 'on-time' && evidence.receivedAt > window.onTimeUntil)
        expect(arrival.isLateSync).toBe(true)
      if (arrival.is === 'too-late') expect(evidence.earliest).toBeGreaterThan(window.endsAt)
    }),
    { numRuns: 2000 },
  )
})

test('whatever the times: with a code it is never on time when the code was first shown later, and what the server did not see in time is marked', () => {
  const study = new TestBranch().study()
  if (!isHeld(study)) throw new Error('the study of the tests is held')
  const instant = fc.integer({ min: instantOf('2025-03-09', '00:00'), max: instantOf('2025-03-13', '00:00') })
  const step = fc.integer({ min: 0, max: 224 })
  fc.assert(
    fc.property(instant, instant, instant, step, (a, b, claimedAt, minutes) => {
      const evidence = { earliest: Math.min(a, b), receivedAt: Math.max(a, b), claimedAt }
      const from = study.opensAt + minutes * 60_000
      fc.pre(from <= evidence.receivedAt) // nobody sends a code before it is shown
      const arrival = arrivalOf(study, evidence, { from, until: from + 60_000 })
      expect(arrival.is).not.toBe('unsure')
      if (arrival.is !== 'on-time') return
      expect(from).toBeLessThanOrEqual(study.onTimeUntil)
      if (evidence.receivedAt > study.onTimeUntil) expect(arrival.isLateSync).toBe(true)
    }),
    { numRuns: 2000 },
  )
})
