import { formatDay } from '#domain/day'
import { type Problem, problemText } from '#domain/refusal'
import type { SettingsForm, SettingsProblems } from '#domain/settings-form'
import type { WeekRule } from '#domain/week-rule'
import { Button } from '#ui/Button'
import { Card } from '#ui/Card'
import { Field, noSecrets } from '#ui/Field'
import { Loading } from '#ui/Loading'
import { Meta } from '#ui/Meta'
import { Notice } from '#ui/Notice'
import { Switch } from '#ui/Switch'
import { QuotasCard } from './QuotasCard'
import { WeekRuleField } from './WeekRuleField'

export type SettingsScreen =
  | { readonly state: 'loading' }
  | {
      readonly state: 'ready'
      readonly form: SettingsForm
      readonly problems: SettingsProblems
      readonly problem: Problem | undefined
      readonly isSaved: boolean
      /** The organisation's rule, which a branch without its own goes by. */
      readonly ruleAbove: WeekRule | undefined
      /** The first study these settings will count for. */
      readonly countsFrom: string | undefined
      readonly onForm: (change: Partial<SettingsForm>) => void
      readonly onSave: () => void
    }

const clocks = [
  { name: 'opens', label: '开始签到' },
  { name: 'starts', label: '开始学习' },
  { name: 'onTimeUntil', label: '准时截止', hint: '到这个时间为止算准时，之后算迟到' },
  { name: 'ends', label: '结束学习' },
  { name: 'closes', label: '关闭登记', hint: '到时自动关闭，之后仍可重新打开' },
] as const

const numbers = [
  { name: 'studyHours', label: '每次学时', hint: '只按学习安排折算，不在手机上计时' },
  {
    name: 'graceHours',
    label: '离线签到宽限（小时）',
    hint: '关闭后这段时间内送达的离线签到照常采纳；填 0 的都由您决定',
  },
  { name: 'makeUpDays', label: '补学期限（天）', hint: '从学习当天起算，逾期仍可补学，不计入参学率' },
] as const

/** 支部设置: how this branch holds its weekly study. */
export function SettingsView({ screen }: { screen: SettingsScreen }) {
  if (screen.state === 'loading') return <Loading />
  const { form, problems, problem, onForm } = screen
  const field = ({ name, label, hint }: (typeof clocks | typeof numbers)[number] & { hint?: string }) => (
    <Field
      key={name}
      label={label}
      value={form[name]}
      onInput={(value) => onForm({ [name]: value })}
      maxLength={5}
      {...(hint === undefined ? {} : { hint })}
      {...(problems[name] === undefined ? {} : { error: problems[name] })}
    />
  )
  return (
    <>
      <Card eyebrow="钟点">{clocks.map(field)}</Card>
      <Card eyebrow="学习">
        <Field
          label="地点"
          value={form.place}
          onInput={(place) => onForm({ place })}
          maxLength={60}
          hint={`某一周在别处的，到那一周里改。${noSecrets}`}
        />
        {numbers.map(field)}
      </Card>
      <Card eyebrow="请假">
        <Switch
          label="请假自动准假"
          detail="在学习开始以前提出的，不用再批"
          checked={form.leaveIsAutoAccepted}
          onChange={(leaveIsAutoAccepted) => onForm({ leaveIsAutoAccepted })}
        />
      </Card>
      <Card eyebrow="周一放假时">
        <WeekRuleField
          rule={form.weekRule}
          above={screen.ruleAbove}
          onRule={(weekRule) => onForm({ weekRule })}
        />
      </Card>
      <QuotasCard quotas={form.quotas} problem={problems.quotas} onQuotas={(quotas) => onForm({ quotas })} />
      <Meta text={countsFromWords(screen.countsFrom)} />
      {Object.keys(problems).length > 0 && <Notice tone="red" text="还没有保存，请改好上面标出的内容" />}
      {problem !== undefined && <Notice tone="red" text={problemText(problem)} />}
      {screen.isSaved && <Notice tone="ok" text="已保存，联网后约十秒重新排定" />}
      <Button label="保存" kind="main" onPress={screen.onSave} />
    </>
  )
}

const countsFromWords = (day: string | undefined) =>
  `钟点、地点、学时、宽限和顺延规则从${day === undefined ? '下一次' : ` ${formatDay(day)} `}的学习起算；已经开放签到的和本支部自己改过日期的不变。请假自动准假、应开次数保存后就起算。`
