import fc from 'fast-check'
import { personId } from '#domain/ids'
import { emptyMeetingForm, type MeetingForm, meetingFormFrom, planFrom } from '#domain/meeting-form'
import { type Minutes, noMinutes } from '#domain/minutes'
import { type MinutesForm, minutesFormFrom, writtenFrom } from '#domain/minutes-form'
import { TestBranch } from '../support/branch'

const today = '2025-03-10'
const form: MeetingForm = {
  ...emptyMeetingForm(today, '三楼会议室'),
  topic: '科普进社区',
  day: '3月12日',
  agenda: ' 重温入党誓词 \n\n党课',
  alsoCountsAs: ['party-class'],
}
const problemsOf = (more: Partial<MeetingForm>) => {
  const made = planFrom({ ...form, ...more }, today)
  return 'problems' in made ? Object.keys(made.problems) : []
}

describe('a meeting as it is typed', () => {
  test('becomes a plan', () => {
    expect(planFrom(form, today)).toEqual({
      plan: {
        kind: 'theme-day',
        alsoCountsAs: ['party-class'],
        topic: '科普进社区',
        heldOn: '2025-03-12',
        starts: '14:30',
        ends: '16:00',
        place: '三楼会议室',
        host: '',
        recorder: '',
        agenda: ['重温入党誓词', '党课'],
        studyHours: 1,
      },
    })
  })

  test.each([
    ['下周五', ['day']],
    ['2月30日', ['day']],
    ['2025-03-12', []],
    ['3.12', []],
  ])('the day %s', (day, problems) => {
    expect(problemsOf({ day })).toEqual(problems)
  })

  test.each<[Partial<MeetingForm>, string[]]>([
    [{ topic: '  ' }, ['topic']],
    [{ starts: '两点半' }, ['starts']],
    [{ starts: '1430', ends: '16：00' }, []],
    [{ starts: '16:00', ends: '16:00' }, ['ends']],
    [{ studyHours: '一' }, ['studyHours']],
    [{ studyHours: '一', kind: 'general-meeting', alsoCountsAs: [] }, []],
    [{ kind: 'committee-meeting' }, ['attends']],
    [{ kind: 'committee-meeting', attends: [personId('lin-xiao')] }, []],
    [{ agenda: Array.from({ length: 21 }, (_, at) => `第 ${at} 项`).join('\n') }, ['agenda']],
    [{ agenda: '很'.repeat(121) }, ['agenda']],
  ])('%j has its problems named: %j', (more, problems) => {
    expect(problemsOf(more)).toEqual(problems)
  })

  test('and a plan is typed the same again', () => {
    const branch = new TestBranch()
    const meeting = branch.meeting(branch.planned())
    const made = planFrom(meetingFormFrom(meeting), today)
    if ('problems' in made) throw new Error('it was not understood')
    expect(made.plan).toMatchObject({ topic: meeting.topic, heldOn: meeting.heldOn, agenda: meeting.agenda })
  })
})

const empty = minutesFormFrom(noMinutes('2025-W11'))
const read = (more: Partial<MinutesForm>) => {
  const made = writtenFrom({ ...empty, ...more }, 2025)
  return 'problems' in made ? made.problems : made.written
}

describe('minutes as they are typed', () => {
  test.each([
    ['林晓：谈了体会', [{ name: '林晓', words: '谈了体会' }]],
    [
      '林晓:谈了体会\n\n 陈立 ',
      [
        { name: '林晓', words: '谈了体会' },
        { name: '陈立', words: '' },
      ],
    ],
    ['林晓：时间：上午', [{ name: '林晓', words: '时间：上午' }]],
  ])('a speech: %j', (speeches, expected) => {
    expect(read({ speeches })).toMatchObject({ speeches: expected })
  })

  test.each([
    ['王工 市气象局', [{ name: '王工', from: '市气象局' }]],
    ['王工（市气象局）', [{ name: '王工', from: '市气象局' }]],
    ['王工，市气象局 预报科', [{ name: '王工', from: '市气象局 预报科' }]],
    ['王工', [{ name: '王工', from: '' }]],
  ])('a guest: %j', (guests, expected) => {
    expect(read({ guests })).toMatchObject({ guests: expected })
  })

  test.each([
    ['下月义诊，陈立，4月10日', { text: '下月义诊', owner: '陈立', due: '2025-04-10', isDone: false }],
    ['✓ 下月义诊，负责人：陈立', { text: '下月义诊', owner: '陈立', isDone: true }],
    [
      '先调研，再定方案，由支委会讨论以后报上级',
      { text: '先调研，再定方案，由支委会讨论以后报上级', owner: '', isDone: false },
    ],
    ['加强学习，改进作风', { text: '加强学习，改进作风', owner: '', isDone: false }],
    ['下月义诊', { text: '下月义诊', owner: '', isDone: false }],
  ])('a resolution: %j', (resolutions, expected) => {
    expect(read({ resolutions })).toMatchObject({ resolutions: [expected] })
  })

  test('what cannot be read is told by its line', () => {
    expect(read({ speeches: '林晓：好\n：没有姓名' })).toEqual({
      speeches: expect.stringContaining('第 2 行'),
    })
    expect(read({ guests: '很'.repeat(41) })).toEqual({ guests: expect.stringContaining('第 1 行') })
    expect(read({ speeches: Array(61).fill('林晓：好').join('\n') })).toHaveProperty('speeches')
  })

  test('whatever is kept is shown so that it is read the same again', () => {
    const word = fc.stringMatching(/^[一-龟]{2,8}$/)
    const minutes = fc.record<Partial<Minutes>>({
      content: word,
      speeches: fc.array(fc.record({ name: word, words: word }), { maxLength: 5 }),
      guests: fc.array(fc.record({ name: word, from: word }), { maxLength: 5 }),
      resolutions: fc.array(
        fc.record({
          text: fc.stringMatching(/^[一-龟]{9,20}$/),
          owner: word,
          due: fc.constantFrom('2025-04-10', '2026-01-31'),
          isDone: fc.boolean(),
        }),
        { maxLength: 5 },
      ),
    })
    fc.assert(
      fc.property(minutes, (some) => {
        const kept = { ...noMinutes('2025-W11'), ...some }
        const { of: _, votes: __, version: ___, ...written } = kept
        expect(writtenFrom(minutesFormFrom(kept), 2025)).toEqual({ written })
      }),
    )
  })

  test('nothing that is typed breaks it', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), fc.string(), (a, b) => {
        read({ speeches: `${a}\n${b}`, guests: `${b}\n${a}`, resolutions: `${a}，${b}` })
      }),
    )
  })
})
