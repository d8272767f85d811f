import fc from 'fast-check'
import { addDays } from '#domain/day'
import type { MeetingId } from '#domain/gathering-key'
import { personId } from '#domain/ids'
import { type MeetingKind, meetingKinds } from '#domain/meeting'
import { isPassed, quorum } from '#domain/quorum'
import { amendmentsOf } from '#domain/review'
import {
  activist,
  at,
  chenLi,
  committeeMember,
  home,
  linXiao,
  monday,
  offline,
  onlineAt,
  type plan,
  TestBranch,
  week,
  wuGuifang,
  zhouSecretary,
} from '../support/branch'

const everybody = [linXiao, chenLi, wuGuifang, committeeMember, zhouSecretary]
const others = [linXiao, chenLi, wuGuifang, committeeMember]

const come = (branch: TestBranch, id: MeetingId, memberIds: readonly string[]) =>
  memberIds.length === 0
    ? 'accepted'
    : branch.act(zhouSecretary, 'record-rest', { week: id, memberIds }, onlineAt('14:10'))
const record = (branch: TestBranch, id: MeetingId, who: typeof linXiao, standing: string) =>
  branch.act(
    zhouSecretary,
    'record-attendance',
    { week: id, memberId: who, standing, version: branch.line(who, id)?.version ?? 0, reason: '核对' },
    onlineAt('14:20'),
  )
const close = (branch: TestBranch, id: MeetingId) =>
  branch.act(
    zhouSecretary,
    'close-register',
    { week: id, version: branch.meeting(id).version },
    onlineAt('15:00'),
  )
const vote = (
  branch: TestBranch,
  id: MeetingId,
  [inFavour, against, abstained]: readonly [number, number, number],
  more: object = {},
  evidence = onlineAt('14:30'),
) =>
  branch.act(
    zhouSecretary,
    'record-vote',
    {
      of: id,
      matter: '接收预备党员',
      inFavour,
      against,
      abstained,
      version: branch.minutes(id).version,
      ...more,
    },
    evidence,
  )

/** Those of the branch who are present, at a meeting that has begun. */
function meetingWith(
  present: readonly string[],
  change: Partial<typeof plan> = {},
  branch = new TestBranch(),
) {
  const id = branch.planned(change)
  expect(come(branch, id, present)).toBe('accepted')
  return { branch, id }
}

/** A branch with as many votes, the first of whom are present: its own five are exempt. */
function meetingOf(entitled: number, present: number) {
  const branch = new TestBranch()
  for (const id of others) branch.enrol(id, { exempt: [{ from: '2020-01-01' }] })
  branch.enrol(zhouSecretary, { exempt: [{ from: '2020-01-01' }] }, [{ role: 'secretary', branchId: home }])
  const voters = Array.from({ length: entitled }, (_, index) => personId(`voter-${index}`))
  for (const voter of voters) branch.enrol(voter)
  return meetingWith(voters.slice(0, present), {}, branch)
}

describe('a vote can be held when more than half of those entitled are present', () => {
  test.each([
    // entitled, present, still missing
    [0, 0, 1],
    [1, 0, 1],
    [1, 1, 0],
    [2, 0, 2],
    [2, 1, 1],
    [2, 2, 0],
    [3, 0, 2],
    [3, 1, 1],
    [3, 2, 0],
    [4, 1, 2],
    [4, 2, 1],
    [4, 3, 0],
    [5, 1, 2],
    [5, 2, 1],
    [5, 3, 0],
    [5, 5, 0],
    [6, 2, 2],
    [6, 3, 1],
    [6, 4, 0],
    [7, 3, 1],
    [7, 4, 0],
    [8, 4, 1],
    [8, 5, 0],
    [9, 4, 1],
    [9, 5, 0],
    [10, 5, 1],
    [10, 6, 0],
    [11, 5, 1],
    [11, 6, 0],
    [12, 0, 7],
    [12, 5, 2],
    [12, 6, 1],
    [12, 7, 0],
    [12, 12, 0],
  ])('entitled %i, present %i: %i still missing', (entitled, present, missing) => {
    expect(quorum(entitled, present)).toMatchObject({ entitled, present, missing })
    const { branch, id } = meetingOf(entitled, present)
    expect(branch.quorum(id)).toEqual(quorum(entitled, present))
    expect(vote(branch, id, [present, 0, 0])).toBe(missing === 0 ? 'accepted' : 'no-quorum')
    expect(branch.refused).toEqual(missing === 0 ? undefined : { code: 'no-quorum', missing })
    expect(branch.minutes(id).votes).toHaveLength(missing === 0 ? 1 : 0)
  })
})

