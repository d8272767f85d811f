import type { MeetingKind } from '#domain/meeting'
import { formFrom, type QuotaForm, type SettingsForm, settingsFrom } from '#domain/settings-form'
import { type BranchSettings, defaultBranchSettings } from '#domain/weekly-study'

const form = (change: Partial<SettingsForm> = {}) => ({ ...formFrom(defaultBranchSettings), ...change })

test('what was not touched comes back as it was', () => {
  expect(settingsFrom(form())).toEqual({ settings: { ...defaultBranchSettings, quotas: {} } })
})

test('a rule of the branch’s own is kept, and can be given up for the organisation’s', () => {
  const weekRule = { kind: 'fixed-day', weekday: 3 } as const
  expect(settingsFrom(form({ weekRule }))).toEqual({
    settings: { ...defaultBranchSettings, weekRule, quotas: {} },
  })
  const own = formFrom({ ...defaultBranchSettings, weekRule })
  expect(settingsFrom({ ...own, weekRule: undefined })).toEqual({
    settings: { ...defaultBranchSettings, quotas: {} },
  })
})

test.each<{ change: Partial<SettingsForm>; wrong: string | undefined }>([
  { change: { opens: '8' }, wrong: 'opens' },
  { change: { closes: '25:00' }, wrong: 'closes' },
  { change: { studyHours: '1.5' }, wrong: undefined },
  { change: { studyHours: '24' }, wrong: undefined },
  { change: { studyHours: '24.5' }, wrong: 'studyHours' },
  { change: { studyHours: '' }, wrong: 'studyHours' },
  { change: { studyHours: '-1' }, wrong: 'studyHours' },
  { change: { graceHours: '0' }, wrong: undefined },
  { change: { graceHours: '168' }, wrong: undefined },
  { change: { graceHours: '169' }, wrong: 'graceHours' },
  { change: { graceHours: '1.5' }, wrong: 'graceHours' },
])('$change: what is wrong is $wrong', ({ change, wrong }) => {
  const read = settingsFrom(form(change))
  expect('problems' in read ? Object.keys(read.problems) : []).toEqual(wrong === undefined ? [] : [wrong])
})

describe('应开次数', () => {
  const quotas = (kind: MeetingKind, change: Partial<QuotaForm>) => {
    const before = form().quotas
    return form({ quotas: { ...before, [kind]: { ...before[kind], ...change } } })
  }

  test('only what differs from the usual is kept, and read again', () => {
    const every = { every: 'quarter', times: '3' } as const
    const read = settingsFrom(quotas('theme-day', every))
    const settings = { ...defaultBranchSettings, quotas: { 'theme-day': { every: 'quarter', times: 3 } } }
    expect(read).toEqual({ settings })
    expect(formFrom(settings as BranchSettings).quotas['theme-day']).toEqual(every)
    expect(settingsFrom(quotas('theme-day', { times: ' 01 ' }))).toMatchObject({ settings: { quotas: {} } })
  })

  test.each(['', '1.5', '-1', '61', '一', '100'])('「%s」 times is said to be wrong', (times) => {
    expect(settingsFrom(quotas('party-class', { times }))).toEqual({
      problems: { quotas: '党课的次数请填写 0 到 60 之间的整数' },
    })
  })
})
