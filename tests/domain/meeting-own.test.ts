import { addDays } from '#domain/day'
import { branchMissed, makeUpsWaiting, ownMissed } from '#domain/missed'
import { at, chenLi, home, linXiao, monday, onlineAt, TestBranch, zhouSecretary } from '../support/branch'

const meetingOf = (more: object = {}) => {
  const branch = new TestBranch()
  return { branch, id: branch.planned(more) }
}

describe('签到', () => {
  test.each([
    { clock: '13:44', gives: 'not-open-yet', standing: undefined },
    { clock: '13:45', gives: 'accepted', standing: 'on-time' },
    { clock: '14:10', gives: 'accepted', standing: 'on-time' },
    { clock: '14:11', gives: 'accepted', standing: 'late' },
    { clock: '15:00', gives: 'accepted', standing: 'late' },
    { clock: '15:01', gives: 'register-closed', standing: undefined },
  ])('at $clock: $gives $standing', ({ clock, gives, standing }) => {
    const { branch, id } = meetingOf()
    expect(branch.act(linXiao, 'check-in', { week: id }, onlineAt(clock))).toBe(gives)
    expect(branch.line(linXiao, id)?.standing).toBe(standing)
    expect(branch.ownLine(linXiao, id)).toEqual(branch.line(linXiao, id))
  })

  test('made without signal it is marked, and the day after it waits for the secretary', () => {
    const { branch, id } = meetingOf()
    expect(
      branch.act(
        linXiao,
        'check-in',
        { week: id },
        { earliest: at('13:50'), claimedAt: at('14:05'), receivedAt: at('20:00') },
      ),
    ).toBe('accepted')
    expect(branch.line(linXiao, id)).toMatchObject({ standing: 'on-time', isLateSync: true })
    const tomorrow = { earliest: at('13:50'), claimedAt: at('14:05'), receivedAt: at('14:05') + 86_400_000 }
    expect(branch.act(chenLi, 'check-in', { week: id }, tomorrow)).toBe('held')
  })

  test('is for those who are asked to come', () => {
    const { branch, id } = meetingOf({ kind: 'committee-meeting', attends: [chenLi] })
    expect(branch.act(linXiao, 'check-in', { week: id }, onlineAt('14:00'))).toBe('not-on-roster')
    expect(branch.act(chenLi, 'check-in', { week: id }, onlineAt('14:00'))).toBe('accepted')
  })

  test('not at one that was cancelled, or is not there', () => {
    const { branch, id } = meetingOf()
    branch.act(zhouSecretary, 'cancel-meeting', { id, reason: '改期', version: 1 }, onlineAt('09:00'))
    expect(branch.act(linXiao, 'check-in', { week: id }, onlineAt('14:00'))).toBe('meeting-cancelled')
    expect(branch.act(linXiao, 'check-in', { week: '2025-m-no' }, onlineAt('14:00'))).toBe('no-such-meeting')
  })
})

describe('请假', () => {
  const ask = (branch: TestBranch, week: string, clock = '10:00') =>
    branch.act(linXiao, 'ask-leave', { week, kind: 'sick', note: '' }, onlineAt(clock))

  test('is asked before it begins, decided by the secretary, and taken back', () => {
    const { branch, id } = meetingOf()
    expect(ask(branch, id, '14:00')).toBe('too-late-for-leave')
    expect(ask(branch, id)).toBe('accepted')
    const decision = { week: id, memberId: linXiao, isAccepted: true, version: 1 }
    expect(branch.act(zhouSecretary, 'decide-leave', decision, onlineAt('11:00'))).toBe('accepted')
    expect(branch.reviewOn(id).tally).toMatchObject({ excused: 1, unrecorded: 4 })
    expect(branch.act(linXiao, 'withdraw-leave', { week: id }, onlineAt('12:00'))).toBe('accepted')
    expect(branch.reviewOn(id).tally).toMatchObject({ excused: 0, unrecorded: 5 })
  })

  test('the week’s leave is not the meeting’s', () => {
    const { branch, id } = meetingOf()
    ask(branch, id)
    expect(branch.review().tally.excused).toBe(0)
    expect(branch.act(linXiao, 'check-in', { week: id }, onlineAt('14:00'))).toBe('accepted')
    expect(branch.line(linXiao, id)?.standing).toBe('on-time')
  })
})

describe('补学', () => {
  const missedMeeting = (kind: string) => {
    const { branch, id } = meetingOf({ kind })
    const absent = { week: id, memberId: linXiao, standing: 'absent', version: 0 }
    branch.act(zhouSecretary, 'record-attendance', absent, onlineAt('14:30'))
    branch.act(zhouSecretary, 'close-register', { week: id, version: 1 }, onlineAt('15:00'))
    return { branch, id }
  }
  const now = at('18:00')

  test('a Party class that was missed is made up in seven days, accepted, and brings its hours', () => {
    const { branch, id } = missedMeeting('party-class')
    const [missed] = ownMissed(branch.records, linXiao, home, now)
    expect(missed).toMatchObject({ line: { week: id }, endsAt: at('00:00') + 8 * 86_400_000 })
    expect(
      branch.act(linXiao, 'record-make-up', { week: id, reflection: '读了讲稿' }, onlineAt('19:00')),
    ).toBe('accepted')
    expect(makeUpsWaiting(branch.records, home, now)).toBe(1)
    const decision = { week: id, memberId: linXiao, isAccepted: true, version: 1 }
    expect(branch.act(zhouSecretary, 'decide-make-up', decision, onlineAt('20:00'))).toBe('accepted')
    expect(branch.line(linXiao, id)).toMatchObject({ standing: 'absent', madeUp: 'in-time' })
    expect(branch.meeting(id)).toMatchObject({ tally: { madeUp: 1 } })
    expect(makeUpsWaiting(branch.records, home, now)).toBe(0)
    expect(branchMissed(branch.records, home, now).map(({ line }) => line.week)).toContain(id)
  })

  test('what was voted cannot be made up', () => {
    const { branch, id } = missedMeeting('general-meeting')
    expect(ownMissed(branch.records, linXiao, home, now).map(({ line }) => line.week)).not.toContain(id)
    expect(
      branch.act(linXiao, 'record-make-up', { week: id, reflection: '看了记录' }, onlineAt('19:00')),
    ).toBe('nothing-to-make-up')
  })

  test('after a year there is nothing to be made up any more', () => {
    const { branch } = missedMeeting('party-class')
    const later = (days: number) => ownMissed(branch.records, linXiao, home, now + days * 86_400_000)
    expect(addDays(monday, 53 * 7)).toBe('2026-03-16')
    expect(later(53 * 7)).toHaveLength(1)
    expect(later(54 * 7)).toHaveLength(0)
  })
})
