import { act, fireEvent, render, renderHook, screen, waitFor } from '@testing-library/preact'
import { instantOf } from '#domain/day'
import { branchId, personId } from '#domain/ids'
import { type Invitee, invitationText, joiningChip } from '#features/people/joining-words'
import { type KeepersFilter, KeepersView, type KeptBranch } from '#features/people/KeepersView'
import { PeopleView } from '#features/people/PeopleView'
import { PersonSheet, type PersonSheetScreen } from '#features/people/PersonSheet'
import { usePersonSheet } from '#features/people/usePersonSheet'
import type { BranchPerson, Invitation, Joining } from '#protocol/people'
import { inWorkspace } from '../support/in-workspace'

const joined: Joining = { is: 'joined', isWechatBound: false }
const lin: BranchPerson = {
  personId: personId('lin-xiao'),
  name: '林晓',
  number: 'K-017',
  membership: 'full',
  joining: { is: 'nothing' },
}
const he: BranchPerson = {
  ...lin,
  personId: personId('he-qiulan'),
  name: '何秋岚',
  role: 'secretary',
  joining: joined,
}
const invitation: Invitation = {
  personId: lin.personId,
  name: '林晓',
  code: 'ABCD-EFGH-JKMN',
  expiresAt: instantOf('2026-11-30', '14:20'),
}

describe('how somebody stands', () => {
  test.each([
    [{ is: 'nothing' }, '未邀请'],
    [{ is: 'invited', until: instantOf('2026-11-30', '24:00') - 1 }, '已发邀请（至 11月30日）'],
    [{ is: 'invited', until: instantOf('2026-11-30', '24:00') }, '已发邀请（至 12月1日）'],
    [joined, '已加入'],
    [{ is: 'joined', isWechatBound: true }, '已加入 · 微信'],
  ] as const)('%j → %s', (joining, words) => {
    expect(joiningChip(joining).label).toBe(words)
  })
})

describe('the text of an invitation', () => {
  test('says who, the code, how, and how long it is good', () => {
    expect(invitationText({ ...invitation, link: 'https://study.example.org/#/x' })).toBe(
      [
        '林晓同志：请登录「周汇朝学」。',
        '邀请码 ABCD-EFGH-JKMN',
        '打开「周汇朝学」，点「登录」，填写邀请码；或直接打开 https://study.example.org/#/x',
        '11月30日 周一 14:20 前有效，只能使用一次，请勿转发。',
      ].join('\n'),
    )
  })

  test('without a link it tells how to type the code', () => {
    expect(invitationText(invitation)).toContain('点「登录」，填写邀请码。\n')
    expect(invitationText(invitation)).not.toMatch(/http|undefined|[!！]/)
  })
})

const sheetOf = (person: Invitee, more: Partial<PersonSheetScreen> = {}): PersonSheetScreen => ({
  person,
  step: { is: 'looking' },
  ways: [],
  busy: false,
  problem: undefined,
  said: undefined,
  onInvite: jest.fn(),
  onCopy: jest.fn(),
  onSavePicture: jest.fn(),
  onAskUnbind: jest.fn(),
  onUnbind: jest.fn(),
  onKeep: jest.fn(),
  onClose: jest.fn(),
  ...more,
})

describe('the sheet of one person', () => {
  test.each([
    [{ is: 'nothing' }, '发邀请'],
    [{ is: 'invited', until: 0 }, '重新发邀请'],
    [joined, '重新发邀请'],
  ] as const)('%j offers %s', (joining, label) => {
    const sheet = sheetOf({ ...lin, joining })
    render(<PersonSheet sheet={sheet} />)
    fireEvent.click(screen.getByRole('button', { name: label }))
    expect(sheet.onInvite).toHaveBeenCalledTimes(1)
  })

  test('a code that somebody showed again: what happened and what to do, here only', () => {
    const joining: Joining = { is: 'joined', isWechatBound: true, claimedAgainAt: 1 }
    const { unmount } = render(<PersonSheet sheet={sheetOf({ ...lin, joining })} />)
    const notice = screen.getByText(/有人再次使用了这个邀请码/)
    expect(notice.textContent).toContain('请先解除绑定，再重新发邀请')
    expect(notice.closest('.notice')?.className).toContain('notice-wait')
    unmount()
    render(<PersonSheet sheet={sheetOf({ ...lin, joining: joined })} />)
    expect(screen.queryByText(/有人再次使用了这个邀请码/)).toBeNull()
  })

  test('asks before unbinding, and says what stays', () => {
    const sheet = sheetOf({ ...lin, joining: joined }, { step: { is: 'unbinding' } })
    render(<PersonSheet sheet={sheet} />)
    expect(screen.getByText(/在所有设备上退出.*需要重新邀请.*登记不受影响/)).toBeTruthy()
    expect(sheet.onUnbind).not.toHaveBeenCalled()
    fireEvent.click(screen.getByRole('button', { name: '解除绑定' }))
    expect(sheet.onUnbind).toHaveBeenCalledTimes(1)
  })

  test('an invitation shows its code, how long it is good and that it is for one person', () => {
    render(<PersonSheet sheet={sheetOf(lin, { step: { is: 'invited', invitation } })} />)
    expect(screen.getByText('ABCD-EFGH-JKMN')).toBeTruthy()
    expect(screen.getByText('11月30日 周一 14:20 前有效。只能使用一次，请单独发给本人。')).toBeTruthy()
    expect(screen.queryByRole('button', { name: '保存图片' })).toBeNull()
  })

  test('a picture, where there is one, can be kept', () => {
    const picture = 'data:image/png;base64,AAAA'
    const sheet = sheetOf(lin, { step: { is: 'invited', invitation: { ...invitation, picture } } })
    render(<PersonSheet sheet={sheet} />)
    expect(screen.getByRole('img', { name: '邀请的图片，用微信扫一扫打开' })).toBeTruthy()
    fireEvent.click(screen.getByRole('button', { name: '保存图片' }))
    expect(sheet.onSavePicture).toHaveBeenCalledTimes(1)
  })
})

