import fc from 'fast-check'
import type { CommandName } from '#domain/commands'
import { addDays, mondayOf } from '#domain/day'
import type { Missing } from '#domain/filing'
import type { MeetingId } from '#domain/gathering-key'
import { branchId, organizationId } from '#domain/ids'
import { meetingTimes } from '#domain/meeting'
import { amendmentsOf } from '#domain/review'
import { branchScope, organizationScope } from '#domain/scopes'
import { standings } from '#domain/tally'
import {
  activist,
  admin,
  association,
  at,
  chenLi,
  committeeMember,
  elsewhere,
  home,
  inspector,
  linXiao,
  monday,
  offline,
  onlineAt,
  outsider,
  plan,
  TestBranch,
  week,
  wuGuifang,
  zhouSecretary,
} from '../support/branch'

const everybody = [linXiao, chenLi, wuGuifang, committeeMember, zhouSecretary]
const nextDay = addDays(monday, 1)

const change = (branch: TestBranch, id: MeetingId, more: object = {}, by = zhouSecretary) =>
  branch.act(
    by,
    'change-meeting',
    { ...plan, id, version: branch.meeting(id).version, ...more },
    onlineAt('08:00'),
  )
const notify = (branch: TestBranch, id: MeetingId, more: object = {}) =>
  branch.act(
    zhouSecretary,
    'notify-meeting',
    { id, version: branch.meeting(id).version, ...more },
    onlineAt('08:05'),
  )
const cancel = (branch: TestBranch, id: MeetingId, more: object = {}) =>
  branch.act(
    zhouSecretary,
    'cancel-meeting',
    { id, reason: '与上级会议冲突', version: branch.meeting(id).version, ...more },
    onlineAt('08:10'),
  )
const record = (
  branch: TestBranch,
  id: MeetingId,
  who: typeof linXiao,
  standing: string,
  more: object = {},
  evidence = onlineAt('14:05'),
) =>
  branch.act(
    zhouSecretary,
    'record-attendance',
    { week: id, memberId: who, standing, version: branch.line(who, id)?.version ?? 0, ...more },
    evidence,
  )
const rest = (branch: TestBranch, id: MeetingId, memberIds = everybody) =>
  branch.act(zhouSecretary, 'record-rest', { week: id, memberIds }, onlineAt('14:10'))
const close = (branch: TestBranch, id: MeetingId, clock = '15:00') =>
  branch.act(
    zhouSecretary,
    'close-register',
    { week: id, version: branch.meeting(id).version },
    onlineAt(clock),
  )
const reopen = (branch: TestBranch, id: MeetingId, clock = '15:10') =>
  branch.act(
    zhouSecretary,
    'reopen-register',
    { week: id, reason: '补记', version: branch.meeting(id).version },
    onlineAt(clock),
  )
const said = { content: '全体党员同意', speeches: [], guests: [], absences: [], resolutions: [] }
const write = (branch: TestBranch, id: MeetingId, more: object = {}, by = zhouSecretary) =>
  branch.act(
    by,
    'keep-minutes',
    { of: id, ...said, version: branch.minutes(id).version, ...more },
    onlineAt('15:20'),
  )
const vote = (branch: TestBranch, id: MeetingId, more: object = {}) =>
  branch.act(
    zhouSecretary,
    'record-vote',
    {
      of: id,
      matter: '接收预备党员',
      inFavour: 3,
      against: 0,
      abstained: 0,
      version: branch.minutes(id).version,
      ...more,
    },
    onlineAt('14:50'),
  )
const file = (branch: TestBranch, id: MeetingId, evidence = onlineAt('16:00'), by = zhouSecretary) =>
  branch.act(by, 'file-meeting', { id, version: branch.meeting(id).version }, evidence)

/** Everybody came, and the minutes are written. */
function heldMeeting(): { branch: TestBranch; id: MeetingId } {
  const branch = new TestBranch()
  const id = branch.planned()
  for (const outcome of [rest(branch, id), close(branch, id), write(branch, id)])
    expect(outcome).toBe('accepted')
  return { branch, id }
}

function filedMeeting() {
  const held = heldMeeting()
  expect(file(held.branch, held.id)).toBe('accepted')
  return held
}

test('planned, notified, held, closed, written up, voted and filed', () => {
  const branch = new TestBranch()
  const id = branch.planned()
  expect(branch.meeting(id)).toMatchObject({
    state: 'open',
    version: 1,
    startsAt: at('14:00'),
    endsAt: at('15:00'),
  })
  expect(branch.meeting(id).notifiedAt).toBeUndefined()

  expect(notify(branch, id)).toBe('accepted')
  expect(branch.meeting(id)).toMatchObject({ notifiedAt: at('08:05'), version: 2 })

  expect(record(branch, id, linXiao, 'late')).toBe('accepted')
  expect(record(branch, id, chenLi, 'excused', { leaveKind: 'sick' })).toBe('accepted')
  expect(rest(branch, id, [wuGuifang, committeeMember])).toBe('accepted')
  expect(branch.reviewOn(id).tally).toMatchObject({ expected: 5, 'on-time': 2, late: 1, unrecorded: 1 })

  expect(vote(branch, id)).toBe('accepted')
  expect(close(branch, id)).toBe('accepted')
  expect(branch.meeting(id)).toMatchObject({
    state: 'closed',
    tally: { expected: 5, 'on-time': 2, late: 1, excused: 1, absent: 1, unrecorded: 0 },
  })
  expect(branch.line(linXiao, id)).toEqual(branch.ownLine(linXiao, id))

  const absences = [{ memberId: zhouSecretary, reason: '出差' }]
  expect(write(branch, id, { absences })).toBe('accepted')
  expect(branch.minutes(id)).toMatchObject({ content: '全体党员同意', absences, votes: [{ isPassed: true }] })
  expect(branch.missing(id)).toEqual([])
  expect(file(branch, id)).toBe('accepted')
  expect(branch.meeting(id)).toMatchObject({ state: 'closed', filedAt: at('16:00'), isBackfilled: false })
})

