import * as fc from 'fast-check'
import { addDays } from '#domain/day'
import { stateOf, type TopicState, topicCounts } from '#domain/plan-progress'
import { branchScope, deskScope, organizationScope } from '#domain/scopes'
import { type BranchPlan, ownPhase, phasesOf, type StudyPlan, topicOn } from '#domain/study-plan'
import {
  admin,
  association,
  committeeMember,
  home,
  inspector,
  linXiao,
  monday,
  onlineAt,
  TestBranch,
  week,
  zhouSecretary,
} from '../support/branch'
import { closedWeek } from '../support/closed-week'
import { openStudy } from '../support/open-study'
import { phase, plan2025, topic } from '../support/study-plan'

const own = (...topics: BranchPlan['topics']): BranchPlan => ({ year: 2025, topics, version: 1 })
const shown = (above: StudyPlan | undefined, mine: BranchPlan | undefined) =>
  phasesOf(above, mine).map(({ id, topics }) => [id, ...topics.map((each) => `${each.id} ${each.origin}`)])

describe('what a branch goes by', () => {
  const adapted = { phaseId: 'p1', topic: topic('t2', '2025-03-31') }
  const added = { phaseId: 'p1', topic: topic('x1', '2025-03-17') }

  test.each([
    {
      what: 'as it was handed down',
      above: plan2025(),
      mine: undefined,
      is: [
        ['p1', 't1 above', 't2 above'],
        ['p2', 't3 above'],
      ],
    },
    {
      what: 'adapted, in its place',
      above: plan2025(),
      mine: own(adapted),
      is: [
        ['p1', 't1 above', 't2 adapted'],
        ['p2', 't3 above'],
      ],
    },
    {
      what: 'with one more in a phase',
      above: plan2025(),
      mine: own(added),
      is: [
        ['p1', 't1 above', 't2 above', 'x1 own'],
        ['p2', 't3 above'],
      ],
    },
    {
      what: 'what was adapted of a topic taken back stays, as its own',
      above: { ...plan2025(), phases: [phase('p1', topic('t1', '2025-03-10'))] },
      mine: own(adapted),
      is: [['p1', 't1 above', 't2 own']],
    },
    {
      what: 'in a phase of its own, where the other is gone',
      above: { ...plan2025(), phases: [phase('p9', topic('t9', '2025-03-10'))] },
      mine: own(added),
      is: [
        ['p9', 't9 above'],
        [ownPhase.id, 'x1 own'],
      ],
    },
    {
      what: 'its own alone, where nothing was handed down',
      above: undefined,
      mine: own(added),
      is: [[ownPhase.id, 'x1 own']],
    },
    { what: 'nothing', above: undefined, mine: undefined, is: [] },
  ])('$what', ({ above, mine, is }) => expect(shown(above, mine)).toEqual(is))

  test('shows how it differs from above', () => {
    const [first] = phasesOf(plan2025(), own(adapted))
    expect(first?.topics[1]).toMatchObject({ from: '2025-03-31', above: { from: '2025-03-24' } })
    expect(first?.topics[0]).not.toHaveProperty('above')
  })
})

describe('the topic of a day', () => {
  test.each([
    { day: '2025-03-09', is: undefined },
    { day: '2025-03-10', is: 't1' },
    { day: '2025-03-23', is: 't1' },
    { day: '2025-03-24', is: 't2' },
    { day: '2025-04-20', is: 't3' },
    { day: '2025-04-21', is: undefined },
  ])('$day: $is', ({ day, is }) => expect(topicOn(phasesOf(plan2025(), undefined), day)?.id).toBe(is))

  test('of several the one that began last, and of those the branch’s own', () => {
    const mine = own(
      { phaseId: 'p1', topic: topic('x1', '2025-03-17', 3) },
      { phaseId: 'p2', topic: topic('x2', '2025-03-24', 1) },
    )
    const on = (day: string) => topicOn(phasesOf(plan2025(), mine), day)?.id
    expect(['2025-03-16', '2025-03-17', '2025-03-20', '2025-03-24', '2025-03-25'].map(on)).toEqual([
      't1',
      'x1',
      't1',
      'x2',
      't2',
    ])
  })

  test('is one that is due that day, whenever any is', () => {
    const topics = fc.array(fc.tuple(fc.nat(360), fc.integer({ min: 1, max: 60 })), { maxLength: 12 })
    fc.assert(
      fc.property(topics, fc.nat(364), (spans, at) => {
        const all = spans.map(([from, days], index) => topic(`t${index}`, addDays('2025-01-01', from), days))
        const phases = phasesOf({ ...plan2025(), phases: [phase('p1', ...all)] }, undefined)
        const day = addDays('2025-01-01', at)
        const due = all.filter(({ from, until }) => from <= day && day <= until)
        const chosen = topicOn(phases, day)
        expect(chosen === undefined).toBe(due.length === 0)
        if (chosen === undefined) return
        expect(due.map(({ id }) => id)).toContain(chosen.id)
        expect(due.every(({ from }) => from <= chosen.from)).toBe(true)
      }),
    )
  })
})

