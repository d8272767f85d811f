import { fireEvent, render, renderHook, screen } from '@testing-library/preact'
import type { CarePrompt } from '#domain/care'
import { addDays, instantOf, weekOf } from '#domain/day'
import type { RegisterLine } from '#domain/register'
import { CareView } from '#features/care/CareView'
import { factWords } from '#features/care/care-words'
import { useCare } from '#features/care/useCare'
import type { SignedIn } from '#workspace'
import { chenLi, committeeMember, home, linXiao, monday, TestBranch, zhouSecretary } from '../support/branch'
import { inWorkspace } from '../support/in-workspace'

const plain = new TestBranch().study()
const studies = (count: number) => {
  if (plain.state !== 'open') throw new Error('it is not open')
  return Array.from({ length: count }, (_, index) => {
    const heldOn = addDays(monday, 7 * (index - count + 1))
    return { ...plain, week: weekOf(heldOn), heldOn }
  })
}
const prompt = (count: number, more: Partial<CarePrompt> = {}): CarePrompt => ({
  memberId: chenLi,
  name: '陈力',
  missed: studies(count),
  declined: [],
  throughWeek: '2025-W11',
  suggestion: 'call',
  noted: undefined,
  ...more,
})
const nothing = {
  prompts: [],
  chosen: undefined,
  note: '',
  problem: undefined,
  onChoose: jest.fn(),
  onType: jest.fn(),
  onNote: jest.fn(),
}

test.each([
  [2, '3月3日、3月10日 两次没有来，也没有请假'],
  [3, '2月24日、3月3日、3月10日 三次没有来，也没有请假'],
])('the facts of %d are days', (count, words) => {
  expect(factWords(prompt(count))).toBe(words)
})

test('a leave that was not granted is not passed over', () => {
  expect(factWords(prompt(2, { declined: studies(1) }))).toBe(
    '3月3日、3月10日 两次没有来，其中3月10日请过假，没有准假',
  )
})

test('nobody to ask after', () => {
  render(<CareView {...nothing} />)
  expect(screen.getByText('没有需要提醒的')).toBeTruthy()
  expect(screen.queryByRole('button')).toBeNull()
})

test('says the facts, what might help, what was noted, and whose eyes it is for; no figure but the days', () => {
  const noted = {
    branchId: home,
    memberId: chenLi,
    throughWeek: '2025-W10',
    note: '老人住院',
    notedAt: instantOf('2025-03-05', '10:00'),
  }
  const other = prompt(4, { memberId: linXiao, name: '林晓', suggestion: 'visit' })
  const { container } = render(
    <CareView {...nothing} prompts={[prompt(3, { suggestion: 'talk', noted }), other]} />,
  )
  for (const words of ['只有支部书记能看到', '谈心谈话', '登门走访', '3月5日记下：老人住院'])
    expect(container.textContent).toContain(words)
  expect(container.textContent).not.toMatch(/严重|警告|违反|批评|%/)
  expect(screen.getAllByRole('button').map((each) => each.getAttribute('aria-label'))).toEqual([
    '已联系陈力，写一句',
    '已联系林晓，写一句',
  ])
})

test('a note needs words', () => {
  const onNote = jest.fn()
  const one = prompt(2)
  const sheet = { ...nothing, prompts: [one], chosen: one, onNote }
  const { rerender } = render(<CareView {...sheet} note="  " />)
  fireEvent.click(screen.getByRole('button', { name: '记下' }))
  expect(onNote).not.toHaveBeenCalled()
  rerender(<CareView {...sheet} note="家中有事" problem={{ code: 'not-on-roster' }} />)
  fireEvent.click(screen.getByRole('button', { name: '记下' }))
  expect(onNote).toHaveBeenCalledTimes(1)
  expect(screen.getByRole('status').textContent).toContain('不在本次应到名单中')
})

describe('whoever opens the page', () => {
  const line: RegisterLine = {
    week: '2025-W11',
    branchId: home,
    memberId: chenLi,
    standing: 'absent',
    via: 'closing',
    source: 'on-site',
    receivedAt: 0,
    isLateSync: false,
    isBackfilled: false,
    isAmended: false,
    version: 1,
  }

  /** Chen Li came to neither of two; this is the whole of the branch's records. */
  function signedIn(personId: typeof chenLi, submit = jest.fn()): SignedIn {
    const branch = new TestBranch()
    for (const study of studies(2)) {
      const { registerClosesAt: _, isReopened: __, ...kept } = study
      const tally = { expected: 1, 'on-time': 0, late: 0, excused: 0, absent: 1 }
      branch.records.apply([
        {
          scope: `branch:${home}`,
          type: 'weekly-study',
          key: study.week,
          value: {
            ...kept,
            state: 'closed',
            closedAt: 0,
            tally: { ...tally, unrecorded: 0, held: 0, madeUp: 0 },
          },
        },
        {
          scope: `review:${home}`,
          type: 'register',
          key: study.week,
          value: { week: study.week, state: 'closed', expected: [chenLi], version: 1 },
        },
        {
          scope: `review:${home}`,
          type: 'register-line',
          key: `${study.week}/${chenLi}`,
          value: { ...line, week: study.week },
        },
      ])
    }
    const { records } = branch
    const replica = {
      personId,
      now: () => instantOf(monday, '13:00'),
      get: records.get.bind(records),
      list: records.list.bind(records),
      submit,
    }
    return { replica } as unknown as SignedIn // what the hook asks of it
  }
  const workspace = inWorkspace({ watch: () => () => undefined, syncNow: () => undefined })
  const opened = (personId: typeof chenLi) =>
    renderHook(() => useCare(signedIn(personId), home), workspace).result.current

  test('the secretary is prompted, and what they note is recorded', () => {
    const submit = jest.fn().mockResolvedValue({ outcome: 'recorded', id: 1 })
    const here = signedIn(zhouSecretary, submit)
    const { result, rerender } = renderHook(() => useCare(here, home), workspace)
    result.current.onChoose(result.current.prompts[0])
    rerender()
    result.current.onType('已联系')
    rerender()
    result.current.onNote()
    const args = { memberId: chenLi, throughWeek: '2025-W11', note: '已联系' }
    expect(submit).toHaveBeenCalledWith('note-care', `branch:${home}`, args)
  })

  test.each([
    ['a committee member', committeeMember],
    ['a member', linXiao],
    ['the one it is about', chenLi],
  ])('%s finds nothing, with all the register in their copy', (_, personId) => {
    expect(opened(zhouSecretary).prompts).toHaveLength(1)
    expect(opened(personId).prompts).toEqual([])
  })
})