describe('it is passed by more than half of those entitled', () => {
  test.each([
    // entitled, present, in favour
    [1, 1, 0, false],
    [1, 1, 1, true],
    [2, 2, 1, false],
    [2, 2, 2, true],
    [3, 3, 1, false],
    [3, 2, 2, true],
    [4, 3, 2, false],
    [4, 4, 2, false],
    [4, 3, 3, true],
    [5, 3, 2, false],
    [5, 4, 2, false],
    [5, 5, 2, false],
    [5, 3, 3, true],
    [6, 4, 3, false],
    [6, 5, 3, false],
    [6, 4, 4, true],
    [7, 4, 3, false],
    [7, 4, 4, true],
    [8, 6, 4, false],
    [8, 6, 5, true],
    [9, 6, 4, false],
    [9, 6, 5, true],
    [10, 8, 5, false],
    [10, 8, 6, true],
    [11, 8, 5, false],
    [11, 8, 6, true],
    [12, 10, 6, false],
    [12, 10, 7, true],
    [12, 12, 6, false],
  ])('entitled %i, present %i, in favour %i: %s', (entitled, present, inFavour, passed) => {
    expect(isPassed({ inFavour, against: 0, abstained: 0 }, entitled)).toBe(passed)
    const { branch, id } = meetingOf(entitled, present)
    expect(vote(branch, id, [inFavour, present - inFavour, 0])).toBe('accepted')
    expect(branch.minutes(id).votes).toEqual([
      expect.objectContaining({ entitled, present, inFavour, isPassed: passed, heldAt: at('14:30') }),
    ])
  })
})

test('two motions against each other are never both passed', () => {
  const people = fc.integer({ min: 0, max: 40 })
  fc.assert(
    fc.property(people, people, people, (entitled, some, rest) => {
      const inFavour = Math.min(some, entitled)
      const against = Math.min(rest, entitled - inFavour)
      const passes = isPassed({ inFavour, against, abstained: 0 }, entitled)
      const failsWith = isPassed({ inFavour: against, against: inFavour, abstained: 0 }, entitled)
      expect(passes && failsWith).toBe(false)
      if (passes) expect(quorum(entitled, inFavour).missing).toBe(0)
    }),
  )
})

describe('who is entitled', () => {
  const isProbationary = { membership: 'probationary' } as const

  test('a probationary member is present and does not count', () => {
    const branch = new TestBranch()
    branch.enrol(linXiao, isProbationary)
    const { id } = meetingWith([linXiao, chenLi, wuGuifang], {}, branch)
    expect(branch.reviewOn(id).tally).toMatchObject({ expected: 5, 'on-time': 3 })
    expect(branch.quorum(id)).toEqual({ entitled: 4, present: 2, needed: 3, missing: 1 })
    expect(vote(branch, id, [2, 0, 0])).toBe('no-quorum')
    come(branch, id, [zhouSecretary])
    expect(vote(branch, id, [4, 0, 0])).toBe('votes-do-not-add-up')
    expect(vote(branch, id, [3, 0, 0])).toBe('accepted')
  })

  test.each([
    ['the day before', -1, 5],
    ['on the day', 0, 5],
    ['the day after', 1, 4],
  ])('a full member from %s of the meeting', (_, days, entitled) => {
    const branch = new TestBranch()
    branch.enrol(linXiao, { fullFrom: addDays(monday, days) })
    const { id } = meetingWith(everybody, {}, branch)
    expect(branch.quorum(id)).toMatchObject({ entitled, present: entitled })
    expect(branch.reviewOn(id).tally.expected).toBe(5)
  })

  test('becoming full later does not change what was voted', () => {
    const branch = new TestBranch()
    branch.enrol(linXiao, isProbationary)
    const { id } = meetingWith(everybody, {}, branch)
    close(branch, id)
    expect(vote(branch, id, [4, 0, 0])).toBe('accepted')
    branch.enrol(linXiao, { fullFrom: addDays(monday, 1) })
    expect(branch.quorum(id)).toMatchObject({ entitled: 4, present: 4 })
  })

  test('whoever was on the closed register stays entitled when they leave', () => {
    const { branch, id } = meetingWith([linXiao, chenLi, wuGuifang])
    close(branch, id)
    for (const who of [linXiao, chenLi])
      branch.enrol(who, { spells: [{ from: '2020-01-01', until: monday }] })
    expect(vote(branch, id, [3, 0, 0])).toBe('accepted')
    expect(branch.minutes(id).votes).toMatchObject([{ entitled: 5, present: 3, isPassed: true }])
  })

  test.each([
    ['exempt', { exempt: [{ from: '2025-01-01' }] }],
    ['on a long absence', { longAbsence: [{ from: monday, until: addDays(monday, 1) }] }],
    ['no longer here', { spells: [{ from: '2020-01-01', until: monday }] }],
    ['an activist', { membership: 'activist' as const }],
  ])('nobody who is %s', (_, change) => {
    const branch = new TestBranch()
    branch.enrol(linXiao, change)
    const { id } = meetingWith([chenLi, wuGuifang, activist], {}, branch)
    expect(branch.quorum(id)).toEqual({ entitled: 4, present: 2, needed: 3, missing: 1 })
  })

  test('at a committee meeting those who are asked', () => {
    const attends = [chenLi, committeeMember, zhouSecretary]
    const { branch, id } = meetingWith(everybody, { kind: 'committee-meeting', attends })
    expect(branch.quorum(id)).toEqual({ entitled: 3, present: 3, needed: 2, missing: 0 })
    expect(vote(branch, id, [1, 2, 0])).toBe('accepted')
    expect(branch.minutes(id).votes).toMatchObject([{ isPassed: false }])
  })

  test.each([
    ['on-time', 3, 0],
    ['late', 3, 0],
    ['excused', 2, 1],
    ['absent', 2, 1],
    ['unrecorded', 2, 1],
  ])('whoever is %s makes it %i present', (standing, present, missing) => {
    const { branch, id } = meetingWith([chenLi, wuGuifang])
    record(branch, id, linXiao, standing)
    expect(branch.quorum(id)).toMatchObject({ present, missing })
  })
})

