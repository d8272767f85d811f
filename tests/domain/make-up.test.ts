import { lineKey } from '#domain/attendance'
import { creditsOf, sumOfHours } from '#domain/credit'
import { addDays, weekOf } from '#domain/day'
import { branchMissed, isToMakeUp, makeUpsWaiting, ownMissed } from '#domain/missed'
import { branchScope, memberScope } from '#domain/scopes'
import { ratesOf, rateText } from '#domain/tally'
import {
  at,
  chenLi,
  committeeMember,
  home,
  linXiao,
  monday,
  offline,
  onlineAt,
  TestBranch,
  week,
  wuGuifang,
  zhouSecretary,
} from '../support/branch'

const after = (days: number) => addDays(monday, days)

/** Everybody came but one; the register is closed. */
function missedBy(who: typeof chenLi, settings = {}): TestBranch {
  const branch = new TestBranch(settings)
  for (const each of [linXiao, chenLi, wuGuifang, committeeMember, zhouSecretary])
    if (each !== who) branch.act(each, 'check-in', { week }, onlineAt('08:20'))
  const { version } = branch.study()
  expect(branch.act(zhouSecretary, 'close-register', { week, version }, onlineAt('12:00'))).toBe('accepted')
  return branch
}

const makesUp = (branch: TestBranch, who = chenLi, evidence = onlineAt('20:00')) =>
  branch.act(who, 'record-make-up', { week, reflection: '读了材料，很受教育' }, evidence)

const decides = (branch: TestBranch, isAccepted: boolean, more = {}, evidence = onlineAt('21:00')) =>
  branch.act(
    zhouSecretary,
    'decide-make-up',
    { week, memberId: chenLi, isAccepted, version: branch.makeUp(chenLi)?.version ?? 0, ...more },
    evidence,
  )

const participation = (branch: TestBranch) => rateText(ratesOf(branch.review().tally).participationRate)
const hours = (branch: TestBranch) => sumOfHours(creditsOf(branch.records, chenLi, home, 2025))

test('made up, returned, made up again, accepted: rates and hours follow, the standing does not', () => {
  const branch = missedBy(chenLi)
  const [missed] = ownMissed(branch.records, chenLi, home, at('13:00'))
  expect(missed).toMatchObject({ study: { week }, makeUp: undefined, endsAt: at('00:00', after(8)) })
  expect([participation(branch), hours(branch)]).toEqual(['4/5', 0])

  expect(makesUp(branch)).toBe('accepted')
  expect(makeUpsWaiting(branch.records, home, at('20:30'))).toBe(1)
  expect(participation(branch)).toBe('4/5')

  expect(decides(branch, false, { reason: '请联系实际再写一句' })).toBe('accepted')
  expect(branch.makeUp(chenLi)).toMatchObject({ state: 'returned', reason: '请联系实际再写一句' })
  expect(ownMissed(branch.records, chenLi, home, at('22:00')).map(isToMakeUp)).toEqual([true])

  expect(makesUp(branch, chenLi, onlineAt('09:00', after(20)))).toBe('accepted')
  expect(branch.makeUp(chenLi)?.reason).toBeUndefined()
  expect(decides(branch, true, {}, onlineAt('10:00', after(20)))).toBe('accepted')
  // First done in time: that it was returned does not make it late.
  expect(branch.line(chenLi)).toMatchObject({ standing: 'absent', madeUp: 'in-time' })
  expect(branch.ownLine(chenLi)).toEqual(branch.line(chenLi))
  expect(branch.review().tally).toMatchObject({ absent: 1, madeUp: 1 })
  expect(branch.study()).toMatchObject({ tally: { absent: 1, madeUp: 1 } })
  expect(participation(branch)).toBe('5/5')
  expect(rateText(ratesOf(branch.review().tally).attendanceRate)).toBe('4/5')
  expect(creditsOf(branch.records, chenLi, home, 2025)).toMatchObject([{ why: 'made-up', hours: 1 }])
})

