import { act, fireEvent, render, renderHook, screen, waitFor } from '@testing-library/preact'
import type { Gathering } from '#domain/gathering'
import { mostReminders } from '#domain/reminder'
import { isHeld } from '#domain/weekly-study'
import { BranchCalendarCard, useBranchCalendar } from '#features/reminders/BranchCalendarCard'
import { type RemindersScreen, RemindersView } from '#features/reminders/RemindersView'
import { useReminders } from '#features/reminders/useReminders'
import type { Reminding } from '#platform/reminding'
import type { SignedIn } from '#workspace'
import { at, home, linXiao, TestBranch } from '../support/branch'
import { inWorkspace } from '../support/in-workspace'

const templateId = 'ReminderTemplate_0123456789abcdefghijklmn'
const branch = new TestBranch({ place: '三楼会议室' })
const study = (): Gathering => {
  const found = branch.study()
  if (!isHeld(found)) throw new Error('it is not held')
  return found
}
type Ready = Extract<RemindersScreen, { state: 'ready' }>
const ready = (change: Partial<Ready> = {}): Ready => ({
  state: 'ready',
  minutesBefore: 60,
  told: undefined,
  wechat: { state: 'on', left: 2, isBusy: false, onAgree: jest.fn() },
  phone: { ahead: [study()], onAdd: jest.fn() },
  ...change,
})
const text = () => document.body.textContent ?? ''

describe('学习前提醒', () => {
  test('says plainly how many are left, and that nothing depends on it', () => {
    const onAgree = jest.fn()
    render(<RemindersView {...ready({ wechat: { state: 'on', left: 2, isBusy: false, onAgree } })} />)
    expect(screen.getByText('还可提醒 2 次')).toBeTruthy()
    expect(text()).toContain('没有开、没有收到，签到和登记都不受影响')
    expect(text()).toContain('开始前 60 分钟左右')
    fireEvent.click(screen.getByRole('button', { name: '学习前提醒我' }))
    expect(onAgree).toHaveBeenCalledTimes(1)
  })

  test.each([
    { wechat: { state: 'off' } as const, says: '机关党委还没有开通微信提醒' },
    { wechat: { state: 'unbound' } as const, says: '您没有用微信登录' },
  ])('$wechat.state says why not, and the calendar is still there', ({ wechat, says }) => {
    render(<RemindersView {...ready({ wechat })} />)
    expect(text()).toContain(says)
    expect(screen.queryByRole('button', { name: '学习前提醒我' })).toBeNull()
    expect(screen.getByRole('button', { name: '把3月10日 周一的周汇朝学写进手机日历' })).toBeTruthy()
  })

  test('outside WeChat neither is offered', () => {
    render(<RemindersView {...ready({ wechat: undefined, phone: undefined })} />)
    expect(text()).toContain('微信提醒只在微信小程序里有')
    expect(screen.queryByRole('button')).toBeNull()
  })

  test.each([
    { left: mostReminders - 1, isOff: 'false' },
    { left: mostReminders, isOff: 'true' },
  ])('with $left left it can be pressed: $isOff', ({ left, isOff }) => {
    render(<RemindersView {...ready({ wechat: { state: 'on', left, isBusy: false, onAgree: jest.fn() } })} />)
    const button = screen.getByRole('button', { name: '学习前提醒我' })
    expect(button.getAttribute('aria-disabled')).toBe(isOff)
  })

  test('without network says so and tries again', () => {
    const onAgain = jest.fn()
    render(<RemindersView state="failed" message="没有连上服务器，请检查网络后再试" onAgain={onAgain} />)
    fireEvent.click(screen.getByRole('button', { name: '再试一次' }))
    expect(onAgain).toHaveBeenCalledTimes(1)
  })

  test('nothing planned is said', () => {
    render(<RemindersView {...ready({ phone: { ahead: [], onAdd: jest.fn() } })} />)
    expect(text()).toContain('近期没有安排好的学习和会议')
  })
})