test('the register of a meeting leaves the week’s alone', () => {
  const branch = new TestBranch()
  const before = JSON.stringify(branch.review())
  const id = branch.planned()
  rest(branch, id)
  close(branch, id)
  expect(JSON.stringify(branch.review())).toBe(before)
  expect(amendmentsOf(branch.records, home, week)).toEqual([])
  expect(amendmentsOf(branch.records, home, id)).toHaveLength(everybody.length + 1)
})

test('the six standings always add up to the expected, in every state of a meeting’s register', () => {
  const anybody = [...everybody, activist, outsider]
  const act = fc.oneof(
    fc.record({
      do: fc.constant('record' as const),
      who: fc.constantFrom(...anybody),
      standing: fc.constantFrom('on-time', 'late', 'excused', 'absent', 'unrecorded'),
    }),
    fc.record({ do: fc.constant('rest' as const), who: fc.subarray(anybody, { minLength: 1 }) }),
    fc.record({ do: fc.constant('ask' as const), who: fc.subarray(anybody, { minLength: 1 }) }),
    fc.record({ do: fc.constantFrom('close' as const, 'reopen' as const, 'cancel' as const) }),
  )
  fc.assert(
    fc.property(
      fc.option(fc.subarray(everybody, { minLength: 1 }), { nil: undefined }),
      fc.array(act, { maxLength: 30 }),
      (asked, acts) => {
        const branch = new TestBranch()
        const id = branch.planned({ attends: asked })
        let attends = asked
        for (const each of acts) {
          if (each.do === 'record') record(branch, id, each.who, each.standing, { reason: '核对' })
          if (each.do === 'rest') rest(branch, id, each.who)
          if (each.do === 'ask' && change(branch, id, { attends: each.who }) === 'accepted')
            attends = each.who
          if (each.do === 'close') close(branch, id)
          if (each.do === 'reopen') reopen(branch, id)
          if (each.do === 'cancel' && cancel(branch, id) === 'accepted') return

          const { tally, study } = branch.reviewOn(id)
          expect(standings.reduce((sum, standing) => sum + tally[standing], 0)).toBe(tally.expected)
          expect(tally.expected).toBe(everybody.filter((who) => attends?.includes(who) ?? true).length)
          if (study.state === 'closed') {
            expect(study.tally).toEqual(tally)
            expect(tally.unrecorded).toBe(0)
          }
          for (const who of everybody) expect(branch.ownLine(who, id)).toEqual(branch.line(who, id))
          expect(branch.line(activist, id)).toBeUndefined()
        }
      },
    ),
    { numRuns: 200 },
  )
})

describe('a meeting of some', () => {
  const committee = [chenLi, committeeMember, zhouSecretary]
  const committeeMeeting = { kind: 'committee-meeting', attends: committee } as const

  test('expects those who are asked, and has a line for nobody else', () => {
    const branch = new TestBranch()
    const id = branch.planned(committeeMeeting)
    expect(branch.reviewOn(id).members.map(({ memberId }) => memberId)).toEqual(committee)
    expect(record(branch, id, linXiao, 'on-time')).toBe('not-on-roster')
    expect(rest(branch, id)).toBe('accepted')
    expect(branch.line(linXiao, id)).toBeUndefined()
    expect(close(branch, id)).toBe('accepted')
    expect(branch.reviewOn(id).tally).toMatchObject({ expected: 3, 'on-time': 3, absent: 0 })
    expect(record(branch, id, linXiao, 'on-time', { reason: '补记' })).toBe('not-on-roster')
  })

  test('expects nobody who is exempt, has left or belongs elsewhere, asked or not', () => {
    const branch = new TestBranch()
    branch.enrol(linXiao, { exempt: [{ from: '2025-01-01' }] })
    branch.enrol(wuGuifang, { spells: [{ from: '2020-01-01', until: monday }] })
    const id = branch.planned({ attends: [linXiao, wuGuifang, activist, outsider, chenLi] })
    expect(branch.reviewOn(id).members.map(({ memberId }) => memberId)).toEqual([chenLi])
    for (const who of [linXiao, wuGuifang, activist, outsider])
      expect(record(branch, id, who, 'on-time')).toBe('not-on-roster')
  })

  test('keeps the names of the day when it closes', () => {
    const branch = new TestBranch()
    const id = branch.planned(committeeMeeting)
    close(branch, id)
    branch.enrol(chenLi, { spells: [{ from: '2020-01-01', until: '2025-01-01' }] })
    expect(branch.reviewOn(id).tally).toMatchObject({ expected: 3, absent: 3 })
  })

  test('has somebody to come to it', () => expect(new TestBranch().plans({ attends: [] })).toBe('malformed'))
})