test.each([
  ['on the last day', 7, '23:59', 'in-time'],
  ['the day after', 8, '00:00', 'late'],
] as const)('made up %s counts as such', (_, days, clock, madeUp) => {
  const branch = missedBy(chenLi)
  expect(makesUp(branch, chenLi, onlineAt(clock, after(days)))).toBe('accepted')
  expect(decides(branch, true, {}, onlineAt('12:00', after(9)))).toBe('accepted')
  expect(branch.line(chenLi)?.madeUp).toBe(madeUp)
  expect(participation(branch)).toBe(madeUp === 'in-time' ? '5/5' : '4/5')
  expect(hours(branch)).toBe(1) // late or not, it was studied
})

test('the branch says how many days', () => {
  const branch = missedBy(chenLi, { makeUpDays: 2 })
  expect(ownMissed(branch.records, chenLi, home, at('13:00'))[0]?.endsAt).toBe(at('00:00', after(3)))
})

test('done without signal in time, it is in time whenever it arrives', () => {
  const branch = missedBy(chenLi)
  const heard = at('20:00')
  const evidence = offline({
    heard,
    claimed: at('20:00', after(3)),
    received: at('20:00', after(12)),
  })
  expect(makesUp(branch, chenLi, evidence)).toBe('accepted')
  expect(decides(branch, true, {}, onlineAt('21:00', after(12)))).toBe('accepted')
  expect(branch.line(chenLi)?.madeUp).toBe('in-time')
})

test('an absence entered a month later gives as many days from then', () => {
  const branch = missedBy(wuGuifang)
  const version = branch.line(chenLi)?.version
  const args = { week, memberId: chenLi, standing: 'absent', reason: '核对签到表，未到会', version }
  expect(branch.act(zhouSecretary, 'record-attendance', args, onlineAt('10:00', after(30)))).toBe('accepted')
  const [missed] = ownMissed(branch.records, chenLi, home, at('11:00', after(30)))
  expect(missed?.endsAt).toBe(at('00:00', after(38)))
})

test('who turns out to have been there is not counted twice, and who was not again is', () => {
  const branch = missedBy(chenLi)
  makesUp(branch)
  decides(branch, true)
  const enter = (standing: string) =>
    branch.act(
      zhouSecretary,
      'record-attendance',
      { week, memberId: chenLi, standing, reason: '核对', version: branch.line(chenLi)?.version },
      onlineAt('09:00', after(1)),
    )
  expect(enter('on-time')).toBe('accepted')
  expect(branch.review().tally).toMatchObject({ 'on-time': 5, absent: 0, madeUp: 0 })
  expect(participation(branch)).toBe('5/5')
  expect(branch.study()).toMatchObject({ tally: branch.review().tally })
  expect(enter('absent')).toBe('accepted')
  expect(branch.review().tally).toMatchObject({ 'on-time': 4, absent: 1, madeUp: 1 })
  expect(branch.study()).toMatchObject({ tally: branch.review().tally })
})

test('opening the register again and closing it keeps what was made up', () => {
  const branch = missedBy(chenLi)
  makesUp(branch)
  decides(branch, true)
  const reopen = { week, reason: '补登', version: branch.study().version }
  expect(branch.act(zhouSecretary, 'reopen-register', reopen, onlineAt('13:00'))).toBe('accepted')
  expect(branch.review().tally.madeUp).toBe(0)
  expect(ownMissed(branch.records, chenLi, home, at('13:10'))).toEqual([])
  const close = { week, version: branch.study().version }
  expect(branch.act(zhouSecretary, 'close-register', close, onlineAt('14:00'))).toBe('accepted')
  expect(branch.review().tally).toMatchObject({ absent: 1, madeUp: 1 })
  expect(branch.study()).toMatchObject({ tally: branch.review().tally })
})

