import { act, fireEvent, render, renderHook, screen } from '@testing-library/preact'
import { branchScope, reviewScope } from '#domain/scopes'
import { isHeld } from '#domain/weekly-study'
import { CheckInCard, type CheckInScreen } from '#features/check-in/CheckInCard'
import type { OwnPartScreen } from '#features/check-in/OwnPart'
import { useCheckIn } from '#features/check-in/useCheckIn'
import { CodeView } from '#features/code/CodeView'
import { useCode } from '#features/code/useCode'
import { codeAt, newStudyCode } from '#server/study-codes'
import type { SignedIn } from '#workspace'
import { at, home, linXiao, TestBranch, week } from '../support/branch'
import { inWorkspace } from '../support/in-workspace'

const { secret } = newStudyCode(week)

/** A phone with the branch's records, as far as its screens ask. */
function phone({
  now = at('08:20'),
  hasCode = true,
  isFilled = true,
  isEmpty = false,
  isOnline = false,
} = {}) {
  const { records } = new TestBranch()
  if (hasCode)
    records.apply([{ scope: reviewScope(home), type: 'study-code', key: week, value: { week, secret } }])
  const clock = { now }
  const submit = jest.fn(async (..._given: unknown[]) => ({ outcome: 'recorded' }))
  const replica = {
    personId: linXiao,
    isFilled,
    now: () => clock.now,
    get: (...asked: Parameters<typeof records.get>) => (isEmpty ? undefined : records.get(...asked)),
    pending: () => [],
    submit,
  }
  const connection = isOnline ? 'online' : 'offline'
  return { clock, submit, signedIn: { replica, connection } as unknown as SignedIn }
}

const { records } = new TestBranch()
const planned = records.get(branchScope(home), 'weekly-study', week)
if (planned === undefined || !isHeld(planned)) throw new Error('the branch has no study this week')
const study = planned

describe('现场码, held up by a keeper', () => {
  test('six digits in two groups, read out one by one; the topic, the day, what is left and how it is used', () => {
    const { container } = render(
      <CodeView screen={{ state: 'shown', study, code: '012345', secondsLeft: 23 }} />,
    )
    const digits = screen.getByRole('img', { name: '现场码 0 1 2 3 4 5' })
    expect([...digits.children].map((group) => group.textContent)).toEqual(['012', '345'])
    expect(screen.getByRole('heading', { name: '从科技发展看历史' })).toBeTruthy()
    expect(screen.getByText('周汇朝学 · 3月10日 周一')).toBeTruthy()
    expect(screen.getByText('每 60 秒换一次 · 还有 23 秒')).toBeTruthy()
    expect(container.textContent).toContain('两边都不用联网。同志们在首页点「输入现场码」')
    expect(container.textContent).toContain('签到是自愿的')
  })

  test.each([
    { shown: { state: 'loading' }, says: '正在取现场码…' },
    { shown: { state: 'no-study' }, says: '这一周没有学习' },
    { shown: { state: 'upcoming', study }, says: '3月10日 周一 08:15 起出示现场码' },
    { shown: { state: 'ended' }, says: '本次签到已截止' },
    { shown: { state: 'no-code' }, says: '请连一次网' },
  ] as const)('$shown.state: $says', ({ shown, says }) => {
    const { container } = render(<CodeView screen={shown} />)
    expect(container.textContent).toContain(says)
    expect(screen.queryByRole('img')).toBeNull()
  })

  test.each([
    { when: '08:14', has: {}, state: 'upcoming' },
    { when: '08:15', has: {}, state: 'shown' },
    { when: '12:00', has: {}, state: 'shown' },
    { when: '12:01', has: {}, state: 'ended' },
    { when: '08:20', has: { hasCode: false }, state: 'no-code' },
    { when: '08:20', has: { hasCode: false, isFilled: false, isOnline: true }, state: 'loading' },
    { when: '08:20', has: { hasCode: false, isFilled: false }, state: 'no-code' },
    { when: '08:20', has: { isEmpty: true, isFilled: false, isOnline: true }, state: 'loading' },
    { when: '08:20', has: { isEmpty: true }, state: 'no-study' },
  ])('at $when with $has: $state', ({ when, has, state }) => {
    const { signedIn } = phone({ now: at(when), ...has })
    const { result } = renderHook(() => useCode(signedIn, home, week))
    expect(result.current.state).toBe(state)
  })

  test('turns by the clock of the server, second by second, to what the server knows', () => {
    jest.useFakeTimers({ now: 0 }) // what the phone itself believes is of no matter
    try {
      const start = at('08:20') - 1500
      const { clock, signedIn } = phone({ now: start })
      const { result } = renderHook(() => useCode(signedIn, home, week))
      const shown = [] as unknown[]
      for (const pause of [0, 500, 1000]) {
        clock.now += pause
        act(() => {
          jest.advanceTimersByTime(pause)
        })
        shown.push(result.current)
      }
      const [before, after] = [codeAt(secret, start), codeAt(secret, at('08:20'))]
      expect(shown).toMatchObject([
        { code: before, secondsLeft: 2 },
        { code: before, secondsLeft: 1 },
        { code: after, secondsLeft: 60 },
      ])
    } finally {
      jest.useRealTimers()
    }
  })
})