describe('a vote', () => {
  test.each([
    [[3, 0, 0], 'accepted'],
    [[1, 1, 1], 'accepted'],
    [[0, 0, 0], 'accepted'],
    [[0, 0, 3], 'accepted'],
    [[4, 0, 0], 'votes-do-not-add-up'],
    [[3, 1, 0], 'votes-do-not-add-up'],
    [[3, 0, 1], 'votes-do-not-add-up'],
    [[0, 0, 4], 'votes-do-not-add-up'],
    [[-1, 0, 0], 'malformed'],
    [[1.5, 0, 0], 'malformed'],
  ] as const)('of three present, %j: %s', (count, outcome) => {
    const { branch, id } = meetingWith([linXiao, chenLi, wuGuifang])
    expect(vote(branch, id, count)).toBe(outcome)
    if (outcome === 'votes-do-not-add-up') expect(branch.refused).toEqual({ code: outcome, present: 3 })
  })

  test.each<[MeetingKind, string]>(
    meetingKinds.map((kind) => [
      kind,
      ['general-meeting', 'committee-meeting'].includes(kind) ? 'accepted' : 'no-votes-here',
    ]),
  )('at a %s: %s', (kind, outcome) => {
    const { branch, id } = meetingWith(everybody, { kind })
    expect(vote(branch, id, [5, 0, 0])).toBe(outcome)
  })

  test('is not held at a weekly study, by a member, or about nothing', () => {
    const { branch, id } = meetingWith(everybody)
    expect(vote(branch, id, [5, 0, 0], { of: week })).toBe('malformed')
    expect(vote(branch, id, [5, 0, 0], { matter: ' ' })).toBe('malformed')
    const args = { of: id, matter: '表决', inFavour: 5, against: 0, abstained: 0, version: 0 }
    expect(branch.act(linXiao, 'record-vote', args, onlineAt('14:30'))).toBe('not-allowed')
    expect(branch.act(committeeMember, 'record-vote', args, onlineAt('14:30'))).toBe('accepted')
  })

  test.each([
    ['13:59', 'not-started'],
    ['14:00', 'accepted'],
  ])('at %s, of a meeting at two: %s', (clock, outcome) => {
    const branch = new TestBranch()
    const id = branch.planned()
    for (const who of everybody) record(branch, id, who, 'on-time')
    expect(vote(branch, id, [5, 0, 0], {}, onlineAt(clock))).toBe(outcome)
  })

  test('without signal is of when it was held', () => {
    const { branch, id } = meetingWith(everybody)
    const evidence = offline({ heard: at('13:00'), claimed: at('14:40'), received: at('18:00') })
    expect(vote(branch, id, [5, 0, 0], {}, evidence)).toBe('accepted')
    expect(branch.minutes(id).votes).toMatchObject([{ heldAt: at('14:40') }])
  })

  test('of two who counted the same one the second is told', () => {
    const { branch, id } = meetingWith(everybody)
    expect(vote(branch, id, [5, 0, 0])).toBe('accepted')
    expect(vote(branch, id, [5, 0, 0], { version: 0 })).toBe('changed-meanwhile')
    expect(vote(branch, id, [4, 1, 0], { matter: '另一项' })).toBe('accepted')
    expect(branch.minutes(id).votes.map(({ matter }) => matter)).toEqual(['接收预备党员', '另一项'])
  })
})

