import { act, fireEvent, render, renderHook, screen, waitFor } from '@testing-library/preact'
import { branchId } from '#domain/ids'
import { RosterDock, type RosterScreen, RosterView } from '#features/roster/RosterView'
import { useRoster } from '#features/roster/useRoster'
import type { RosterItem, RosterPreview } from '#protocol/roster'
import { inWorkspace } from '../support/in-workspace'

const none = { count: 0, items: [] }
const item = (row: number): RosterItem => ({
  row,
  name: `同志${row}`,
  number: `K-${row}`,
  branchName: '第三党支部',
  differences: ['职务：无 → 支部书记'],
})
const items = (count: number, travelling = count) => ({
  count,
  items: Array.from({ length: travelling }, (_, index) => item(index + 2)),
})
const problem = { row: 12, column: '编号', words: '“编号”没有填写，请补上，或删去本行' }
const preview = (more: Partial<RosterPreview> = {}): RosterPreview => ({
  id: 'upload-1234',
  notices: [],
  problems: none,
  newBranches: none,
  changedBranches: none,
  added: none,
  changed: none,
  transferred: none,
  left: none,
  unchanged: 0,
  notInFile: 0,
  ...more,
})

const screenOf = (more: Partial<RosterScreen> = {}): RosterScreen => ({
  isForBranch: false,
  isInWechat: false,
  step: { is: 'choosing' },
  problem: undefined,
  busyWith: undefined,
  isConfirming: false,
  onTemplate: jest.fn(),
  onPick: jest.fn(),
  onAskConfirm: jest.fn(),
  onConfirm: jest.fn(),
  onCancel: jest.fn(),
  onInvite: jest.fn(),
  ...more,
})
const previewed = (given: RosterPreview, more: Partial<RosterScreen> = {}) =>
  screenOf({ step: { is: 'previewed', fileName: '花名册.xlsx', preview: given }, ...more })

test.each([
  {
    file: 'every row can be taken',
    given: preview({ added: items(3) }),
    words: '每一行都读取了，请核对后确认',
    canConfirm: true,
  },
  {
    file: 'some rows cannot',
    given: preview({ added: items(3), problems: { count: 2, items: [problem] } }),
    words: '文件里有 2 处问题，这些行不会导入。其余的可以先导入，改好后再导入一次',
    canConfirm: true,
  },
  {
    file: 'none can',
    given: { ...preview({ problems: { count: 2, items: [problem] } }), id: undefined },
    words: '文件里有 2 处问题，没有可以导入的内容。请按下面的说明改好后重新选择',
    canConfirm: false,
  },
  {
    file: 'nothing would change',
    given: { ...preview({ unchanged: 3 }), id: undefined },
    words: '文件与现有名单一致，没有需要更改的内容',
    canConfirm: false,
  },
])('when $file', ({ given: { id, ...rest }, words, canConfirm }) => {
  const state = previewed(id === undefined ? rest : { id, ...rest })
  render(
    <>
      <RosterView screen={state} />
      <RosterDock screen={state} />
    </>,
  )
  expect(screen.getByText(words)).toBeTruthy()
  expect(screen.queryByRole('button', { name: '确认导入' }) !== null).toBe(canConfirm)
})

test('a problem names its row and column, and what to do', () => {
  render(<RosterView screen={previewed(preview({ problems: { count: 1, items: [problem] } }))} />)
  expect(screen.getByText('第 12 行 · 编号')).toBeTruthy()
  expect(screen.getByText('“编号”没有填写，请补上，或删去本行')).toBeTruthy()
})

test('each difference is shown, and who is not in the file stays as they are', () => {
  render(<RosterView screen={previewed(preview({ changed: items(1), notInFile: 4 }))} />)
  expect(screen.getByText('编号 K-2 · 第三党支部 · 职务：无 → 支部书记')).toBeTruthy()
  expect(screen.getByText('现有 4 人不在文件中，不作更改。')).toBeTruthy()
})

test('of a long list twenty are drawn, then twenty more; what did not travel is said', () => {
  const { container } = render(
    <RosterView screen={previewed(preview({ added: items(3000, 100), changed: items(45) }))} />,
  )
  const lines = () => container.querySelectorAll('.row').length
  expect(lines()).toBe(40)
  fireEvent.click(screen.getByRole('button', { name: '显示更多新增' }))
  expect(lines()).toBe(60)
  expect(screen.getByText('只列出前 100 项，共 3000 项。')).toBeTruthy()
  expect(Math.max(...[...container.querySelectorAll('*')].map((each) => each.children.length))).toBeLessThan(
    60,
  )
})

