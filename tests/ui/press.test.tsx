import { fireEvent, render, screen } from '@testing-library/preact'
import { useState } from 'react'
import { Button } from '#ui/Button'
import { Choice } from '#ui/Choice'
import { Row } from '#ui/Row'
import { Segments } from '#ui/Segments'
import { Switch } from '#ui/Switch'

describe('Button', () => {
  test('is pressed by a tap, Enter and Space, and once while a key is held', () => {
    const onPress = jest.fn()
    render(<Button kind="main" label="签到" onPress={onPress} />)
    const button = screen.getByRole('button', { name: '签到' })

    fireEvent.click(button)
    fireEvent.keyDown(button, { key: 'Enter' })
    fireEvent.keyDown(button, { key: ' ' })
    fireEvent.keyDown(button, { key: ' ', repeat: true })
    fireEvent.keyDown(button, { key: 'a' })

    expect(onPress).toHaveBeenCalledTimes(3)
    expect(button.tabIndex).toBe(0)
  })

  test.each([{ disabled: true }, { busy: true }])('%p does nothing and says so', (state) => {
    const onPress = jest.fn()
    render(<Button label="签到" onPress={onPress} {...state} />)
    const button = screen.getByRole('button', { name: '签到' })

    fireEvent.click(button)
    fireEvent.keyDown(button, { key: 'Enter' })

    expect(onPress).not.toHaveBeenCalled()
    expect(button.getAttribute('aria-disabled')).toBe('true')
    expect(button.getAttribute('aria-busy')).toBe(state.busy ? 'true' : 'false')
  })

  test.each(['main', 'quiet', 'plain', 'danger'] as const)('looks %s', (kind) => {
    render(<Button label="撤回" kind={kind} onPress={jest.fn()} hint="会留下痕迹" />)
    expect(screen.getByRole('button', { name: '撤回' }).className).toContain(`button-${kind}`)
    expect(screen.getByText('会留下痕迹')).toBeTruthy()
  })
})

describe('Row', () => {
  test('is only a line when nothing happens on pressing it', () => {
    render(<Row title="3月29日" detail="08:26" chip={{ tone: 'ok', label: '到会' }} />)
    expect(screen.queryByRole('button')).toBeNull()
    expect(screen.getByText('到会').className).toContain('chip-ok')
  })

  test('when pressed is a button that says the whole line', () => {
    const onPress = jest.fn()
    render(<Row title="赵启航" detail="当日未联网" chip={{ label: '查看' }} aside="昨晚" onPress={onPress} />)
    fireEvent.click(screen.getByRole('button', { name: /^赵启航\s*当日未联网\s*查看\s*昨晚$/ }))
    expect(onPress).toHaveBeenCalledTimes(1)
  })

  test('is called by its label where one is given', () => {
    render(<Row title="赵启航" detail="当日未联网" label="查看赵启航" onPress={jest.fn()} />)
    expect(screen.getByRole('button', { name: '查看赵启航' })).toBeTruthy()
  })
})

function Lists() {
  const [value, onChange] = useState('open')
  const options = [
    { value: 'open', label: '未登记 5' },
    { value: 'held', label: '待定 1' },
  ]
  return <Segments label="名单" options={options} value={value} onChange={onChange} />
}

test('Segments: one tab is selected, and arrows walk to the others', () => {
  render(<Lists />)
  const [open, held] = screen.getAllByRole('tab')
  expect(screen.getByRole('tablist', { name: '名单' })).toBeTruthy()
  expect(screen.getByRole('tab', { selected: true })).toBe(open)
  expect(held?.tabIndex).toBe(-1)

  open?.focus()
  fireEvent.keyDown(open as HTMLElement, { key: 'ArrowRight' })
  expect(document.activeElement).toBe(held)
  fireEvent.keyDown(held as HTMLElement, { key: 'Enter' })
  expect(screen.getByRole('tab', { selected: true })).toBe(held)
})

describe('Choice', () => {
  const options = [
    { value: 'on-time', label: '到会' },
    { value: 'late', label: '迟到', tone: 'wait' },
    { value: 'absent', label: '缺席', tone: 'red' },
  ] as const

  test('belongs to a person, and each option is called by both', () => {
    const onChange = jest.fn()
    render(<Choice label="林晓" options={options} value="late" onChange={onChange} />)
    expect(screen.getByRole('radiogroup', { name: '林晓' })).toBeTruthy()
    expect(screen.getByRole('radio', { checked: true }).getAttribute('aria-label')).toBe('林晓 迟到')

    fireEvent.click(screen.getByRole('radio', { name: '林晓 缺席' }))
    expect(onChange).toHaveBeenCalledWith('absent')
  })

  test('an arrow key walks without recording anything', () => {
    const onChange = jest.fn()
    render(<Choice label="林晓" options={options} onChange={onChange} />)
    const first = screen.getByRole('radio', { name: '林晓 到会' })
    first.focus()
    fireEvent.keyDown(first, { key: 'ArrowLeft' })
    expect(document.activeElement).toBe(first)
    fireEvent.keyDown(first, { key: 'ArrowDown' })
    expect(document.activeElement).toBe(screen.getByRole('radio', { name: '林晓 迟到' }))
    expect(onChange).not.toHaveBeenCalled()
  })

  test('disabled, it shows what was chosen and changes nothing', () => {
    const onChange = jest.fn()
    render(<Choice label="林晓" options={options} value="on-time" onChange={onChange} disabled />)
    fireEvent.click(screen.getByRole('radio', { name: '林晓 缺席' }))
    expect(onChange).not.toHaveBeenCalled()
    expect(screen.getByRole('radio', { checked: true }).className).toContain('choice-ok')
  })
})

test('Switch: the whole line turns it, and a word says how it stands', () => {
  const onChange = jest.fn()
  const { rerender } = render(<Switch label="大字" detail="字号放大" checked={false} onChange={onChange} />)
  expect(screen.getByText('关')).toBeTruthy()
  fireEvent.click(screen.getByRole('switch', { name: '大字', checked: false }))
  expect(onChange).toHaveBeenCalledWith(true)

  rerender(<Switch label="大字" checked onChange={onChange} disabled />)
  fireEvent.click(screen.getByRole('switch', { name: '大字', checked: true }))
  expect(screen.getByText('开')).toBeTruthy()
  expect(onChange).toHaveBeenCalledTimes(1)
})