describe('two at the same time', () => {
  // The study is from half past eight to half past nine.
  test.each([
    ['07:30', '08:29', 'accepted'],
    ['07:30', '08:30', 'accepted'],
    ['07:30', '08:31', 'overlaps'],
    ['08:00', '10:00', 'overlaps'],
    ['08:30', '09:30', 'overlaps'],
    ['08:45', '09:00', 'overlaps'],
    ['09:29', '10:30', 'overlaps'],
    ['09:30', '10:30', 'accepted'],
    ['09:31', '10:30', 'accepted'],
  ])('beside the weekly study, from %s to %s: %s', (starts, ends, outcome) => {
    const branch = new TestBranch()
    expect(branch.plans({ starts, ends })).toBe(outcome)
    if (outcome === 'overlaps')
      expect(branch.refused).toEqual({
        code: 'overlaps',
        topic: branch.review().study.topic,
        startsAt: at('08:30'),
      })
    expect(branch.plans({ heldOn: nextDay, starts, ends })).toBe('accepted')
  })

  test.each([
    ['13:00', '13:59', 'accepted'],
    ['13:00', '14:00', 'accepted'],
    ['13:00', '14:01', 'overlaps'],
    ['13:00', '16:00', 'overlaps'],
    ['14:00', '15:00', 'overlaps'],
    ['14:20', '14:40', 'overlaps'],
    ['14:59', '16:00', 'overlaps'],
    ['15:00', '16:00', 'accepted'],
    ['15:01', '16:00', 'accepted'],
  ])('beside a meeting, from %s to %s: %s', (starts, ends, outcome) => {
    const branch = new TestBranch()
    branch.planned({ topic: '先定的' })
    expect(branch.plans({ topic: '后定的', starts, ends })).toBe(outcome)
    if (outcome === 'overlaps')
      expect(branch.refused).toEqual({ code: 'overlaps', topic: '先定的', startsAt: at('14:00') })
    expect(branch.plans({ heldOn: nextDay, starts, ends })).toBe('accepted')
  })

  test('a study that is not held, or was moved, stands only where it is', () => {
    const times = { starts: '08:30', ends: '09:30' }
    const override = (branch: TestBranch, more: object) => {
      const args = { week, reason: '外出调研', version: branch.study().version, ...more }
      return branch.act(zhouSecretary, 'override-week', args, onlineAt('06:00'))
    }
    const moved = new TestBranch()
    expect(override(moved, { heldOn: nextDay })).toBe('accepted')
    expect(moved.plans(times)).toBe('accepted')
    expect(moved.plans({ ...times, heldOn: nextDay })).toBe('overlaps')
    const dropped = new TestBranch()
    expect(override(dropped, {})).toBe('accepted')
    expect(dropped.plans(times)).toBe('accepted')
  })

  test.each([
    { some: [linXiao, chenLi], others: [wuGuifang, committeeMember], outcome: 'accepted' },
    { some: [linXiao, chenLi], others: [chenLi, wuGuifang], outcome: 'overlaps' },
    { some: undefined, others: [linXiao], outcome: 'overlaps' },
    { some: [linXiao], others: undefined, outcome: 'overlaps' },
    { some: undefined, others: undefined, outcome: 'overlaps' },
  ])('$some and $others: $outcome', ({ some, others, outcome }) => {
    const branch = new TestBranch()
    branch.planned({ kind: 'group-meeting', attends: some })
    expect(branch.plans({ kind: 'group-meeting', attends: others })).toBe(outcome)
  })

  test('a cancelled one is not in the way, nor one of another branch', () => {
    const branch = new TestBranch()
    const id = branch.planned()
    expect(
      branch.act(
        outsider,
        'plan-meeting',
        { ...plan, id: branch.newId() },
        onlineAt('07:00'),
        branchScope(elsewhere),
      ),
    ).toBe('accepted')
    expect(branch.plans()).toBe('overlaps')
    cancel(branch, id)
    expect(branch.plans()).toBe('accepted')
  })

  test('a meeting is not in its own way, and others are in that of a changed one', () => {
    const branch = new TestBranch()
    const id = branch.planned()
    branch.planned({ starts: '16:00', ends: '17:00' })
    expect(change(branch, id, { starts: '14:30', ends: '16:00' })).toBe('accepted')
    expect(change(branch, id, { starts: '14:30', ends: '16:01' })).toBe('overlaps')
    expect(change(branch, id, { starts: '08:00', ends: '08:31' })).toBe('overlaps')
    expect(branch.meeting(id)).toMatchObject({ startsAt: at('14:30'), endsAt: at('16:00'), version: 2 })
  })
})