test('a leave opens one too', () => {
  const branch = new TestBranch({ leaveIsAutoAccepted: true })
  branch.act(chenLi, 'ask-leave', { week, kind: 'official', note: '' }, onlineAt('07:00'))
  branch.act(zhouSecretary, 'close-register', { week, version: branch.study().version }, onlineAt('12:00'))
  const standings = branchMissed(branch.records, home, at('13:00')).map(({ line }) => line.standing)
  expect(standings.filter((standing) => standing === 'excused')).toHaveLength(1)
  expect(makesUp(branch)).toBe('accepted')
  expect(decides(branch, true)).toBe('accepted')
  expect(branch.line(chenLi)).toMatchObject({ standing: 'excused', madeUp: 'in-time' })
})

describe('refused', () => {
  test('where there is nothing to make up', () => {
    const branch = missedBy(chenLi)
    expect(makesUp(branch, linXiao)).toBe('nothing-to-make-up')
    const open = new TestBranch()
    expect(makesUp(open, chenLi, onlineAt('09:00'))).toBe('nothing-to-make-up')
  })

  test('a year later, without words, and once it was accepted', () => {
    const branch = missedBy(chenLi)
    expect(makesUp(branch, chenLi, onlineAt('09:00', after(7 * 53 + 7)))).toBe('nothing-to-make-up')
    const empty = { week, reflection: '  ' }
    expect(branch.act(chenLi, 'record-make-up', empty, onlineAt('20:00'))).toBe('malformed')
    makesUp(branch)
    decides(branch, true)
    expect(makesUp(branch)).toBe('already-decided')
  })

  test('a decision on what is not there, on another version, or without a reason', () => {
    const branch = missedBy(chenLi)
    expect(decides(branch, true)).toBe('not-found')
    makesUp(branch)
    expect(decides(branch, true, { version: 7 })).toBe('changed-meanwhile')
    expect(decides(branch, false)).toBe('malformed')
    expect(decides(branch, true)).toBe('accepted')
    expect(decides(branch, true)).toBe('already-decided')
    // What was accepted by mistake can be returned.
    expect(decides(branch, false, { reason: '看错了人' })).toBe('accepted')
    expect(branch.line(chenLi)?.madeUp).toBeUndefined()
    expect(branch.study()).toMatchObject({ tally: { madeUp: 0 } })
  })

  test('by a committee member: the words of a make-up are for the two concerned alone', () => {
    const branch = missedBy(chenLi)
    makesUp(branch)
    const args = { week, memberId: chenLi, isAccepted: true, version: 1 }
    expect(branch.act(committeeMember, 'decide-make-up', args, onlineAt('21:00'))).toBe('not-allowed')
  })
})

test('the hours of a year are those of the studies held in it', () => {
  const branch = new TestBranch()
  const study = branch.study()
  if (study.state !== 'open') throw new Error('it is not open')
  for (const heldOn of ['2024-12-30', '2025-01-06', '2025-12-29', '2026-01-05']) {
    const each = weekOf(heldOn)
    branch.records.apply([
      {
        scope: branchScope(home),
        type: 'weekly-study',
        key: each,
        value: { ...study, week: each, heldOn, studyHours: 1.5 },
      },
      {
        scope: memberScope(chenLi),
        type: 'register-line',
        key: lineKey(each, home),
        value: {
          week: each,
          branchId: home,
          memberId: chenLi,
          standing: 'late',
          via: 'keeper',
          source: 'on-site',
          receivedAt: 0,
          isLateSync: false,
          isBackfilled: false,
          isAmended: false,
          version: 1,
        },
      },
    ])
  }
  const held = (year: number) =>
    creditsOf(branch.records, chenLi, home, year).map((credit) => credit.study.heldOn)
  expect(held(2024)).toEqual(['2024-12-30'])
  expect(held(2025)).toEqual(['2025-12-29', '2025-01-06'])
  expect(held(2026)).toEqual(['2026-01-05'])
  expect(hours(branch)).toBe(3)
})
