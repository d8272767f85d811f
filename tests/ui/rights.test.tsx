import { fireEvent, render, screen } from '@testing-library/preact'
import { coolingOffMs } from '#domain/cancellation'
import { AccountView, type Facts } from '#features/account/AccountView'
import { PrivacyView } from '#features/public/PrivacyView'
import { retention } from '#server/jobs/retention'
import { privacyApis } from '../../src/features/public/privacy-apis'
import { kept, keptDays } from '../../src/features/public/privacy-text'

const day = 86_400_000

describe('隐私保护说明', () => {
  const page = {
    version: '2026-11',
    organization: '市科协机关党委',
    agreement: undefined,
    contract: undefined,
  }

  test('says what is kept, how long, and what of the phone is used', () => {
    const { container } = render(<PrivacyView {...page} />)
    for (const { what, howLong } of kept) {
      expect(container.textContent).toContain(what)
      expect(container.textContent).toContain(howLong)
    }
    for (const { purpose } of privacyApis) expect(container.textContent).toContain(purpose)
    expect(screen.queryByRole('button')).toBeNull()
  })

  test('the days it promises are the days after which the server deletes', () => {
    expect(keptDays).toEqual({
      sessions: retention.sessionsMs / day,
      unusedSessions: retention.unusedSessionsMs / day,
      invitations: retention.invitationsMs / day,
      unboundWechat: retention.unboundWechatMs / day,
      uploads: retention.uploadsMs / day,
      wrongTries: retention.wrongTriesMs / day,
      reminders: retention.remindersMs / day,
    })
  })

  test('asks anew whoever agreed to an older text, and says what went wrong', () => {
    const onAgree = jest.fn()
    const agreement = { isBusy: false, problem: '没有连上服务器，请检查网络后再试', onAgree }
    render(<PrivacyView {...page} agreement={agreement} />)
    expect(screen.getByRole('status').textContent).toContain('没有连上服务器')
    fireEvent.click(screen.getByRole('button', { name: '同意' }))
    expect(onAgree).toHaveBeenCalledTimes(1)
  })

  test('inside WeChat leads to the guide that is filed there', () => {
    const onRead = jest.fn()
    render(<PrivacyView {...page} contract={{ name: '《周汇朝学小程序隐私保护指引》', onRead }} />)
    fireEvent.click(screen.getByRole('button', { name: /《周汇朝学小程序隐私保护指引》/ }))
    expect(onRead).toHaveBeenCalledTimes(1)
  })
})

describe('我的账号', () => {
  const ready: Facts = {
    state: 'ready',
    isWechatBound: true,
    devices: 2,
    consent: undefined,
    endsAt: undefined,
  }
  const calls = {
    onPrivacy: jest.fn(),
    onExport: jest.fn(),
    onSheet: jest.fn(),
    onType: jest.fn(),
    onWithdraw: jest.fn(),
    onCancelAccount: jest.fn(),
    onKeepAccount: jest.fn(),
  }
  const page = {
    facts: ready,
    problem: undefined,
    busyWith: undefined,
    waiting: 0,
    sheet: undefined,
    typed: '',
    ...calls,
  }
  beforeEach(() => jest.clearAllMocks())

  test('says that it is being fetched', () => {
    render(<AccountView {...page} facts={{ state: 'asking' }} />)
    expect(screen.getByRole('status').textContent).toBe('正在取您的账号…')
  })

  test('without network says so and tries again', () => {
    const onAgain = jest.fn()
    const facts = { state: 'failed', message: '没有连上服务器，请检查网络后再试', onAgain } as const
    render(<AccountView {...page} facts={facts} />)
    expect(screen.queryByRole('button', { name: '导出我的资料' })).toBeNull()
    fireEvent.click(screen.getByRole('button', { name: '再试一次' }))
    expect(onAgain).toHaveBeenCalledTimes(1)
  })

  test('shows the facts, and what went wrong beside them', () => {
    const consent = { version: '2026-11', givenAt: Date.UTC(2026, 10, 2, 1) }
    const { container } = render(
      <AccountView {...page} facts={{ ...ready, consent }} problem="没有连上服务器，请检查网络后再试" />,
    )
    expect(container.textContent).toMatch(/微信已绑定已登录的设备2 台.*2026-11 版，11月2日 周一同意/)
    expect(screen.getByRole('status').textContent).toContain('没有连上服务器')
  })

  test('taking the agreement back says what follows, and warns of what has not been sent', () => {
    render(<AccountView {...page} sheet="withdraw" waiting={2} />)
    const sheet = screen.getByRole('dialog', { name: '撤回同意？' })
    expect(sheet.textContent).toContain('会退出您的所有设备，再次登录前需要重新同意')
    expect(sheet.textContent).toContain('仍由支部依规保管')
    expect(sheet.textContent).toContain('还有 2 条没有送达')
    fireEvent.click(screen.getByRole('button', { name: '撤回并退出' }))
    expect(calls.onWithdraw).toHaveBeenCalledTimes(1)
  })

  test.each([
    { typed: '', times: 0 },
    { typed: '注', times: 0 },
    { typed: '注销', times: 1 },
    { typed: ' 注销 ', times: 1 },
  ])('an account ends only when the word is typed: 「$typed」', ({ typed, times }) => {
    render(<AccountView {...page} sheet="cancel" typed={typed} />)
    const sheet = screen.getByRole('dialog', { name: '注销账号？' })
    expect(sheet.textContent).toContain(`${coolingOffMs / day} 天冷静期`)
    expect(sheet.textContent).toContain('支部的登记簿和会议记录由支部依规保存，不随账号删除')
    fireEvent.click(screen.getByRole('button', { name: '提出注销' }))
    expect(calls.onCancelAccount).toHaveBeenCalledTimes(times)
  })

  test('once asked, the day it ends and the way back', () => {
    render(<AccountView {...page} facts={{ ...ready, endsAt: Date.UTC(2026, 11, 8, 1) }} />)
    expect(screen.getByText(/账号将在 12月8日 周二注销/)).toBeTruthy()
    expect(screen.queryByRole('button', { name: '注销账号' })).toBeNull()
    fireEvent.click(screen.getByRole('button', { name: '撤回注销申请' }))
    expect(calls.onKeepAccount).toHaveBeenCalledTimes(1)
  })
})
