import { fireEvent, render, screen } from '@testing-library/preact'
import { Chip } from '#ui/Chip'
import { Empty } from '#ui/Empty'
import { Figures } from '#ui/Figures'
import { Loading } from '#ui/Loading'
import { Meta } from '#ui/Meta'
import { Notice } from '#ui/Notice'
import { Progress } from '#ui/Progress'
import { Rates } from '#ui/Rates'
import { Recorded } from '#ui/Recorded'

test.each(['neutral', 'ok', 'wait', 'red'] as const)('a %s chip says its word', (tone) => {
  render(<Chip tone={tone} label="请假" />)
  expect(screen.getByText('请假').className).toBe(`chip chip-${tone}`)
})

test.each(['neutral', 'ok', 'wait', 'red'] as const)('a %s notice is announced', (tone) => {
  render(<Notice tone={tone} text="当前没有网络，您可以照常使用" />)
  expect(screen.getByRole('status').textContent).toBe('当前没有网络，您可以照常使用')
})

test('a notice may offer one thing to do', () => {
  const onPress = jest.fn()
  render(
    <Notice tone="red" action={{ label: '查看', onPress }}>
      1 条记录没有被接受
    </Notice>,
  )
  fireEvent.click(screen.getByRole('button', { name: '查看' }))
  expect(onPress).toHaveBeenCalledTimes(1)
})

test.each([
  { tone: 'ok', mark: '✓' },
  { tone: 'wait', mark: '…' },
] as const)('recorded ($tone) is announced; its mark is for the eye only', ({ tone, mark }) => {
  render(<Recorded tone={tone} title="已记录在本机" detail="联网后自动送达" />)
  expect(screen.getByRole('status').textContent).toContain('已记录在本机联网后自动送达')
  expect(screen.getByText(mark).closest('[aria-hidden="true"]')).toBeTruthy()
})

test('figures are read as one sentence', () => {
  const items = [
    { label: '应到', value: 42 },
    { label: '到会', value: 31 },
  ]
  render(<Figures items={items} />)
  expect(screen.getByRole('img', { name: '应到 42，到会 31' })).toBeTruthy()
})

test('rates stay fractions, and of nobody there is none', () => {
  const items = [
    { label: '到会率', numerator: 33, denominator: 42 },
    { label: '参学率', numerator: 0, denominator: 0 },
  ]
  render(<Rates items={items} />)
  expect(screen.getByText('33/42')).toBeTruthy()
  expect(screen.getByText('—')).toBeTruthy()
})

test.each([
  { value: 0.62, percent: '62' },
  { value: 1.4, percent: '100' },
  { value: -1, percent: '0' },
])('progress of $value is $percent percent', ({ value, percent }) => {
  render(<Progress label="读到" value={value} />)
  expect(screen.getByRole('progressbar', { name: '读到' }).getAttribute('aria-valuenow')).toBe(percent)
})

test('an empty list says what will come, and what to do', () => {
  const onPress = jest.fn()
  render(<Empty title="还没有话题" detail="支部发起后会出现在这里" action={{ label: '看看往期', onPress }} />)
  expect(screen.getByText('支部发起后会出现在这里')).toBeTruthy()
  fireEvent.click(screen.getByRole('button', { name: '看看往期' }))
  expect(onPress).toHaveBeenCalledTimes(1)
})

test('loading is announced', () => {
  render(<Loading />)
  expect(screen.getByRole('status').textContent).toBe('正在打开…')
})

test('secondary text is text', () => {
  render(<Meta text="领学 周明远" />)
  expect(screen.getByText('领学 周明远').className).toBe('meta')
})
