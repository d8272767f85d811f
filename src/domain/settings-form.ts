// 支部设置：签到、学习、关闭的钟点，地点、学时、请假、顺延和应开次数
import { type MeetingKind, meetingKinds } from './meeting'
import { defaultQuotas, type Quota, quotaOf } from './quota'
import { clockFrom, wantedClock } from './typed'
import type { WeekRule } from './week-rule'
import { type BranchSettings, defaultBranchSettings } from './weekly-study'
import { meetingKindWords } from './words'

const clocks = ['opens', 'starts', 'onTimeUntil', 'ends', 'closes'] as const
export type ClockName = (typeof clocks)[number]

/** A branch's settings as somebody types them. */
export interface SettingsForm extends Readonly<Record<ClockName, string>> {
  readonly place: string
  readonly studyHours: string
  readonly graceHours: string
  readonly makeUpDays: string
  readonly leaveIsAutoAccepted: boolean
  /** Without one the organisation's holds. */
  readonly weekRule: WeekRule | undefined
  /** 应开次数 */
  readonly quotas: Readonly<Record<MeetingKind, QuotaForm>>
}

/** How often, as somebody types it. */
export interface QuotaForm {
  readonly every: Quota['every']
  readonly times: string
}

export type SettingsProblems = Readonly<Partial<Record<keyof SettingsForm, string>>>

export const formFrom = (settings: BranchSettings): SettingsForm => ({
  ...settings,
  studyHours: String(settings.studyHours),
  graceHours: String(settings.graceHours),
  makeUpDays: String(settings.makeUpDays ?? defaultBranchSettings.makeUpDays),
  weekRule: settings.weekRule,
  quotas: Object.fromEntries(
    meetingKinds.map((kind) => {
      const { every, times } = quotaOf(settings, kind)
      return [kind, { every, times: String(times) }]
    }),
  ) as Record<MeetingKind, QuotaForm>,
})

/** The settings these words make, or what is wrong with which. Whether the clocks are in order is for
 *  the rule to say. */
export function settingsFrom(
  form: SettingsForm,
): { readonly settings: BranchSettings } | { readonly problems: SettingsProblems } {
  const problems: Partial<Record<keyof SettingsForm, string>> = {}
  const clock = (name: ClockName) => {
    const read = clockFrom(form[name])
    if (read === undefined) problems[name] = wantedClock
    return read ?? ''
  }
  const number = (
    name: 'studyHours' | 'graceHours' | 'makeUpDays',
    most: number,
    pattern: RegExp,
    wanted: string,
  ) => {
    const words = form[name].trim()
    if (!pattern.test(words) || Number(words) > most) problems[name] = wanted
    return Number(words)
  }
  const quotas = meetingKinds.flatMap((kind) => {
    const { every, times } = form.quotas[kind]
    const isNumber = /^\d{1,2}$/.test(times.trim()) && Number(times) <= 60
    if (!isNumber) problems.quotas = `${meetingKindWords[kind]}的次数请填写 0 到 60 之间的整数`
    const usual = defaultQuotas[kind]
    const isUsual = every === usual.every && Number(times) === usual.times
    return isUsual ? [] : [[kind, { every, times: Number(times) }]]
  })
  const settings: BranchSettings = {
    opens: clock('opens'),
    starts: clock('starts'),
    onTimeUntil: clock('onTimeUntil'),
    ends: clock('ends'),
    closes: clock('closes'),
    studyHours: number('studyHours', 24, /^\d{1,2}(\.\d)?$/, '请填写 0 到 24 之间的数，可带一位小数'),
    graceHours: number('graceHours', 168, /^\d{1,3}$/, '请填写 0 到 168 之间的整数'),
    makeUpDays: number('makeUpDays', 90, /^[1-9]\d?$/, '请填写 1 到 90 之间的整数'),
    place: form.place.trim(),
    leaveIsAutoAccepted: form.leaveIsAutoAccepted,
    ...(form.weekRule === undefined ? {} : { weekRule: form.weekRule }),
    quotas: Object.fromEntries(quotas),
  }
  return Object.keys(problems).length === 0 ? { settings } : { problems }
}