describe('planning', () => {
  test.each([
    ['14:00', '14:00', 'times-out-of-order'],
    ['14:00', '13:59', 'times-out-of-order'],
    ['14:00', '14:01', 'accepted'],
  ])('from %s to %s: %s', (starts, ends, outcome) => {
    const branch = new TestBranch()
    expect(branch.plans({ starts, ends })).toBe(outcome)
    const other = new TestBranch()
    expect(change(other, other.planned(), { starts, ends })).toBe(outcome)
  })

  test.each([
    ['2024-12-31', 'other-year'],
    ['2025-01-01', 'accepted'],
    ['2025-12-31', 'accepted'],
    ['2026-01-01', 'other-year'],
  ])('moved to %s: %s', (heldOn, outcome) => {
    const branch = new TestBranch()
    expect(change(branch, branch.planned(), { heldOn })).toBe(outcome)
  })

  test('neither moved to another day nor cancelled once somebody is recorded; the clock may change', () => {
    const branch = new TestBranch()
    const id = branch.planned()
    expect(record(branch, id, linXiao, 'absent')).toBe('accepted')
    expect(change(branch, id, { heldOn: nextDay })).toBe('study-has-records')
    expect(cancel(branch, id)).toBe('study-has-records')
    expect(change(branch, id, { starts: '14:30', ends: '15:30' })).toBe('accepted')

    expect(record(branch, id, linXiao, 'unrecorded')).toBe('accepted')
    expect(change(branch, id, { heldOn: nextDay })).toBe('accepted')
    expect(cancel(branch, id)).toBe('accepted')
    expect(branch.meeting(id)).toMatchObject({ state: 'cancelled', reason: '与上级会议冲突' })
    expect(amendmentsOf(branch.records, home, id)).toContainEqual(
      expect.objectContaining({ what: 'study', by: zhouSecretary, reason: '与上级会议冲突' }),
    )
  })

  test('of two keepers who changed the same meeting without signal the second is told', () => {
    const branch = new TestBranch()
    const id = branch.planned()
    const arriving = (clock: string) =>
      offline({ heard: at('07:00'), claimed: at('07:30'), received: at(clock) })
    const changes = (by: typeof linXiao, place: string, clock: string) =>
      branch.act(by, 'change-meeting', { ...plan, id, version: 1, place }, arriving(clock))
    expect(changes(zhouSecretary, '一楼', '09:40')).toBe('accepted')
    expect(changes(committeeMember, '二楼', '09:41')).toBe('changed-meanwhile')
    expect(branch.meeting(id)).toMatchObject({ place: '一楼', version: 2 })
    expect(notify(branch, id, { version: 1 })).toBe('changed-meanwhile')
    expect(cancel(branch, id, { version: 1 })).toBe('changed-meanwhile')
    const closing = { week: id, version: 1 }
    expect(branch.act(zhouSecretary, 'close-register', closing, onlineAt('15:00'))).toBe('changed-meanwhile')
  })

  test('a change keeps what was notified, and what the meeting counts as is said once', () => {
    const branch = new TestBranch()
    const id = branch.planned({ kind: 'theme-day', alsoCountsAs: ['party-class', 'theme-day'] })
    expect(branch.meeting(id).alsoCountsAs).toEqual(['party-class'])
    notify(branch, id)
    expect(change(branch, id)).toBe('accepted')
    expect(branch.meeting(id)).toMatchObject({ kind: 'general-meeting', notifiedAt: at('08:05'), version: 3 })
  })

  test('is for the secretary and the committee; closing and filing for the secretary', () => {
    const branch = new TestBranch()
    for (const who of [linXiao, activist, outsider, admin, inspector])
      expect(branch.act(who, 'plan-meeting', { ...plan, id: branch.newId() }, onlineAt('07:00'))).toBe(
        'not-allowed',
      )
    expect(
      branch.act(committeeMember, 'plan-meeting', { ...plan, id: branch.newId() }, onlineAt('07:00')),
    ).toBe('accepted')
    const { branch: held, id } = heldMeeting()
    expect(file(held, id, onlineAt('16:00'), committeeMember)).toBe('not-allowed')
    const closing = { week: id, version: held.meeting(id).version }
    expect(held.act(committeeMember, 'close-register', closing, onlineAt('15:00'))).toBe('not-allowed')
    expect(write(held, id, {}, linXiao)).toBe('not-allowed')
    expect(write(held, id, {}, committeeMember)).toBe('accepted')
  })
})

/** Everything that can be done to a meeting. */
const actsOn = (id: string): [CommandName, object][] => [
  ['change-meeting', { ...plan, id, version: 1 }],
  ['notify-meeting', { id, version: 1 }],
  ['cancel-meeting', { id, reason: '改期', version: 1 }],
  ['record-rest', { week: id, memberIds: everybody }],
  ['close-register', { week: id, version: 1 }],
  ['record-attendance', { week: id, memberId: linXiao, standing: 'on-time', version: 0 }],
  ['reopen-register', { week: id, reason: '补记', version: 1 }],
  ['keep-minutes', { of: id, ...said, version: 0 }],
  ['record-vote', { of: id, matter: '表决', inFavour: 3, against: 0, abstained: 0, version: 0 }],
  ['file-meeting', { id, version: 1 }],
]
const outcomesOf = (branch: TestBranch, id: string, acts = actsOn(id)) => [
  ...new Set(acts.map(([name, args]) => branch.act(zhouSecretary, name, args, onlineAt('15:30')))),
]