describe('输入现场码', () => {
  const nothing = () => undefined
  const own = (change: Partial<OwnPartScreen>): OwnPartScreen => ({
    gathering: study,
    phase: 'checking-in',
    isExpected: true,
    line: undefined,
    leave: undefined,
    canAskLeave: false,
    isWaiting: false,
    waitingSince: undefined,
    problem: undefined,
    sheet: undefined,
    onCheckIn: nothing,
    onTypeCode: nothing,
    onCheckInAnyway: nothing,
    onAskLeave: nothing,
    ...change,
  })
  const card = (change: Partial<OwnPartScreen> = {}): CheckInScreen => ({
    state: 'held',
    study,
    own: own(change),
  })
  const buttons = () => screen.queryAllByRole('button').map((each) => each.getAttribute('aria-label'))

  test('stands after 签到, which is whole without it', () => {
    const calls = { onCheckIn: jest.fn(), onTypeCode: jest.fn() }
    render(<CheckInCard screen={card(calls)} />)
    expect(buttons()).toEqual(['签到', '输入现场码'])
    fireEvent.click(screen.getByRole('button', { name: '签到' }))
    fireEvent.click(screen.getByRole('button', { name: '输入现场码' }))
    expect(calls.onCheckIn).toHaveBeenCalledTimes(1)
    expect(calls.onTypeCode).toHaveBeenCalledTimes(1)
  })

  test.each([
    { phase: 'upcoming' as const },
    { phase: 'ended' as const },
    { isExpected: false },
    { isWaiting: true },
    { leave: 'accepted' as const },
  ])('is not offered when there is nothing to check in to: %o', (change) => {
    render(<CheckInCard screen={card(change)} />)
    expect(buttons()).not.toContain('输入现场码')
  })

  test.each([
    { typed: '012345', given: '012345' },
    { typed: ' 012 345 ', given: '012345' },
    { typed: '０１２　３４５', given: '012345' },
    { typed: '', given: undefined },
    { typed: '01234', given: undefined },
    { typed: '0123456', given: undefined },
    { typed: '01234O', given: undefined },
  ])('「$typed」 gives $given', ({ typed, given }) => {
    const onConfirm = jest.fn()
    render(<CheckInCard screen={card({ sheet: { onConfirm, onCancel: nothing } })} />)
    const field = screen.getByRole('textbox', { name: '现场码' })
    expect(field.getAttribute('inputmode')).toBe('numeric')
    expect(screen.getByRole('dialog').textContent).toContain('不填也可以直接签到')
    fireEvent.change(field, { target: { value: typed } })
    fireEvent.click(screen.getByRole('button', { name: '用现场码签到' }))
    expect(onConfirm.mock.calls).toEqual(given === undefined ? [] : [[given]])
    expect(field.getAttribute('aria-invalid')).toBe(given === undefined ? 'true' : 'false')
    if (given !== undefined) return
    expect(screen.getByText(/现场码是六位数字/)).toBeTruthy()
    fireEvent.change(field, { target: { value: '1' } })
    expect(screen.queryByText(/现场码是六位数字/)).toBeNull()
  })

  test('records an ordinary check-in that brings the code along, and closes', async () => {
    const { signedIn, submit } = phone()
    const { result } = renderHook(
      () => useCheckIn(signedIn, home, nothing),
      inWorkspace({ syncNow: nothing }),
    )
    const held = () => {
      if (result.current.state !== 'held') throw new Error(result.current.state)
      return result.current.own
    }
    expect(held().sheet).toBeUndefined()
    act(() => held().onTypeCode())
    act(() => held().sheet?.onCancel())
    expect(held().sheet).toBeUndefined()
    act(() => held().onTypeCode())
    await act(async () => held().sheet?.onConfirm('012345'))
    expect(held().sheet).toBeUndefined()
    expect(submit.mock.calls).toEqual([['check-in', branchScope(home), { week, code: '012345' }]])
  })
})