describe('成员与邀请', () => {
  const ready = (people: readonly BranchPerson[], onOpen = jest.fn()) => (
    <PeopleView screen={{ state: 'ready', people, onOpen, onRoster: jest.fn() }} sheet={undefined} />
  )

  test('says of each person what they are and how they stand, and counts nobody', () => {
    const onOpen = jest.fn()
    const { container } = render(ready([he, lin], onOpen))
    expect(screen.getByText('编号 K-017 · 正式党员 · 支部书记')).toBeTruthy()
    expect(screen.getByText('未邀请')).toBeTruthy()
    expect(container.textContent).not.toMatch(/\d+ ?人|\d+ ?[/／] ?\d+|%|共 ?\d/)
    fireEvent.click(screen.getByRole('button', { name: /林晓/ }))
    expect(onOpen).toHaveBeenCalledWith(lin)
  })

  test('a code to be looked into is told in the line too', () => {
    render(ready([{ ...lin, joining: { is: 'joined', isWechatBound: false, claimedAgainAt: 1 } }]))
    expect(screen.getByText('编号 K-017 · 正式党员 · 邀请码需要核实')).toBeTruthy()
  })

  test('an empty branch says where people come from', () => {
    render(ready([]))
    expect(screen.getByText('支部里还没有成员')).toBeTruthy()
    expect(screen.getByRole('button', { name: '从花名册导入' })).toBeTruthy()
  })

  test('when the list cannot be had, a code that was just told stays', () => {
    const onRetry = jest.fn()
    render(
      <PeopleView
        screen={{ state: 'failed', message: '没有连上服务器，请检查网络后再试', onRetry }}
        sheet={sheetOf(lin, { step: { is: 'invited', invitation } })}
      />,
    )
    expect(screen.getByText('ABCD-EFGH-JKMN')).toBeTruthy()
    fireEvent.click(screen.getByRole('button', { name: '重试' }))
    expect(onRetry).toHaveBeenCalledTimes(1)
  })
})

describe('支部与书记', () => {
  const kept = (index: number, more: Partial<KeptBranch> = {}): KeptBranch => ({
    branchId: branchId(`branch-${index}`),
    name: `第${index}党支部`,
    family: index <= 25 ? '机关' : '科技社团',
    keepers: [{ ...he, personId: personId(`secretary-${index}`) }],
    ...more,
  })
  const branches = Array.from({ length: 110 }, (_, index) => kept(index + 1))
  const shown = (list: readonly KeptBranch[], sought = '', filter: KeepersFilter = 'all') => {
    const handlers = {
      onSeek: jest.fn(),
      onFilter: jest.fn(),
      onOpen: jest.fn(),
      onBranch: jest.fn(),
      onRoster: jest.fn(),
    }
    const state = { state: 'ready' as const, branches: list, sought, filter, ...handlers }
    return { handlers, ...render(<KeepersView screen={state} sheet={undefined} />) }
  }

  test('of 110 branches twenty of each family are drawn, and then twenty more', () => {
    const { container } = shown(branches)
    const lines = () => container.querySelectorAll('.row').length
    expect(lines()).toBe(40)
    fireEvent.click(screen.getByRole('button', { name: '显示更多科技社团' }))
    expect(lines()).toBe(60)
    fireEvent.click(screen.getByRole('button', { name: '显示更多机关' }))
    expect(lines()).toBe(65)
    expect(screen.queryByRole('button', { name: '显示更多机关' })).toBeNull()
    const children = [...container.querySelectorAll('*')].map((each) => each.children.length)
    expect(Math.max(...children)).toBeLessThanOrEqual(60)
  })

  test('finds a branch by a part of its name', () => {
    const { container } = shown(branches, ' 第107 ')
    expect(container.querySelectorAll('.row')).toHaveLength(1)
    expect(screen.getByText('第107党支部')).toBeTruthy()
  })

  test('a branch without a secretary says so, even when it has a committee', () => {
    const member = { ...he, role: 'committee-member' as const }
    const { handlers } = shown([kept(1, { keepers: [member] }), kept(2)], '', 'all')
    expect(screen.getByText('尚无书记，点此选一位', { selector: '.row-detail' })).toBeTruthy()
    fireEvent.click(screen.getByRole('button', { name: /支部委员 何秋岚/ }))
    expect(handlers.onOpen).toHaveBeenCalledWith(member, branchId('branch-1'))
    fireEvent.click(screen.getByRole('button', { name: '用花名册设置书记' }))
    expect(handlers.onRoster).toHaveBeenCalledTimes(1)
  })

  test.each([
    ['without-secretary', '第1党支部'],
    ['to-invite', '第2党支部'],
  ] as const)('%s shows %s alone', (filter, name) => {
    const list = [
      kept(1, { keepers: [] }),
      kept(2, { keepers: [{ ...he, joining: { is: 'nothing' } }] }),
      kept(3),
    ]
    shown(list, '', filter)
    expect(screen.getAllByText(/党支部$/).map((each) => each.textContent)).toEqual([name])
  })

  test('before anything was imported it says what to do', () => {
    shown([])
    expect(screen.getByText('还没有支部')).toBeTruthy()
    expect(screen.getByRole('button', { name: '花名册导入' })).toBeTruthy()
  })
})