test('nothing is done to a meeting that is not, was cancelled, or belongs to another branch', () => {
  const branch = new TestBranch()
  expect(outcomesOf(branch, '2025-m-device.99')).toEqual(['no-such-meeting'])
  branch.act(
    outsider,
    'plan-meeting',
    { ...plan, id: branch.newId() },
    onlineAt('07:00'),
    branchScope(elsewhere),
  )
  const { id: theirs } = branch.records.list(branchScope(elsewhere), 'meeting', '')[0] ?? { id: '' }
  expect(outcomesOf(branch, theirs)).toEqual(['no-such-meeting'])
  const id = branch.planned()
  cancel(branch, id)
  expect(outcomesOf(branch, id)).toEqual(['meeting-cancelled'])
})

test('a closed meeting is not planned, held or closed again, until it is reopened', () => {
  const { branch, id } = heldMeeting()
  const { version } = branch.meeting(id)
  const again = actsOn(id).slice(1, 5)
  expect(outcomesOf(branch, id, again)).toEqual(['already-closed'])
  expect(reopen(branch, id)).toBe('accepted')
  expect(branch.meeting(id)).toMatchObject({ state: 'open', isReopened: true, version: version + 1 })
  expect(reopen(branch, id)).toBe('not-closed')
  expect(change(branch, id, { place: '礼堂' })).toBe('accepted')
  expect(close(branch, id)).toBe('accepted')
})

test('what a closed register does not rest on can be filled in until the meeting is filed', () => {
  const { branch, id } = heldMeeting()
  const before = branch.meeting(id)
  for (const changed of [
    { starts: '14:40' },
    { heldOn: '2025-03-12' },
    { attends: [linXiao] },
    { kind: 'party-class' },
  ])
    expect(change(branch, id, changed)).toBe('already-closed')
  expect(change(branch, id, { host: '周书记', agenda: ['补上的议程'] })).toBe('accepted')
  expect(branch.meeting(id)).toEqual({
    ...before,
    host: '周书记',
    agenda: ['补上的议程'],
    version: before.version + 1,
  })
})

test('whoever is recorded stays asked, and a meeting that voted stays one that votes', () => {
  const branch = new TestBranch()
  const id = branch.planned({ kind: 'general-meeting' })
  record(branch, id, linXiao, 'on-time')
  expect(change(branch, id, { kind: 'general-meeting', attends: [chenLi] })).toBe('study-has-records')
  branch.act(zhouSecretary, 'record-rest', { week: id, memberIds: everybody }, onlineAt('14:45'))
  const vote = { of: id, matter: '表决', inFavour: 3, against: 0, abstained: 0, version: 0 }
  expect(branch.act(zhouSecretary, 'record-vote', vote, onlineAt('15:00'))).toBe('accepted')
  expect(change(branch, id, { kind: 'party-class' })).toBe('study-has-records')
})

test('the weekly study is not moved onto a meeting', () => {
  const branch = new TestBranch()
  expect(branch.plans({ heldOn: '2025-03-12', starts: '08:00', ends: '10:00' })).toBe('accepted')
  const { version } = branch.study()
  const moved = { week, heldOn: '2025-03-12', reason: '会议室检修', version }
  expect(branch.act(zhouSecretary, 'override-week', moved, onlineAt('07:30'))).toBe('overlaps')
  const elsewhen = { ...moved, heldOn: '2025-03-13' }
  expect(branch.act(zhouSecretary, 'override-week', elsewhen, onlineAt('07:31'))).toBe('accepted')
})

test('reopening takes back the absences of closing and nothing else', () => {
  const branch = new TestBranch()
  const id = branch.planned()
  record(branch, id, linXiao, 'late')
  record(branch, id, chenLi, 'absent')
  close(branch, id)
  expect(branch.reviewOn(id).tally).toMatchObject({ late: 1, absent: 4 })
  reopen(branch, id)
  expect(branch.reviewOn(id).tally).toMatchObject({ late: 1, absent: 1, unrecorded: 3 })
})

test('the roll is taken from the day of the meeting on, all the rest from its beginning', () => {
  const branch = new TestBranch()
  const id = branch.planned({ heldOn: nextDay })
  const record = (clock: string, day: string) =>
    branch.act(
      zhouSecretary,
      'record-attendance',
      { week: id, memberId: linXiao, standing: 'on-time', version: 0 },
      onlineAt(clock, day),
    )
  const begin = (name: CommandName, args: object, clock: string) =>
    branch.act(zhouSecretary, name, { week: id, ...args }, onlineAt(clock, nextDay))
  expect(record('23:59', monday)).toBe('not-open-yet')
  expect(record('00:00', nextDay)).toBe('accepted')
  for (const [clock, outcome] of [
    ['13:59', 'not-started'],
    ['14:00', 'accepted'],
  ] as const) {
    expect(begin('record-rest', { memberIds: everybody }, clock)).toBe(outcome)
    expect(begin('close-register', { version: 1 }, clock)).toBe(outcome)
  }
})