describe('what a tap does', () => {
  const replica = Object.assign(Object.create(branch.records), {
    personId: linXiao,
    now: () => at('07:00'),
  })
  const answer = (left: number, calendarLink?: object) => ({
    minutesBefore: 60,
    wechat: { templateId, left, isBound: true },
    ...(calendarLink === undefined ? {} : { calendarLink }),
  })
  const call = jest.fn()
  const agree = jest.fn()
  const addToCalendar = jest.fn()
  const reminding: Reminding = {
    inWechat: { agree, addToCalendar },
    addressOf: () => undefined,
    subscribe: undefined,
  }
  beforeEach(() => {
    jest.resetAllMocks()
    call.mockResolvedValue({ is: 'done', value: answer(1) })
  })
  const opened = async (platform = reminding) => {
    const { result } = renderHook(
      () => useReminders({ replica } as SignedIn, home),
      inWorkspace({ call, reminding: platform, newName: () => 'abcdefghijkl' }),
    )
    await waitFor(() => expect(result.current.state).toBe('ready'))
    return () => result.current as Ready
  }
  const wechatOn = (now: () => Ready) => {
    const { wechat } = now()
    if (wechat?.state !== 'on') throw new Error('it is not on')
    return wechat
  }

  test('agrees in WeChat at once, then tells the server, and counts what it says', async () => {
    const now = await opened()
    expect(wechatOn(now).left).toBe(1)
    agree.mockResolvedValue({ is: 'done' })
    call.mockResolvedValue({ is: 'done', value: answer(2) })
    await act(async () => wechatOn(now).onAgree())
    expect(agree).toHaveBeenCalledWith(templateId)
    expect(call).toHaveBeenLastCalledWith(
      { method: 'POST', path: '/v1/reminders', body: { id: 'abcdefghijkl', templateId } },
      expect.anything(),
    )
    await waitFor(() => expect(now().told).toEqual({ tone: 'ok', text: '已添加一次提醒' }))
    expect(wechatOn(now).left).toBe(2)
  })

  test('tells the server once more, by the same name, when it did not answer', async () => {
    const now = await opened()
    agree.mockResolvedValue({ is: 'done' })
    call.mockResolvedValueOnce({ is: 'said', message: '没有连上服务器' })
    call.mockResolvedValueOnce({ is: 'said', message: '没有连上服务器' })
    await act(async () => wechatOn(now).onAgree())
    const told = { tone: 'wait', text: '没有连上服务器。这一次没有记上' }
    await waitFor(() => expect(now().told).toEqual(told))
    const [, first, second] = call.mock.calls
    expect(first).toEqual(second)
    expect(wechatOn(now).left).toBe(1)
  })

  test('refused in WeChat tells nobody but them', async () => {
    const now = await opened()
    agree.mockResolvedValue({ is: 'said', message: '这次没有添加提醒' })
    await act(async () => wechatOn(now).onAgree())
    expect(call).toHaveBeenCalledTimes(1)
    await waitFor(() => expect(now().told).toEqual({ tone: 'wait', text: '这次没有添加提醒' }))
  })

  test('writes the next study into the phone’s calendar, with the signed page, and without once that failed', async () => {
    const link = { path: 'pages/home/index', signature: 'a'.repeat(64) }
    call.mockResolvedValue({ is: 'done', value: answer(0, link) })
    const now = await opened()
    const [next] = now().phone?.ahead ?? []
    if (next === undefined) throw new Error('nothing is ahead')
    addToCalendar.mockResolvedValueOnce({ is: 'said', message: '没有写进日历' })
    await act(async () => now().phone?.onAdd(next))
    await waitFor(() => expect(now().told).toEqual({ tone: 'wait', text: '没有写进日历' }))
    addToCalendar.mockResolvedValueOnce({ is: 'done' })
    await act(async () => now().phone?.onAdd(next))
    await waitFor(() => expect(now().told).toEqual({ tone: 'ok', text: '已写进手机日历' }))
    const event = {
      title: '周汇朝学',
      place: '三楼会议室',
      startsAt: at('08:30'),
      endsAt: at('09:30'),
      alarmMinutes: 60,
    }
    expect(addToCalendar.mock.calls).toEqual([
      [event, link],
      [event, undefined],
    ])
  })

  test('outside WeChat there is neither', async () => {
    const now = await opened({ ...reminding, inWechat: undefined })
    expect([now().wechat, now().phone]).toEqual([undefined, undefined])
  })
})

describe('订阅支部日历', () => {
  const address = 'https://study.example.org/v1/calendar/branch-1/x.ics'

  test('copies the address, says to whom it is, and hands it to the calendar app where there is a way', () => {
    const [onCopy, onSubscribe] = [jest.fn(), jest.fn()]
    render(<BranchCalendarCard {...{ address, told: undefined, onCopy, onSubscribe }} />)
    expect(text()).toContain('没有姓名和议题')
    expect(text()).toContain('请不要转给支部以外的人')
    fireEvent.click(screen.getByRole('button', { name: '复制订阅地址' }))
    fireEvent.click(screen.getByRole('button', { name: '在日历中订阅' }))
    expect([onCopy, onSubscribe].map(({ mock }) => mock.calls.length)).toEqual([1, 1])
  })

  const opened = (parts: object) =>
    renderHook(
      () => useBranchCalendar(home),
      inWorkspace({
        call: async () => ({ is: 'done', value: { path: '/v1/calendar/branch-1/x.ics' } }),
        ...parts,
      }),
    ).result

  test('is not there where no calendar app could reach the server', async () => {
    const result = opened({ reminding: { addressOf: () => undefined, subscribe: undefined } })
    await act(async () => undefined)
    expect(result.current).toBeUndefined()
  })

  test.each([
    { problem: undefined, told: { tone: 'ok', text: '已复制，请到日历里添加' } },
    { problem: '没有复制成功', told: { tone: 'wait', text: '没有复制成功' } },
  ])('copying it: $told.text', async ({ problem, told }) => {
    const copy = jest.fn(async () => problem)
    const reminding = {
      addressOf: (path: string) => `https://study.example.org${path}`,
      subscribe: undefined,
    }
    const result = opened({ reminding, files: { copy } })
    await waitFor(() => expect(result.current).toBeDefined())
    await act(async () => result.current?.onCopy())
    expect(copy).toHaveBeenCalledWith(address)
    await waitFor(() => expect(result.current?.told).toEqual(told))
  })
})