describe('the draft and the plan that is handed down', () => {
  const above = organizationScope(association)
  const act = (branch: TestBranch, name: 'save-study-plan' | 'hand-down-plan', args: object, who = admin) =>
    branch.act(who, name, args, onlineAt('09:00'), above)
  const handedDown = (branch: TestBranch) => branch.records.get(above, 'study-plan', '2025')

  test('nobody below sees the draft before it is handed down, and it can be changed and handed down again', () => {
    const branch = new TestBranch()
    expect(act(branch, 'save-study-plan', { plan: plan2025() })).toBe('accepted')
    expect(handedDown(branch)).toBeUndefined()
    expect(act(branch, 'hand-down-plan', { year: 2025, version: 1 })).toBe('accepted')
    expect(handedDown(branch)).toEqual(plan2025(1))
    expect(act(branch, 'save-study-plan', { plan: { ...plan2025(1), title: '新的' } })).toBe('accepted')
    expect(handedDown(branch)?.title).toBe('二〇二五年学习计划')
    expect(act(branch, 'hand-down-plan', { year: 2025, version: 1 })).toBe('changed-meanwhile')
    expect(act(branch, 'hand-down-plan', { year: 2025, version: 2 })).toBe('accepted')
    expect(handedDown(branch)).toMatchObject({ title: '新的', version: 2 })
  })

  test.each([
    { what: 'seen in an older version', plan: plan2025(3), is: 'changed-meanwhile' },
    {
      what: 'two of one id',
      plan: { ...plan2025(), phases: [phase('a', topic('a', '2025-03-10'))] },
      is: 'malformed',
    },
    {
      what: 'that ends before it begins',
      plan: { ...plan2025(), phases: [phase('a', topic('b', '2025-03-10', -3))] },
      is: 'times-out-of-order',
    },
    {
      what: 'that reaches into another year',
      plan: { ...plan2025(), phases: [phase('a', topic('b', '2025-12-30', 9))] },
      is: 'times-out-of-order',
    },
    {
      what: 'without a title',
      plan: { ...plan2025(), phases: [phase('a', topic('b', '2025-03-10', 3, { title: ' ' }))] },
      is: 'malformed',
    },
  ])('$what → $is, and nothing changes', ({ plan, is }) => {
    const branch = new TestBranch()
    const before = branch.records.snapshot()
    expect(act(branch, 'save-study-plan', { plan })).toBe(is)
    expect(branch.records.snapshot()).toBe(before)
  })

  test('a plan without a topic is not handed down, and only the admin does either', () => {
    const branch = new TestBranch()
    expect(act(branch, 'hand-down-plan', { year: 2025, version: 0 })).toBe('nothing-planned')
    act(branch, 'save-study-plan', { plan: { ...plan2025(), phases: [phase('p1')] } })
    expect(act(branch, 'hand-down-plan', { year: 2025, version: 1 })).toBe('nothing-planned')
    for (const who of [inspector, zhouSecretary, linXiao]) {
      expect(act(branch, 'save-study-plan', { plan: plan2025(1) }, who)).toBe('not-allowed')
      expect(act(branch, 'hand-down-plan', { year: 2025, version: 1 }, who)).toBe('not-allowed')
    }
    expect(branch.records.list(deskScope(association), 'study-plan', '')).toHaveLength(1)
  })
})