describe('filing', () => {
  const dayAfter = (days: number) => addDays(monday, days)

  test.each([
    { days: 3, clock: '23:59', isBackfilled: false },
    { days: 4, clock: '00:00', isBackfilled: true },
    { days: 30, clock: '09:00', isBackfilled: true },
  ])('on the day +$days at $clock: 补录 $isBackfilled', ({ days, clock, isBackfilled }) => {
    const { branch, id } = heldMeeting()
    expect(file(branch, id, onlineAt(clock, dayAfter(days)))).toBe('accepted')
    expect(branch.meeting(id)).toMatchObject({ isBackfilled, filedAt: at(clock, dayAfter(days)) })
  })

  test.each([
    { what: 'without signal in time, it is in time', heard: 2, isBackfilled: false },
    { what: 'as the phone says, it is not where the server knows better', heard: 4, isBackfilled: true },
  ])('filed $what', ({ heard, isBackfilled }) => {
    const { branch, id } = heldMeeting()
    const evidence = offline({
      heard: at('08:00', dayAfter(heard)),
      claimed: at('20:00', dayAfter(3)),
      received: at('08:30', dayAfter(4)),
    })
    expect(file(branch, id, evidence)).toBe('accepted')
    expect(branch.meeting(id)).toMatchObject({ isBackfilled })
  })

  test('needs everything: each thing is missing until it is supplied', () => {
    const branch = new TestBranch()
    const id = branch.planned({ topic: '', place: '', host: '', recorder: '', agenda: [] })
    const missing = new Set<Missing>(['topic', 'place', 'host', 'recorder', 'agenda', 'register', 'content'])
    const isMissing = () => {
      expect(new Set(branch.missing(id))).toEqual(missing)
      expect(file(branch, id)).toBe('incomplete')
    }
    isMissing()
    const left = { topic: '', place: '', host: '', recorder: '', agenda: [] as string[] }
    for (const each of ['topic', 'place', 'host', 'recorder', 'agenda'] as const) {
      Object.assign(left, { [each]: plan[each] })
      expect(change(branch, id, left)).toBe('accepted')
      missing.delete(each)
      isMissing()
    }

    rest(branch, id, [linXiao, chenLi, wuGuifang])
    expect(vote(branch, id)).toBe('accepted')
    isMissing()
    expect(close(branch, id)).toBe('accepted')
    missing.delete('register')
    missing.add('absence-reasons')
    isMissing()
    const [first, second] = [committeeMember, zhouSecretary].map((memberId) => ({ memberId, reason: '出差' }))
    expect(write(branch, id, { content: '', absences: [first] })).toBe('accepted')
    isMissing()
    expect(write(branch, id, { content: '', absences: [first, second] })).toBe('accepted')
    missing.delete('absence-reasons')
    isMissing()
    expect(record(branch, id, linXiao, 'excused', { reason: '记错了' })).toBe('accepted')
    missing.add('votes')
    isMissing()
    expect(record(branch, id, linXiao, 'late', { reason: '没有记错' })).toBe('accepted')
    missing.delete('votes')
    isMissing()
    expect(write(branch, id, { absences: [first, second] })).toBe('accepted')
    expect(branch.missing(id)).toEqual([])

    expect(reopen(branch, id)).toBe('accepted')
    missing.clear()
    missing.add('register')
    isMissing()
    expect(close(branch, id)).toBe('accepted')
    expect(file(branch, id)).toBe('accepted')
  })

  test('asks no reason of whoever asked leave, or came after all', () => {
    const branch = new TestBranch()
    const id = branch.planned()
    rest(branch, id, [linXiao, wuGuifang, committeeMember, zhouSecretary])
    close(branch, id)
    write(branch, id)
    expect(branch.missing(id)).toEqual(['absence-reasons'])
    expect(record(branch, id, chenLi, 'excused', { reason: '会前说过', leaveKind: 'sick' })).toBe('accepted')
    expect(branch.missing(id)).toEqual([])
    expect(record(branch, id, chenLi, 'absent', { reason: '并没有说' })).toBe('accepted')
    expect(branch.missing(id)).toEqual(['absence-reasons'])
    expect(record(branch, id, chenLi, 'on-time', { reason: '漏记' })).toBe('accepted')
    expect(file(branch, id)).toBe('accepted')
  })

  test('is done once, of what its keeper saw, and the register stays closed', () => {
    const { branch, id } = heldMeeting()
    const { version } = branch.meeting(id)
    const filing = (version: number) =>
      branch.act(zhouSecretary, 'file-meeting', { id, version }, onlineAt('16:00'))
    expect(filing(version - 1)).toBe('changed-meanwhile')
    expect(filing(version)).toBe('accepted')
    expect(filing(version + 1)).toBe('already-decided')
    expect(reopen(branch, id)).toBe('already-filed')
    expect(branch.meeting(id)).toMatchObject({ state: 'closed', filedAt: at('16:00') })
  })
})