describe('inviting', () => {
  const hook = (call: jest.Mock, files: object = {}) => {
    const onChanged = jest.fn()
    const { result } = renderHook(
      () => usePersonSheet(he.personId, onChanged, () => []),
      inWorkspace({ call, files }),
    )
    return { result, onChanged }
  }

  test('the code goes into the sheet, and its text to the clipboard', async () => {
    const copy = jest.fn(async (_text: string): Promise<string | undefined> => undefined)
    const { result, onChanged } = hook(jest.fn().mockResolvedValue({ is: 'done', value: invitation }), {
      copy,
    })
    act(() => result.current.open(lin))
    act(() => result.current.sheet?.onInvite())
    await waitFor(() => expect(result.current.sheet?.step).toEqual({ is: 'invited', invitation }))
    expect(onChanged).toHaveBeenCalledTimes(1)
    await act(async () => result.current.sheet?.onCopy())
    expect(copy).toHaveBeenCalledWith(invitationText(invitation))
    expect(result.current.sheet?.said).toBe('已复制，请粘贴到与本人的聊天里')
  })

  test('an answer that comes when another person’s sheet is open goes nowhere', async () => {
    let answer: (called: object) => void = () => undefined
    const { result } = hook(jest.fn().mockReturnValue(new Promise((resolve) => (answer = resolve))))
    act(() => result.current.open(lin))
    act(() => result.current.sheet?.onInvite())
    act(() => result.current.open({ ...lin, personId: personId('chen-li'), name: '陈立' }))
    await act(async () => answer({ is: 'done', value: invitation }))
    expect(result.current.sheet?.person.name).toBe('陈立')
    expect(result.current.sheet?.step).toEqual({ is: 'looking' })
  })

  test('a failure is told in the sheet, and nothing is said to have changed', async () => {
    const { result, onChanged } = hook(jest.fn().mockResolvedValue({ is: 'said', message: '没有连上服务器' }))
    act(() => result.current.open(lin))
    await act(async () => result.current.sheet?.onInvite())
    expect(result.current.sheet).toMatchObject({ problem: '没有连上服务器', busy: false })
    expect(onChanged).not.toHaveBeenCalled()
  })

  test.each([
    { who: '林晓, who has not been invited', person: lin, canUnbind: false },
    { who: '林晓, who is in', person: { ...lin, joining: joined }, canUnbind: true },
    { who: 'oneself', person: he, canUnbind: false },
  ])('$who can be unbound: $canUnbind', ({ person, canUnbind }) => {
    const { result } = hook(jest.fn())
    act(() => result.current.open(person))
    expect(result.current.sheet?.onAskUnbind !== undefined).toBe(canUnbind)
  })

  test('after unbinding they can be invited anew', async () => {
    const call = jest.fn().mockResolvedValue({ is: 'done', value: undefined })
    const { result, onChanged } = hook(call)
    act(() => result.current.open({ ...lin, joining: joined }))
    act(() => result.current.sheet?.onAskUnbind?.())
    expect(call).not.toHaveBeenCalled()
    await act(async () => result.current.sheet?.onUnbind())
    expect(call.mock.calls[0]?.[0]).toEqual({
      method: 'POST',
      path: '/v1/people/unbind',
      body: { personId: lin.personId },
    })
    expect(result.current.sheet).toMatchObject({
      person: { joining: { is: 'nothing' } },
      step: { is: 'looking' },
      ways: [],
      said: '已解除绑定，本人已在所有设备上退出',
    })
    expect(onChanged).toHaveBeenCalledTimes(1)
  })
})
