import { fireEvent, render, screen, within } from '@testing-library/preact'
import type { ComponentProps } from 'react'
import { emptyLines } from '#domain/notice-lines'
import { timesOn } from '#domain/planning'
import { formFrom } from '#domain/settings-form'
import { horizonWarning } from '#domain/week-rule'
import { defaultBranchSettings, type OpenStudy, type WeeklyStudy } from '#domain/weekly-study'
import { HolidaysView } from '#features/calendar/HolidaysView'
import { NoticeView } from '#features/calendar/NoticeView'
import { ScheduleView, type WeekChange } from '#features/calendar/ScheduleView'
import { SettingsView } from '#features/calendar/SettingsView'
import { WeekRuleField } from '#features/calendar/WeekRuleField'

const nothing = () => undefined
const horizon = horizonWarning({ knownUntil: '2026-12-31' }, '2027-05-30')

const anOpenStudy = (change: Partial<OpenStudy> = {}): OpenStudy => ({
  state: 'open',
  week: '2026-W15',
  version: 1,
  isOverridden: false,
  isReopened: false,
  ...timesOn('2026-04-07', defaultBranchSettings),
  moved: '清明节顺延至周二',
  isNamedByBranch: false,
  topic: '什么是科学家精神',
  studyLead: undefined,
  ...change,
})

describe('学习日程', () => {
  type Ready = Extract<ComponentProps<typeof ScheduleView>['screen'], { state: 'ready' }>
  const aSchedule = (change: Partial<Ready> = {}): Ready => ({
    state: 'ready',
    studies: [anOpenStudy()],
    horizon: undefined,
    change: undefined,
    onOpen: nothing,
    onMore: undefined,
    onSettings: undefined,
    ...change,
  })
  const row = (study: WeeklyStudy) => {
    render(<ScheduleView screen={aSchedule({ studies: [study] })} />)
    return document.querySelector('.row')?.textContent ?? ''
  }

  test('a week that was moved says to which day and why', () => {
    expect(row(anOpenStudy())).toContain('4月7日 周二 · 第 15 周清明节顺延至周二 · 什么是科学家精神顺延')
  })

  test('an ordinary week has its day and topic, and no mark', () => {
    const words = row(anOpenStudy({ moved: undefined, topic: '' }))
    expect(words).toContain('主题待定')
    expect(words).not.toContain('顺延')
  })

  test('a week the branch moved says so', () => {
    const words = row(anOpenStudy({ isOverridden: true, moved: '会议室检修' }))
    expect(words).toContain('会议室检修')
    expect(words).toContain('本支部改期')
  })

  test.each<{ study: WeeklyStudy; says: string[] }>([
    {
      study: { state: 'not-held', week: '2026-W08', version: 1, isOverridden: false, reason: '春节' },
      says: ['2月16日至2月22日 · 第 8 周', '春节', '停学'],
    },
    {
      study: { state: 'unconfirmed', week: '2027-W01', version: 1 },
      says: ['1月4日至1月10日 · 第 1 周', '放假安排还没有公布', '日期待确认'],
    },
  ])('a week that is $study.state has no day', ({ study, says }) => {
    const words = row(study)
    for (const each of says) expect(words).toContain(each)
  })

  test('past the published holidays it says plainly what waits', () => {
    render(<ScheduleView screen={aSchedule({ horizon })} />)
    expect(screen.getByRole('status').textContent).toBe(
      '2027 年放假安排还没有公布，1月1日以后的学习日期待确认',
    )
  })

  const aChange = (change: Partial<WeekChange> = {}): WeekChange => ({
    study: anOpenStudy(),
    days: ['2026-04-07', '2026-04-08'],
    to: '2026-04-07',
    reason: '',
    problem: undefined,
    onTo: nothing,
    onReason: nothing,
    onSave: undefined,
    onPlan: nothing,
    onCancel: nothing,
    ...change,
  })

  test('a week moves to another of its days, or nowhere, and not without a reason', () => {
    const onTo = jest.fn()
    render(<ScheduleView screen={aSchedule({ change: aChange({ onTo }) })} />)
    const sheet = within(screen.getByRole('dialog'))
    expect(sheet.getAllByRole('radio').map((each) => each.getAttribute('aria-label'))).toEqual([
      '改到 4月7日 周二',
      '改到 4月8日 周三',
      '改到 本周停学',
    ])
    fireEvent.click(sheet.getByRole('radio', { name: '改到 本周停学' }))
    expect(onTo).toHaveBeenCalledWith('not-held')
    expect(sheet.getByRole('button', { name: '保存' }).getAttribute('aria-disabled')).toBe('true')
  })

  test.each([
    ['study-has-records', '这次学习已有登记，不能再改日期'],
    ['day-outside-week', '所选日期不在这一周内，请选择本周的日期'],
    ['changed-meanwhile', '这一条刚被别人改过，请查看最新内容后再决定'],
  ] as const)('a change that is refused (%s) says why', (code, words) => {
    render(<ScheduleView screen={aSchedule({ change: aChange({ problem: { code } }) })} />)
    expect(within(screen.getByRole('dialog')).getByText(words)).toBeTruthy()
  })
})