describe('minutes', () => {
  const traces = (branch: TestBranch, id: MeetingId) =>
    amendmentsOf(branch.records, home, id).filter(({ what }) => what === 'minutes')

  test('are written freely before filing, by the one who saw the last of them', () => {
    const branch = new TestBranch()
    const id = branch.planned()
    expect(write(branch, id)).toBe('accepted')
    expect(write(branch, id, { content: '另一稿', version: 0 }, committeeMember)).toBe('changed-meanwhile')
    expect(write(branch, id, { content: '第二稿' })).toBe('accepted')
    expect(branch.minutes(id)).toMatchObject({ content: '第二稿', version: 2 })
    expect(traces(branch, id)).toEqual([])
  })

  test('keep the votes when they are written again', () => {
    const { branch, id } = heldMeeting()
    vote(branch, id)
    const { votes } = branch.minutes(id)
    expect(votes).toHaveLength(1)
    expect(write(branch, id, { content: '补充' })).toBe('accepted')
    expect(branch.minutes(id).votes).toEqual(votes)
  })

  test('need a reason after filing, and leave a trace', () => {
    const { branch, id } = filedMeeting()
    expect(write(branch, id, { content: '补充' })).toBe('reason-needed')
    expect(write(branch, id, { content: '补充', reason: '  ' })).toBe('malformed')
    expect(branch.minutes(id).content).toBe(said.content)
    expect(traces(branch, id)).toEqual([])

    expect(write(branch, id, { content: '补充', reason: '漏记发言' }, committeeMember)).toBe('accepted')
    expect(branch.minutes(id).content).toBe('补充')
    expect(traces(branch, id)).toEqual([
      expect.objectContaining({
        by: committeeMember,
        at: at('15:20'),
        reason: '漏记发言',
        isAfterClosing: true,
      }),
    ])
    expect(vote(branch, id)).toBe('reason-needed')
    expect(vote(branch, id, { reason: '漏记表决' })).toBe('accepted')
    expect(traces(branch, id).map(({ reason }) => reason)).toEqual(
      expect.arrayContaining(['漏记发言', '漏记表决']),
    )
    expect(branch.meeting(id)).toMatchObject({ filedAt: at('16:00') })
  })

  test('are kept of a weekly study as well', () => {
    const branch = new TestBranch()
    const args = { of: week, ...said, version: 0 }
    expect(branch.act(zhouSecretary, 'keep-minutes', args, onlineAt('09:30'))).toBe('accepted')
    const unknown = { ...args, of: '2025-W12' }
    expect(branch.act(zhouSecretary, 'keep-minutes', unknown, onlineAt('09:30'))).toBe('no-such-study')
  })
})

