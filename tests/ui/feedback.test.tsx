import { fireEvent, render, screen, within } from '@testing-library/preact'
import type { ComponentProps } from 'react'
import type { Ticket } from '#domain/feedback'
import { personId } from '#domain/ids'
import { DeskView } from '#features/feedback/DeskView'
import { FeedbackView } from '#features/feedback/FeedbackView'
import { AboutView } from '#features/public/AboutView'

const nothing = () => undefined
const aTicket = (change: Partial<Ticket> = {}): Ticket => ({
  id: 'k3f9abcd.00000012',
  by: personId('lin-xiao'),
  name: '林晓',
  kind: 'suggestion',
  words: '签到页能不能再大一点',
  state: 'sent',
  sentAt: Date.UTC(2026, 3, 7),
  version: 1,
  ...change,
})

describe('投诉建议, for whoever writes', () => {
  const aScreen = (change: Partial<ComponentProps<typeof FeedbackView>> = {}) => ({
    kind: undefined,
    words: '',
    problem: undefined,
    isSent: false,
    tickets: [],
    onKind: nothing,
    onWords: nothing,
    onSend: nothing,
    ...change,
  })

  test('says who reads it and what does not belong there', () => {
    render(<FeedbackView {...aScreen()} />)
    expect(screen.getByText(/由机关党委管理员阅读和答复，不经过支部/)).toBeTruthy()
    expect(screen.getByRole('textbox', { description: '请不要填写涉密内容和他人隐私' })).toBeTruthy()
  })

  test.each([
    { kind: undefined, words: '能不能再大一点', isOff: 'true' },
    { kind: 'suggestion' as const, words: '  ', isOff: 'true' },
    { kind: 'suggestion' as const, words: '能不能再大一点', isOff: 'false' },
  ])('is sent with a kind and words: $kind 「$words」', ({ kind, words, isOff }) => {
    render(<FeedbackView {...aScreen({ kind, words })} />)
    expect(screen.getByRole('button', { name: '提交' }).getAttribute('aria-disabled')).toBe(isOff)
  })

  test('a ticket has its number, state, day and reply', () => {
    const ticket = aTicket({ state: 'answered', reply: '已放大', answeredAt: Date.UTC(2026, 3, 8) })
    render(<FeedbackView {...aScreen({ tickets: [{ ...ticket, isWaiting: false }] })} />)
    expect(screen.getByRole('heading', { name: '建议 K3F9-12 · 4月7日 周二' })).toBeTruthy()
    expect(screen.getByText('已答复')).toBeTruthy()
    expect(screen.getByText('4月8日 周三 答复：已放大')).toBeTruthy()
  })

  test('one that waits on the phone has no number yet, and says so', () => {
    const ticket = aTicket({ id: 'waiting.00000001' })
    render(<FeedbackView {...aScreen({ isSent: true, tickets: [{ ...ticket, isWaiting: true }] })} />)
    expect(screen.getByText('等待送达')).toBeTruthy()
    expect(screen.getByText('联网后自动送达，随后会有编号')).toBeTruthy()
    expect(screen.getByText('已记录在本机')).toBeTruthy()
    expect(screen.queryByText('已提交')).toBeNull()
    expect(document.body.textContent).not.toContain('WAIT')
  })
})

describe('投诉建议, for the admin', () => {
  type Ready = Extract<ComponentProps<typeof DeskView>['screen'], { state: 'ready' }>
  const aDesk = (change: Partial<Ready> = {}): Ready => ({
    state: 'ready',
    open: [],
    answered: [],
    answering: undefined,
    onOpen: nothing,
    onMore: undefined,
    ...change,
  })

  const anAnswering = (change: Partial<NonNullable<Ready['answering']>> = {}) => ({
    ticket: aTicket(),
    reply: '',
    problem: undefined,
    onReply: nothing,
    onTake: nothing,
    onSend: nothing,
    onCancel: nothing,
    ...change,
  })

  test('each line says its number, from whom and how it stands', () => {
    render(<DeskView screen={aDesk({ open: [aTicket({ state: 'in-hand' })] })} />)
    const name = /^签到页能不能再大一点\s*建议 K3F9-12 · 林晓 · 4月7日 周二\s*受理中$/
    expect(screen.getByRole('button', { name })).toBeTruthy()
  })

  test.each([
    { state: 'sent' as const, canTake: true },
    { state: 'in-hand' as const, canTake: false },
  ])('what is $state can be taken in hand: $canTake', ({ state, canTake }) => {
    render(<DeskView screen={aDesk({ answering: anAnswering({ ticket: aTicket({ state }) }) })} />)
    expect(screen.queryByRole('button', { name: '先受理' }) !== null).toBe(canTake)
    expect(screen.getByRole('button', { name: '答复' }).getAttribute('aria-disabled')).toBe('true')
  })

  test('an answer that came too late keeps its words and shows what was said meanwhile', () => {
    const onSend = jest.fn()
    const answering = anAnswering({
      ticket: aTicket({ state: 'answered', reply: '别人先答复了' }),
      reply: '已放大',
      problem: { code: 'changed-meanwhile' },
      onSend,
    })
    render(<DeskView screen={aDesk({ answering })} />)
    const sheet = within(screen.getByRole('dialog', { name: '建议 K3F9-12' }))
    expect(sheet.getByText('这一条刚被别人改过，请查看最新内容后再决定')).toBeTruthy()
    expect(sheet.getByText('已有答复：别人先答复了')).toBeTruthy()
    expect(sheet.getByRole('textbox')).toHaveProperty('value', '已放大')
    fireEvent.click(sheet.getByRole('button', { name: '答复' }))
    expect(onSend).toHaveBeenCalledTimes(1)
  })
})

describe('关于', () => {
  const anAbout = { organization: '科协', version: '1.0', onPrivacy: nothing, onPromises: nothing }

  test('what has been granted is shown', () => {
    const about = { filingNumber: '政务 1 号', icpNumber: '渝 ICP 备 1 号', contact: '023-0000' }
    render(<AboutView {...anAbout} about={about} onFeedback={nothing} />)
    for (const words of Object.values(about)) expect(screen.getByText(words)).toBeTruthy()
    expect(screen.queryByText('待备案')).toBeNull()
  })

  test('what has not is said to be outstanding, and complaints are for people signed in', () => {
    render(<AboutView {...anAbout} about={undefined} onFeedback={undefined} />)
    expect(screen.getAllByText('待备案')).toHaveLength(2)
    expect(screen.getByText('请联系所在支部的支部书记')).toBeTruthy()
    expect(screen.queryByText('投诉建议')).toBeNull()
  })
})
