import { homeCard, meetingCard } from '#domain/share'
import { gatheringsAhead, studyAhead } from '#domain/upcoming'
import { isHeld } from '#domain/weekly-study'
import { at, chenLi, home, linXiao, onlineAt, plan, TestBranch, zhouSecretary } from '../support/branch'

const notify = (branch: TestBranch, id: string) =>
  branch.act(zhouSecretary, 'notify-meeting', { id, version: 1 }, onlineAt('07:10'))

describe('a card', () => {
  test('of home has the time of the next study', () => {
    const study = studyAhead(new TestBranch().records, home, at('08:00'))
    expect(homeCard(study)).toEqual({
      title: '周汇朝学 · 3月10日 08:30',
      path: '/pages/home/index',
      imageUrl: '/share-card.png',
    })
    expect(homeCard(undefined).title).toBe('周汇朝学')
  })

  test('of a meeting has its kind and time, and nothing of what it is about or of anybody', () => {
    const branch = new TestBranch()
    const id = branch.planned({ topic: '讨论林晓同志转正' })
    const card = meetingCard(home, branch.meeting(id))
    expect(card).toEqual({
      title: '支部党员大会 · 3月10日 14:00',
      path: `/packages/meetings/meeting/index?branch=${home}&id=${id}`,
      imageUrl: '/share-card.png',
    })
    for (const words of ['林晓', plan.host, plan.recorder, plan.place])
      expect(JSON.stringify(card)).not.toContain(words)
  })

  test('of one that was cancelled says so; of none leads home', () => {
    const branch = new TestBranch()
    const id = branch.planned()
    const reason = '会议室占用'
    expect(branch.act(zhouSecretary, 'cancel-meeting', { id, reason, version: 1 }, onlineAt('07:10'))).toBe(
      'accepted',
    )
    expect(meetingCard(home, branch.meeting(id)).title).toBe('支部党员大会 · 已取消')
    expect(meetingCard(home, undefined)).toEqual(homeCard(undefined))
  })
})

describe('what is ahead', () => {
  test.each([
    { clock: '08:29', is: true },
    { clock: '08:30', is: false },
  ])('this week’s study at $clock: $is', ({ clock, is }) => {
    const study = studyAhead(new TestBranch().records, home, at(clock))
    expect(study !== undefined && isHeld(study)).toBe(is)
  })

  test('the study and the meetings that they were told of and are for them, soonest first', () => {
    const branch = new TestBranch()
    const id = branch.planned({ kind: 'group-meeting', attends: [linXiao] } as Partial<typeof plan>)
    const ahead = (who: typeof linXiao, clock: string) =>
      gatheringsAhead(branch.records, who, home, at(clock)).map((each) =>
        'week' in each ? each.week : each.id,
      )
    expect(ahead(linXiao, '08:00')).toEqual(['2025-W11'])
    expect(notify(branch, id)).toBe('accepted')
    expect(ahead(linXiao, '08:00')).toEqual(['2025-W11', id])
    expect(ahead(linXiao, '08:30')).toEqual([id])
    expect(ahead(linXiao, '14:00')).toEqual([])
    expect(ahead(chenLi, '08:00')).toEqual(['2025-W11'])
  })

  test('nothing for who is not expected', () => {
    const branch = new TestBranch()
    branch.enrol(linXiao, { exempt: [{ from: '2025-01-01' }] })
    expect(gatheringsAhead(branch.records, linXiao, home, at('08:00'))).toEqual([])
  })
})
