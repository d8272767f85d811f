import type { Membership } from '#domain/membership'
import { gatheringName, isToRemind } from '#domain/reminder'
import { isHeld } from '#domain/weekly-study'
import { home, linXiao, onlineAt, TestBranch, week, zhouSecretary } from '../support/branch'

const membership = (change: Partial<Membership> = {}): Membership => ({
  branchId: home,
  personId: linXiao,
  name: '林晓',
  membership: 'full',
  spells: [{ from: '2020-01-01' }],
  exempt: [],
  longAbsence: [],
  ...change,
})
const open = () => {
  const study = new TestBranch().study()
  if (!isHeld(study)) throw new Error('it is not held')
  return study
}
const nothing = { line: undefined, leave: undefined }

test.each([
  { who: 'somebody who is expected', change: {}, is: true },
  { who: 'a probationary member', change: { membership: 'probationary' }, is: true },
  { who: 'an activist', change: { membership: 'activist' }, is: false },
  { who: 'somebody exempt', change: { exempt: [{ from: '2025-03-10' }] }, is: false },
  {
    who: 'somebody exempt until that day',
    change: { exempt: [{ from: '2025-01-01', until: '2025-03-10' }] },
    is: true,
  },
  { who: 'somebody long absent', change: { longAbsence: [{ from: '2025-03-01' }] }, is: false },
  {
    who: 'somebody who has left',
    change: { spells: [{ from: '2020-01-01', until: '2025-03-10' }] },
    is: false,
  },
  { who: 'somebody who comes the day after', change: { spells: [{ from: '2025-03-11' }] }, is: false },
] as const)('$who: $is', ({ change, is }) => {
  expect(isToRemind(open(), membership(change as Partial<Membership>), nothing)).toBe(is)
})

test.each([
  { state: 'asked', is: true },
  { state: 'accepted', is: false },
  { state: 'declined', is: true },
  { state: 'withdrawn', is: true },
  { state: 'moot', is: true },
] as const)('with a leave that is $state: $is', ({ state, is }) => {
  const leave = {
    week,
    branchId: home,
    memberId: linXiao,
    kind: 'sick' as const,
    note: '',
    state,
    askedAt: 0,
    receivedAt: 0,
    version: 1,
  }
  expect(isToRemind(open(), membership(), { line: undefined, leave })).toBe(is)
})

test('not whoever is recorded, nor once the register is closed', () => {
  const branch = new TestBranch()
  expect(branch.act(linXiao, 'check-in', { week }, onlineAt('08:20'))).toBe('accepted')
  const line = branch.line(linXiao)
  expect(isToRemind(open(), membership(), { line, leave: undefined })).toBe(false)
  if (line === undefined) throw new Error('no line')
  const unrecorded = { ...line, standing: 'unrecorded' as const }
  expect(isToRemind(open(), membership(), { line: unrecorded, leave: undefined })).toBe(true)
  expect(branch.act(zhouSecretary, 'close-register', { week, version: 1 }, onlineAt('12:01'))).toBe(
    'accepted',
  )
  const closed = branch.study()
  if (!isHeld(closed)) throw new Error('it is not held')
  expect(isToRemind(closed, membership(), nothing)).toBe(false)
})

test('a meeting is named by its kind: its topic can name a person', () => {
  const branch = new TestBranch()
  const meeting = branch.meeting(branch.planned())
  expect([gatheringName(meeting), gatheringName(open())]).toEqual(['支部党员大会', '周汇朝学'])
})