describe('a vote that was written down wrong', () => {
  function votedWrong() {
    const { branch, id } = meetingWith([linXiao, chenLi, wuGuifang])
    expect(vote(branch, id, [3, 0, 0])).toBe('accepted')
    expect(vote(branch, id, [3, 0, 0], { matter: '另一项' })).toBe('accepted')
    const [wrong] = branch.minutes(id).votes
    return { branch, id, replaces: wrong?.id, later: onlineAt('16:00') }
  }

  test('is put right with a reason, where it stood', () => {
    const { branch, id, replaces, later } = votedWrong()
    expect(vote(branch, id, [2, 1, 0], { replaces }, later)).toBe('reason-needed')
    expect(branch.minutes(id).votes).toMatchObject([{ inFavour: 3 }, { inFavour: 3 }])
    expect(vote(branch, id, [2, 1, 0], { replaces, reason: '记错一票' }, later)).toBe('accepted')
    expect(branch.minutes(id).votes).toMatchObject([
      { id: replaces, inFavour: 2, against: 1, isPassed: false, heldAt: at('14:30') },
      { matter: '另一项', inFavour: 3, isPassed: true },
    ])
  })

  test('is still one that adds up, and was held', () => {
    const { branch, id, replaces, later } = votedWrong()
    const reason = '记错一票'
    expect(vote(branch, id, [3, 1, 0], { replaces, reason }, later)).toBe('votes-do-not-add-up')
    expect(vote(branch, id, [2, 1, 0], { replaces: 'device.99', reason }, later)).toBe('not-found')
  })

  test('keeps the reason with it, as every change of a keeper’s does', () => {
    const { branch, id, replaces, later } = votedWrong()
    expect(vote(branch, id, [2, 1, 0], { replaces, reason: '记错一票' }, later)).toBe('accepted')
    const reasons = amendmentsOf(branch.records, home, id).map(({ reason }) => reason)
    expect(reasons).toContain('记错一票')
  })
})

describe('a vote stands on the register', () => {
  test('whoever is taken off it may take the quorum along, and bring it back', () => {
    const { branch, id } = meetingWith([linXiao, chenLi, wuGuifang])
    vote(branch, id, [2, 0, 0])
    close(branch, id)
    expect(branch.missing(id)).not.toContain('votes')
    expect(record(branch, id, linXiao, 'absent')).toBe('accepted')
    expect(branch.quorum(id)).toMatchObject({ entitled: 5, present: 2, missing: 1 })
    expect(branch.missing(id)).toContain('votes')
    expect(record(branch, id, linXiao, 'late')).toBe('accepted')
    expect(branch.missing(id)).not.toContain('votes')
  })

  test('nor can there be more votes than are left', () => {
    const { branch, id } = meetingWith(everybody)
    vote(branch, id, [4, 0, 0])
    record(branch, id, linXiao, 'absent')
    expect(branch.missing(id)).not.toContain('votes')
    record(branch, id, chenLi, 'absent')
    expect(branch.quorum(id).missing).toBe(0)
    expect(branch.missing(id)).toContain('votes')
    const [{ id: replaces } = { id: '' }] = branch.minutes(id).votes
    expect(vote(branch, id, [3, 0, 0], { replaces, reason: '一人未到' })).toBe('accepted')
    expect(branch.missing(id)).not.toContain('votes')
  })

  test('without a vote nobody asks for a quorum', () => {
    const { branch, id } = meetingWith([])
    expect(branch.quorum(id)).toMatchObject({ present: 0, missing: 3 })
    expect(branch.missing(id)).not.toContain('votes')
  })
})