describe('周一放假时', () => {
  test('a branch may go by the organisation’s rule, which is said', () => {
    const onRule = jest.fn()
    render(<WeekRuleField rule={undefined} above={{ kind: 'skip' }} onRule={onRule} />)
    expect(screen.getByText('上级现在的规则：周一放假的，当周停学')).toBeTruthy()
    fireEvent.click(screen.getByRole('radio', { name: '顺延规则 固定星期' }))
    expect(onRule).toHaveBeenCalledWith({ kind: 'fixed-day', weekday: 1 })
  })

  test('the organisation has nobody above, and a fixed day is a working day', () => {
    const onRule = jest.fn()
    render(<WeekRuleField rule={{ kind: 'fixed-day', weekday: 3 }} above={undefined} onRule={onRule} />)
    expect(screen.queryByRole('radio', { name: '顺延规则 跟随上级' })).toBeNull()
    expect(screen.getByText('每周三学习，当天放假的停学')).toBeTruthy()
    expect(screen.queryByRole('radio', { name: '学习日 周六' })).toBeNull()
    fireEvent.click(screen.getByRole('radio', { name: '学习日 周四' }))
    expect(onRule).toHaveBeenCalledWith({ kind: 'fixed-day', weekday: 4 })
  })
})

test('支部设置: what is wrong stands at its field, and from when it counts is said', () => {
  render(
    <SettingsView
      screen={{
        state: 'ready',
        form: formFrom(defaultBranchSettings),
        problems: { opens: '请写成「08:30」的样子，24 小时制' },
        problem: { code: 'times-out-of-order' },
        isSaved: false,
        ruleAbove: { kind: 'postpone' },
        countsFrom: '2026-04-07',
        onForm: nothing,
        onSave: nothing,
      }}
    />,
  )
  const opens = screen.getByRole('textbox', { name: '开始签到', description: /请写成「08:30」的样子/ })
  expect(opens.getAttribute('aria-invalid')).toBe('true')
  expect(screen.getByText(/从 4月7日 周二 的学习起算/)).toBeTruthy()
  expect(screen.getByText('时间先后不对，请检查开始、截止和关闭时间')).toBeTruthy()
})

test('放假安排: every year says where it is known from, and what is not known is said plainly', () => {
  render(
    <HolidaysView
      screen={{
        state: 'ready',
        years: [
          { year: 2025, source: 'library' },
          { year: 2026, source: 'notice' },
          { year: 2027, source: 'assumed' },
          { year: 2028, source: undefined },
        ],
        horizon,
        rule: { kind: 'postpone' },
        isRuleChanged: false,
        isSaved: false,
        problem: undefined,
        onYear: nothing,
        onRule: nothing,
        onSave: nothing,
      }}
    />,
  )
  const years = [...document.querySelectorAll('.row')].map((row) => row.textContent)
  expect(years).toEqual([
    expect.stringContaining('2025 年公布的安排，随软件更新'),
    expect.stringContaining('2026 年照公布的通知录入'),
    expect.stringContaining('2027 年先按周一到周五排定'),
    expect.stringContaining('2028 年公布后照通知录入还没有'),
  ])
  expect(screen.getByText(/2027 年放假安排还没有公布，1月1日以后的学习日期待确认/)).toBeTruthy()
})

describe('录入放假安排', () => {
  type Ready = Extract<ComponentProps<typeof NoticeView>['screen'], { state: 'ready' }>
  const aNotice = (change: Partial<Ready> = {}): Ready => ({
    state: 'ready',
    year: 2027,
    source: undefined,
    lines: emptyLines(),
    problems: [],
    missing: [],
    affected: undefined,
    problem: undefined,
    isSaved: false,
    editing: undefined,
    confirming: undefined,
    onAdd: nothing,
    onOpen: nothing,
    onSave: nothing,
    ...change,
  })

  test('nothing can be saved while the lines make no notice, and why is said', () => {
    render(<NoticeView screen={aNotice({ problems: ['春节：放假的最后一天早于第一天'] })} />)
    expect(screen.getByText('春节：放假的最后一天早于第一天')).toBeTruthy()
    expect(screen.getByRole('button', { name: '保存' }).getAttribute('aria-disabled')).toBe('true')
  })

  test('what will change is listed for checking, and what is missing is warned of', () => {
    render(
      <NoticeView
        screen={aNotice({
          lines: [{ name: '春节', from: '2-6', until: '2-12', workdays: '2月14日' }],
          missing: ['国庆节'],
          affected: [
            {
              week: '2027-W06',
              monday: '2027-02-08',
              held: { state: 'held', day: '2027-02-14', moved: { reason: '春节' } },
            },
            { week: '2027-W40', monday: '2027-10-04', held: { state: 'not-held', reason: '国庆节' } },
          ],
        })}
      />,
    )
    const rows = [...document.querySelectorAll('.row')].map((row) => row.textContent)
    expect(rows[0]).toContain('春节2月6日 周六至2月12日 周五，2月14日 上班')
    expect(rows[1]).toBe('2月8日 周一春节顺延至周日2月14日 周日')
    expect(rows[2]).toBe('10月4日 周一国庆节停学')
    expect(screen.getByText('还没有填写国庆节：这些日子会按平常的星期排定，遇放假不顺延')).toBeTruthy()
  })

  test('a day typed is said back with its weekday', () => {
    const line = { name: '春节', from: '2-6', until: '2-31', workdays: '' }
    const editing = {
      year: 2027,
      line,
      onLine: nothing,
      onKeep: nothing,
      onRemove: nothing,
      onCancel: nothing,
    }
    render(<NoticeView screen={aNotice({ editing })} />)
    expect(screen.getByRole('textbox', { name: '放假第一天', description: '2月6日 周六' })).toBeTruthy()
    expect(screen.getByRole('textbox', { name: '放假最后一天', description: /写成 2月12日/ })).toBeTruthy()
  })
})
