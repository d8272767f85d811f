import { act, fireEvent, render, renderHook, screen } from '@testing-library/preact'
import { LineView } from '#features/register/LineView'
import { useLine } from '#features/register/useLine'
import type { SignedIn } from '#workspace'
import { at, home, linXiao, TestBranch, week, zhouSecretary } from '../support/branch'
import { inWorkspace } from '../support/in-workspace'

function opened() {
  const branch = new TestBranch()
  const submit = jest.fn(async (..._given: unknown[]) => ({ outcome: 'recorded' }))
  const replica = {
    personId: zhouSecretary,
    now: () => at('09:00'),
    get: (...asked: Parameters<typeof branch.records.get>) => branch.records.get(...asked),
    list: (...asked: Parameters<typeof branch.records.list>) => branch.records.list(...asked),
    authority: () => branch.authority(zhouSecretary, at('09:00')),
    submit,
  }
  const signedIn = { replica, connection: 'online' } as unknown as SignedIn
  const { result } = renderHook(
    () => useLine(signedIn, home, week, linXiao),
    inWorkspace({ watch: () => () => undefined, syncNow: () => undefined }),
  )
  const ready = () => {
    if (result.current.state !== 'ready') throw new Error(result.current.state)
    return result.current
  }
  const reasons = () => submit.mock.calls.map(([, , args]) => (args as { reason?: string }).reason)
  return { ready, reasons }
}

test.each([
  { agent: ' 罗一鸣 ', words: '出差在途', reason: '由罗一鸣代为说明：出差在途' },
  { agent: '罗一鸣', words: ' ', reason: '由罗一鸣代为说明' },
  { agent: '', words: '当面说明', reason: '当面说明' },
  { agent: ' ', words: '', reason: undefined },
])('told by 「$agent」 「$words」 the change keeps: $reason', async ({ agent, words, reason }) => {
  const { ready, reasons } = opened()
  act(() => ready().onToldBy({ agent }))
  act(() => ready().onToldBy({ words }))
  await act(async () => {
    ready().onRecord('excused')
    await new Promise((resolve) => setTimeout(resolve, 10))
  })
  expect(reasons()).toEqual([reason])
  expect(ready().toldBy).toBeUndefined()
})

test('nobody has to say who told it', async () => {
  const { ready, reasons } = opened()
  const { rerender } = render(<LineView screen={ready()} />)
  expect(screen.queryByRole('textbox')).toBeNull()
  fireEvent.click(screen.getByRole('button', { name: '由别的同志代为说明' }))
  rerender(<LineView screen={ready()} />)
  expect(screen.getAllByRole('textbox')).toHaveLength(2)
  await act(async () => ready().onRecord('on-time'))
  expect(reasons()).toEqual([undefined])
})