test('before writing it asks once more, in figures', () => {
  const given = preview({
    newBranches: { count: 2, items: [] },
    added: items(30),
    problems: { count: 1, items: [problem] },
  })
  const state = previewed(given, { isConfirming: true })
  render(<RosterView screen={state} />)
  expect(screen.getByText('新支部 2 个，新增 30 人。')).toBeTruthy()
  expect(screen.getByText('有问题的行不会导入。')).toBeTruthy()
  fireEvent.click(screen.getByRole('button', { name: '导入' }))
  expect(state.onConfirm).toHaveBeenCalledTimes(1)
})

test.each([
  { who: 'the admin', isForBranch: false, next: '支部与书记' },
  { who: 'a secretary', isForBranch: true, next: '成员与邀请' },
])('when it is written $who goes on to $next', ({ isForBranch, next }) => {
  const state = screenOf({ isForBranch, step: { is: 'done', done: { branches: 0, people: 30 } } })
  render(<RosterView screen={state} />)
  expect(screen.getByText('写入人员 30 人')).toBeTruthy()
  fireEvent.click(screen.getByRole('button', { name: new RegExp(next) }))
  expect(state.onInvite).toHaveBeenCalledTimes(1)
})

test('a secretary is told what is not theirs to import', () => {
  render(<RosterView screen={screenOf({ isForBranch: true })} />)
  expect(screen.getByText(/职务、支部名称和转支部由机关党委管理员导入/)).toBeTruthy()
})

describe('importing', () => {
  const file = { name: '花名册.xlsx', path: 'blob:1' }
  const hook = (answers: object[], { picked = [file as unknown], branch = '' } = {}) => {
    const call = jest.fn()
    for (const answer of answers) call.mockResolvedValueOnce(answer)
    const wrapped = inWorkspace({
      call,
      isInWechat: false,
      files: { pickSheet: async () => picked[0] },
      openFile: jest.fn(async () => '没有连上服务器，请检查网络后再试'),
    })
    const { result } = renderHook(
      () => useRoster(branch === '' ? undefined : branchId(branch), jest.fn()),
      wrapped,
    )
    return { result, call }
  }
  const asked = (call: jest.Mock) => call.mock.calls.map(([request]) => request)

  test('nothing is written until it is confirmed', async () => {
    const done = { branches: 1, people: 3 }
    const { result, call } = hook([
      { is: 'done', value: preview({ added: items(3) }) },
      { is: 'done', value: done },
    ])
    await act(async () => result.current.onPick())
    act(() => result.current.onAskConfirm())
    expect(asked(call)).toEqual([{ path: '/v1/rosters', file }])
    await act(async () => result.current.onConfirm())
    expect(asked(call)[1]).toEqual({
      method: 'POST',
      path: '/v1/rosters/confirm',
      body: { id: 'upload-1234' },
    })
    expect(result.current.step).toEqual({ is: 'done', done })
  })

  test('a secretary’s file and its confirmation name the branch', async () => {
    const answer = { is: 'done', value: preview({ added: items(1) }) }
    const { result, call } = hook([answer, { is: 'said', message: '没有连上服务器' }], {
      branch: 'branch-003',
    })
    await act(async () => result.current.onPick())
    await waitFor(() => expect(result.current.step.is).toBe('previewed'))
    await act(async () => result.current.onConfirm())
    expect(asked(call).map(({ path }) => path)).toEqual([
      '/v1/rosters?branch=branch-003',
      '/v1/rosters/confirm?branch=branch-003',
    ])
  })

  test('when the confirmation fails the preview stays, and how to find out is said', async () => {
    const { result } = hook([
      { is: 'done', value: preview({ added: items(1) }) },
      { is: 'said', message: '没有连上服务器，请检查网络后再试' },
    ])
    await act(async () => result.current.onPick())
    act(() => result.current.onAskConfirm())
    await act(async () => result.current.onConfirm())
    expect(result.current.step.is).toBe('previewed')
    expect(result.current.isConfirming).toBe(false)
    expect(result.current.problem).toBe(
      '没有连上服务器，请检查网络后再试。重新选择同一个文件，可以看到还有哪些没有导入',
    )
  })

  test('a file that cannot be read leads back to choosing', async () => {
    const { result } = hook([{ is: 'said', message: '这个文件读不出来' }])
    await act(async () => result.current.onPick())
    await waitFor(() =>
      expect(result.current).toMatchObject({ step: { is: 'choosing' }, problem: '这个文件读不出来' }),
    )
  })

  test('going back without choosing changes nothing; why none can be chosen is told', async () => {
    const without = hook([], { picked: [] })
    await act(async () => without.result.current.onPick())
    expect(without.result.current).toMatchObject({ step: { is: 'choosing' }, problem: undefined })
    expect(without.call).not.toHaveBeenCalled()
    const refused = hook([], { picked: ['请先同意'] })
    await act(async () => refused.result.current.onPick())
    expect(refused.result.current.problem).toBe('请先同意')
  })

  test('why the template did not open is told', async () => {
    const { result } = hook([])
    await act(async () => result.current.onTemplate())
    expect(result.current.problem).toBe('没有连上服务器，请检查网络后再试')
  })
})