describe('a joint meeting', () => {
  const named = [home, elsewhere].map((id) => ({ id, name: `支部 ${id}` }))
  const { alsoCountsAs: _, recorder: __, studyHours: ___, ...shared } = plan
  const jointPlan = { ...shared, kind: 'party-class', topic: '联合党课', branches: named } as const
  const hostOf = { [home]: zhouSecretary, [elsewhere]: outsider }

  const plansJoint = (branch: TestBranch, more: object = {}, by = admin) =>
    branch.act(
      by,
      'plan-joint-meeting',
      { ...jointPlan, id: branch.newId(more), ...more },
      onlineAt('07:00'),
      organizationScope(association),
    )
  const newest = (branch: TestBranch) => {
    const joint = branch.records.list(organizationScope(association), 'joint-meeting', '').at(-1)
    if (joint === undefined) throw new Error('nothing joint was planned')
    return joint
  }
  const join = (branch: TestBranch, more: object = {}, at = home) =>
    branch.act(
      hostOf[at] ?? zhouSecretary,
      'join-meeting',
      {
        organizationId: association,
        jointId: newest(branch).id,
        heldOn: newest(branch).heldOn,
        studyHours: 2,
        ...more,
      },
      onlineAt('08:00'),
      branchScope(at),
    )
  const cancelJoint = (branch: TestBranch) => {
    const { id, version } = newest(branch)
    const scope = organizationScope(association)
    return branch.act(admin, 'cancel-joint-meeting', { id, version }, onlineAt('09:00'), scope)
  }

  test('is planned by the admin alone, for two branches or more', () => {
    const branch = new TestBranch()
    for (const who of [zhouSecretary, committeeMember, linXiao, inspector])
      expect(plansJoint(branch, {}, who)).toBe('not-allowed')
    expect(plansJoint(branch, { branches: named.slice(0, 1) })).toBe('malformed')
    expect(plansJoint(branch, { ends: jointPlan.starts })).toBe('times-out-of-order')
    expect(plansJoint(branch, { topic: ' ' })).toBe('malformed')
    expect(plansJoint(branch)).toBe('accepted')
  })

  test('each branch takes part with a register of its own', () => {
    const branch = new TestBranch()
    plansJoint(branch)
    const { id } = newest(branch)
    expect(join(branch)).toBe('accepted')
    expect(join(branch, { studyHours: 1 }, elsewhere)).toBe('accepted')
    expect(branch.meeting(id)).toMatchObject({
      ...meetingTimes(monday, '14:00', '15:00'),
      topic: '联合党课',
      studyHours: 2,
      joint: { id, branches: ['支部 branch-1', '支部 branch-2'] },
    })
    expect(branch.meeting(id, elsewhere)).toMatchObject({ topic: '联合党课', studyHours: 1 })

    rest(branch, id, [linXiao, outsider])
    expect(close(branch, id)).toBe('accepted')
    expect(branch.reviewOn(id).tally).toMatchObject({ expected: 5, 'on-time': 1, absent: 4 })
    expect(branch.meeting(id, elsewhere).state).toBe('open')
    expect(branch.reviewOn(id, elsewhere).tally).toMatchObject({ expected: 1, unrecorded: 1 })
  })

  test('taken part in twice is taken part in once', () => {
    const branch = new TestBranch()
    plansJoint(branch)
    join(branch)
    rest(branch, newest(branch).id)
    const before = branch.records.snapshot()
    expect(join(branch, { studyHours: 5 })).toBe('accepted')
    expect(branch.records.snapshot()).toBe(before)
  })

  test('a branch that cancelled its part can take part again', () => {
    const branch = new TestBranch()
    plansJoint(branch)
    join(branch)
    const { id } = newest(branch)
    expect(cancel(branch, id)).toBe('accepted')
    expect(join(branch)).toBe('accepted')
    expect(branch.meeting(id).state).toBe('open')
  })

  test('a name is given once, in its own year', () => {
    const branch = new TestBranch()
    const id = branch.planned()
    const again = { ...plan, heldOn: '2025-03-12', id }
    expect(branch.act(zhouSecretary, 'plan-meeting', again, onlineAt('07:00'))).toBe('already-decided')
    const other = { ...plan, id: '2024-m-other' }
    expect(branch.act(zhouSecretary, 'plan-meeting', other, onlineAt('07:00'))).toBe('other-year')
    plansJoint(branch)
    expect(plansJoint(branch, { id: newest(branch).id })).toBe('already-decided')
    expect(plansJoint(branch, { id: '2024-m-other' })).toBe('other-year')
  })

  test('is not for a branch that is not named', () => {
    const branch = new TestBranch()
    const others = [elsewhere, branchId('branch-3')].map((id) => ({ id, name: id }))
    plansJoint(branch, { branches: others })
    expect(join(branch)).toBe('no-such-meeting')
    expect(join(branch, {}, elsewhere)).toBe('accepted')
    expect(join(branch, { jointId: '2025-m-device.99' }, elsewhere)).toBe('no-such-meeting')
  })

  test('nor for one of another organisation, whatever that one wrote', () => {
    const branch = new TestBranch()
    plansJoint(branch)
    const others = organizationId('others')
    const joint = newest(branch)
    branch.records.apply([
      { scope: organizationScope(others), type: 'joint-meeting', key: joint.id, value: joint },
    ])
    expect(join(branch, { organizationId: others })).toBe('no-such-meeting')
    const scope = organizationScope(others)
    expect(
      branch.act(admin, 'plan-joint-meeting', { ...jointPlan, id: branch.newId() }, onlineAt('07:00'), scope),
    ).toBe('not-allowed')
  })

  test('once cancelled nobody joins it; whoever did decides about their own', () => {
    const branch = new TestBranch()
    plansJoint(branch)
    const { id } = newest(branch)
    join(branch)
    expect(cancelJoint(branch)).toBe('accepted')
    expect(join(branch, {}, elsewhere)).toBe('meeting-cancelled')
    expect(branch.meeting(id).state).toBe('open')
    expect(cancel(branch, id)).toBe('accepted')
  })

  test('of two admins the second is told, and nothing is cancelled that is not', () => {
    const branch = new TestBranch()
    plansJoint(branch)
    const { id, version } = newest(branch)
    const cancels = (args: object) =>
      branch.act(admin, 'cancel-joint-meeting', args, onlineAt('09:00'), organizationScope(association))
    expect(cancels({ id: '2025-m-device.99', version })).toBe('no-such-meeting')
    expect(cancels({ id, version })).toBe('accepted')
    expect(cancels({ id, version })).toBe('changed-meanwhile')
  })

  test('may not be in the way of what the branch has', () => {
    const branch = new TestBranch()
    const own = branch.planned({ topic: '自己的', starts: '14:30', ends: '15:30' })
    plansJoint(branch)
    expect(join(branch)).toBe('overlaps')
    expect(branch.refused).toMatchObject({ topic: '自己的' })
    expect(join(branch, {}, elsewhere)).toBe('accepted')
    cancel(branch, own)
    expect(join(branch)).toBe('accepted')
    plansJoint(branch, { starts: '09:00', ends: '10:00' })
    expect(join(branch)).toBe('overlaps')
  })

  // In the last week of a year, or the first, the year of the day is not that of its week.
  test.each([
    { heldOn: '2025-12-29', ofWeek: '2026-W01' },
    { heldOn: '2027-01-01', ofWeek: '2026-W53' },
    { heldOn: '2026-01-05', ofWeek: '2026-W02' },
  ])('nor at the turn of a year, on $heldOn in $ofWeek', ({ heldOn, ofWeek }) => {
    const branch = new TestBranch()
    const { study } = branch.review()
    branch.records.apply([
      {
        scope: branchScope(home),
        type: 'weekly-study',
        key: ofWeek,
        value: { ...study, week: ofWeek, ...meetingTimes(heldOn, '08:30', '09:30') },
      },
    ])
    expect(mondayOf(ofWeek) <= heldOn && heldOn < addDays(mondayOf(ofWeek), 7)).toBe(true)
    const times = { heldOn, starts: '09:00', ends: '10:00' }
    expect(branch.plans(times)).toBe('overlaps')
    plansJoint(branch, times)
    expect(join(branch)).toBe('overlaps')
  })
})