describe('the branch’s own', () => {
  const keep = (branch: TestBranch, plan: BranchPlan, who = zhouSecretary) =>
    branch.act(who, 'keep-branch-plan', { plan }, onlineAt('09:00'))
  const added = { phaseId: 'p1', topic: topic('x1', '2025-03-17') }

  test('of two keepers who saw the same the second is told that it changed', () => {
    const branch = new TestBranch()
    expect(keep(branch, { year: 2025, topics: [added], version: 0 }, committeeMember)).toBe('accepted')
    expect(keep(branch, { year: 2025, topics: [], confirmed: 1, version: 0 })).toBe('changed-meanwhile')
    expect(keep(branch, { year: 2025, topics: [added], confirmed: 1, version: 1 })).toBe('accepted')
    expect(branch.records.get(branchScope(home), 'branch-plan', '2025')).toMatchObject({
      confirmed: 1,
      version: 2,
    })
  })

  test.each([
    { what: 'one topic twice', topics: [added, added], is: 'malformed' },
    {
      what: 'of another year',
      topics: [{ ...added, topic: topic('x1', '2024-03-17') }],
      is: 'times-out-of-order',
    },
  ])('$what → $is', ({ topics, is }) =>
    expect(keep(new TestBranch(), { year: 2025, topics, version: 0 })).toBe(is),
  )

  test('is not a member’s to keep', () =>
    expect(keep(new TestBranch(), { year: 2025, topics: [], version: 0 }, linXiao)).toBe('not-allowed'))
})

describe('how far a branch has come', () => {
  const about = (planTopicId: string, of: string, isClosed: boolean) => {
    const study = { ...openStudy(of), planTopicId }
    return isClosed
      ? closedWeek(home, study, [[linXiao, 'on-time']])
      : [{ scope: branchScope(home), type: 'weekly-study', key: of, value: study } as const]
  }

  test('counts studies and meetings about a topic, held and planned, and none that was called off', () => {
    const branch = new TestBranch()
    branch.records.apply([
      ...about('t1', '2025-W11', true),
      ...about('t1', '2025-W12', false),
      ...about('t2', '2025-W13', false),
    ])
    const meeting = { heldOn: monday, starts: '19:00', ends: '20:00', planTopicId: 't1' }
    branch.planned(meeting)
    const off = branch.planned({ ...meeting, starts: '21:00', ends: '22:00' })
    branch.act(zhouSecretary, 'cancel-meeting', { id: off, reason: '改期', version: 1 }, onlineAt('09:00'))
    expect(topicCounts(branch.records, home, 2025)).toEqual({
      t1: { held: 1, planned: 2 },
      t2: { held: 0, planned: 1 },
    })
    expect(topicCounts(branch.records, home, 2026)).toEqual({})
  })

  test.each<{ counts: { held: number; planned: number } | undefined; today: string; is: TopicState }>([
    { counts: undefined, today: '2025-03-09', is: 'ahead' },
    { counts: undefined, today: '2025-03-10', is: 'missing' },
    { counts: { held: 0, planned: 1 }, today: '2025-06-01', is: 'planned' },
    { counts: { held: 1, planned: 1 }, today: '2025-03-01', is: 'held' },
  ])('on $today with $counts: $is', ({ counts, today, is }) =>
    expect(stateOf(topic('t1', '2025-03-10'), counts, today)).toBe(is),
  )
})

describe('the study of a week', () => {
  const name = (branch: TestBranch, more: object) =>
    branch.act(
      zhouSecretary,
      'plan-weekly-study',
      { week, topic: '从科技发展看历史', place: '', version: branch.study().version, ...more },
      onlineAt('07:00'),
    )

  test('is about a topic of the plan, until it is named otherwise', () => {
    const branch = new TestBranch()
    name(branch, { planTopicId: 't1' })
    expect(branch.study()).toMatchObject({ planTopicId: 't1' })
    name(branch, { place: '实验室' }) // as a phone of before says it
    expect(branch.study()).toMatchObject({ planTopicId: 't1', place: '实验室' })
    name(branch, { topic: '别的' })
    expect(branch.study()).toMatchObject({ topic: '别的', planTopicId: undefined })
  })

  test('so is a meeting', () => {
    const branch = new TestBranch()
    const id = branch.planned({ planTopicId: 't1' })
    const { topic: words, heldOn } = branch.meeting(id)
    const change = (more: object) =>
      branch.act(
        zhouSecretary,
        'change-meeting',
        {
          ...{
            kind: 'collective-study',
            alsoCountsAs: [],
            topic: words,
            heldOn,
            starts: '14:00',
            ends: '16:00',
          },
          ...{ place: '', host: '', recorder: '', agenda: [], studyHours: 1 },
          ...{ id, version: branch.meeting(id).version, ...more },
        },
        onlineAt('07:00'),
      )
    expect(change({ place: '一楼' })).toBe('accepted')
    expect(branch.meeting(id)).toMatchObject({ planTopicId: 't1', place: '一楼' })
    expect(change({ topic: '别的' })).toBe('accepted')
    expect(branch.meeting(id).planTopicId).toBeUndefined()
  })
})
