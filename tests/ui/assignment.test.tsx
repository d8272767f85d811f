import { act, fireEvent, render, renderHook, screen } from '@testing-library/preact'
import { branchId, personId } from '#domain/ids'
import { AssignmentView } from '#features/assignment/AssignmentView'
import { useAssignment } from '#features/assignment/useAssignment'
import type { SignedIn } from '#workspace'
import { inWorkspace } from '../support/in-workspace'

const here = branchId('branch-1')
const lin = personId('lin-xiao')
const people = [{ personId: lin, name: '林晓', membership: 'full', joining: { is: 'nothing' } }]
const branches = ['第一党支部', '第二党支部', '学会联合党支部'].map((name, index) => ({
  branchId: branchId(`branch-${index + 1}`),
  name,
  family: '机关',
  keepers: [],
}))
const now = Date.UTC(2025, 2, 10, 1)
const signedIn = { replica: { now: () => now } } as unknown as SignedIn

type Request = { method: string; path: string; body?: object }
function answering(posted: { is: 'done'; value: undefined } | { is: 'failed'; message: string }) {
  return jest.fn(async ({ method, path }: Request) => {
    if (method === 'POST') return posted
    return { is: 'done', value: path === '/v1/keepers' ? { branches } : { people } }
  })
}
const posts = (call: jest.Mock) =>
  call.mock.calls.map(([request]) => request).filter(({ method }) => method === 'POST')

async function opened(call: jest.Mock, member = lin) {
  const { result } = renderHook(() => useAssignment(signedIn, here, member), inWorkspace({ call }))
  await act(async () => undefined)
  return {
    ready() {
      if (result.current.state !== 'ready') throw new Error(result.current.state)
      return result.current
    },
    result,
  }
}

/** What it sets going has come to its end. */
const settled = (doing: () => void) =>
  act(async () => {
    doing()
    await new Promise((resolve) => setTimeout(resolve, 10))
  })

const done = { is: 'done', value: undefined } as const

test('an office is chosen, sent, and said to be saved', async () => {
  const call = answering(done)
  const { ready } = await opened(call)
  expect(ready()).toMatchObject({
    name: '林晓',
    branch: { name: '第一党支部' },
    role: 'none',
    chosen: 'none',
  })
  act(() => ready().onChoose('secretary'))
  await settled(() => ready().onAppoint())
  expect(posts(call)).toEqual([
    {
      method: 'POST',
      path: '/v1/people/appoint',
      body: { personId: lin, branchId: here, role: 'secretary' },
    },
  ])
  expect(ready().said).toBe('职务已保存')
})

test('the branch is sought by a part of its name, and the day as it is written', async () => {
  const call = answering(done)
  const { ready, result } = await opened(call)
  expect(ready().others.map((each) => each.name)).toEqual(['第二党支部', '学会联合党支部'])
  act(() => ready().onSeek(' 学会'))
  expect(ready().others).toHaveLength(1)
  act(() => ready().onTo(ready().others[0]))
  act(() => ready().onDay('某一天'))
  await settled(() => ready().onTransfer())
  expect(ready().onError).toMatch(/请写成/)
  expect(posts(call)).toEqual([])
  act(() => ready().onDay('3月3日'))
  expect(ready().isPast).toBe(true)
  await settled(() => ready().onTransfer())
  const body = { personId: lin, from: here, to: branchId('branch-3'), on: '2025-03-03' }
  expect(posts(call)).toEqual([{ method: 'POST', path: '/v1/people/transfer', body }])
  expect(result.current).toEqual({ state: 'moved', words: '已把林晓转到学会联合党支部' })
})

test('what the server refuses is said in its words, and nothing is taken as done', async () => {
  const { ready } = await opened(answering({ is: 'failed', message: '这位同志现在不在这个支部了' }))
  act(() => ready().onTo(ready().others[0]))
  await settled(() => ready().onTransfer())
  expect(ready()).toMatchObject({ problem: '这位同志现在不在这个支部了', to: { name: '第二党支部' } })
})

test('somebody who is not there, and a server that does not answer', async () => {
  const { result } = await opened(answering(done), personId('somebody'))
  expect(result.current).toEqual({ state: 'none' })
  const call = jest.fn(async () => ({ is: 'failed', message: '连不上服务器' }))
  const failed = await opened(call)
  expect(failed.result.current).toMatchObject({ state: 'failed', message: '连不上服务器' })
})

test('the sheet names who goes where, and what goes along', async () => {
  const { ready } = await opened(answering(done))
  act(() => ready().onTo(ready().others[0]))
  const onTo = jest.fn()
  render(<AssignmentView screen={{ ...ready(), onTo }} />)
  expect(screen.getByRole('dialog').textContent).toContain('把林晓转到第二党支部？')
  fireEvent.click(screen.getByRole('button', { name: '取消' }))
  expect(onTo).toHaveBeenCalledWith(undefined)
})
