import { act, fireEvent, render, screen, within } from '@testing-library/preact'
import { useState } from 'react'
import { onPlatform } from '#support/taro-api'
import { Actions } from '#ui/Actions'
import { Button } from '#ui/Button'
import { Card } from '#ui/Card'
import { Columns } from '#ui/Columns'
import { Field } from '#ui/Field'
import { Page } from '#ui/Page'
import { Sheet } from '#ui/Sheet'

afterEach(() => onPlatform('h5'))

describe('Page', () => {
  test('on H5 draws its title, a way back, its content and the dock', () => {
    const onBack = jest.fn()
    render(
      <Page
        title="登记簿"
        note="第 14 周"
        large={false}
        wide
        onBack={onBack}
        dock={<Actions>关闭登记</Actions>}
      >
        <Columns first="名单" second="待定" />
      </Page>,
    )
    expect(screen.getByRole('heading', { level: 1, name: '登记簿' })).toBeTruthy()
    fireEvent.click(screen.getByRole('button', { name: '返回' }))
    expect(onBack).toHaveBeenCalledTimes(1)
    const main = within(screen.getByRole('main'))
    expect(main.getByText('名单')).toBeTruthy()
    expect(main.getByText('关闭登记')).toBeTruthy()
    expect(document.querySelector('.page')?.className).toBe('page wide')
  })

  test('on weapp leaves the title to the native bar and keeps the note', () => {
    onPlatform('weapp')
    render(<Page title="登记簿" note="第 14 周" large onBack={jest.fn()} />)
    expect(screen.queryByText('登记簿')).toBeNull()
    expect(screen.getByText('第 14 周')).toBeTruthy()
    expect(document.querySelector('.page')?.className).toBe('page large')
  })
})

describe('Card', () => {
  test('is headed by its title', () => {
    render(<Card eyebrow="接着读" aside="必读 3 / 5" title="《中国共产党简史》" titleLevel={3} />)
    expect(screen.getAllByRole('heading')).toHaveLength(1)
    expect(screen.getByRole('heading', { level: 3, name: '《中国共产党简史》' })).toBeTruthy()
    expect(screen.getByText('必读 3 / 5')).toBeTruthy()
  })

  test('without a title is headed by its eyebrow', () => {
    render(<Card eyebrow="我的最近几周" />)
    expect(screen.getByRole('heading', { level: 2, name: '我的最近几周' })).toBeTruthy()
  })
})

function Typed(props: { multiline?: boolean; error?: string; hint?: string; maxLength?: number }) {
  const [value, setValue] = useState('')
  return <Field label="事由" value={value} onInput={setValue} {...props} />
}

describe('Field', () => {
  test.each([false, true])('is found by its label and takes what is typed (multiline: %p)', (multiline) => {
    render(<Typed multiline={multiline} hint="20 字以内" />)
    const input = screen.getByRole('textbox', { name: '事由', description: '20 字以内' })
    fireEvent.input(input, { target: { value: '出差' } })
    expect(input).toHaveProperty('value', '出差')
    expect(input.getAttribute('aria-invalid')).toBe('false')
  })

  test('an error takes the place of the hint', () => {
    render(<Typed hint="20 字以内" error="请写明事由" />)
    expect(screen.queryByText('20 字以内')).toBeNull()
    expect(screen.getByRole('textbox', { description: '请写明事由' }).getAttribute('aria-invalid')).toBe(
      'true',
    )
  })

  test('counts where a long text has a limit', () => {
    render(<Typed multiline maxLength={200} />)
    fireEvent.input(screen.getByRole('textbox'), { target: { value: '出差在外' } })
    expect(screen.getByText('4/200')).toBeTruthy()
  })

  test('digits bring up the number pad and stay text; a password is hidden', () => {
    const { rerender } = render(<Field label="验证码" inputType="number" value="012" onInput={jest.fn()} />)
    expect(screen.getByRole('textbox').getAttribute('inputmode')).toBe('numeric')
    rerender(<Field label="口令" inputType="password" value="x" onInput={jest.fn()} disabled />)
    expect(screen.getByLabelText('口令').getAttribute('type')).toBe('password')
  })

  test('on weapp the label is on the input itself', () => {
    onPlatform('weapp')
    render(<Field label="事由" value="" onInput={jest.fn()} />)
    expect(screen.getByRole('textbox').getAttribute('aria-label')).toBe('事由')
  })
})

function Asking({ onCancel }: { onCancel: () => void }) {
  const [isOpen, setOpen] = useState(false)
  const cancel = () => {
    setOpen(false)
    onCancel()
  }
  return (
    <>
      <Button label="请假" onPress={() => setOpen(true)} />
      {isOpen && (
        <Sheet
          title="请假事由"
          onCancel={cancel}
          actions={<Button label="提交" kind="main" onPress={cancel} />}
        >
          <Field label="事由" value="" onInput={jest.fn()} />
        </Sheet>
      )}
    </>
  )
}

describe('Sheet', () => {
  function open() {
    const onCancel = jest.fn()
    render(<Asking onCancel={onCancel} />)
    const opener = screen.getByRole('button', { name: '请假' })
    opener.focus()
    fireEvent.click(opener)
    act(() => jest.advanceTimersByTime(50))
    return { onCancel, opener, dialog: screen.getByRole('dialog', { name: '请假事由' }) }
  }

  beforeEach(() => jest.useFakeTimers())
  afterEach(() => jest.useRealTimers())

  test('takes the keyboard, keeps Tab inside, and gives the focus back', () => {
    const { dialog, opener, onCancel } = open()
    expect(document.activeElement).toBe(dialog)
    expect(dialog.getAttribute('aria-modal')).toBe('true')
    const first = within(dialog).getByRole('textbox')
    const last = within(dialog).getByRole('button', { name: '提交' })

    fireEvent.keyDown(dialog, { key: 'Tab', shiftKey: true })
    expect(document.activeElement).toBe(last)
    fireEvent.keyDown(last, { key: 'Tab' })
    expect(document.activeElement).toBe(first)

    fireEvent.keyDown(first, { key: 'Escape' })
    expect(onCancel).toHaveBeenCalledTimes(1)
    expect(screen.queryByRole('dialog')).toBeNull()
    expect(document.activeElement).toBe(opener)
  })

  test.each([
    ['the cancel button', () => screen.getByRole('button', { name: '取消' })],
    ['a tap beside it', () => document.querySelector('.sheet-shade') as HTMLElement],
  ])('is cancelled by %s', (_way, target) => {
    const { onCancel } = open()
    fireEvent.click(target())
    expect(onCancel).toHaveBeenCalledTimes(1)
  })
})
