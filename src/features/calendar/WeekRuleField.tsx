import { addDays, weekdayName } from '#domain/day'
import type { WeekRule } from '#domain/week-rule'
import { Choice } from '#ui/Choice'
import { Meta } from '#ui/Meta'

type Kind = WeekRule['kind'] | 'above'

const kinds: readonly { value: Kind; label: string }[] = [
  { value: 'above', label: '跟随上级' },
  { value: 'postpone', label: '顺延' },
  { value: 'skip', label: '停学' },
  { value: 'fixed-day', label: '固定星期' },
]

/** Saturdays and Sundays are days off: a study fixed there would hardly ever be held. */
const weekdays = ([1, 2, 3, 4, 5] as const).map((weekday) => ({
  value: String(weekday),
  label: weekdayOf(weekday),
  weekday,
}))

interface WeekRuleFieldProps {
  readonly rule: WeekRule | undefined
  /** A branch may go by the organisation's rule; the organisation itself has nobody above. */
  readonly above: WeekRule | undefined
  readonly onRule: (rule: WeekRule | undefined) => void
}

/** 顺延规则: what happens to a Monday off. */
export function WeekRuleField({ rule, above, onRule }: WeekRuleFieldProps) {
  const choose = (kind: Kind) => {
    if (kind === 'above') onRule(undefined)
    else onRule(kind === 'fixed-day' ? { kind, weekday: 1 } : { kind })
  }
  return (
    <>
      <Choice
        label="顺延规则"
        options={above === undefined ? kinds.slice(1) : kinds}
        value={rule?.kind ?? 'above'}
        onChange={choose}
        wrap
      />
      {rule?.kind === 'fixed-day' && (
        <Choice
          label="学习日"
          options={weekdays}
          value={String(rule.weekday)}
          onChange={(value) => {
            const weekday = weekdays.find((each) => each.value === value)?.weekday
            if (weekday !== undefined) onRule({ kind: 'fixed-day', weekday })
          }}
          wrap
        />
      )}
      <Meta text={rule === undefined ? `上级现在的规则：${ruleWords(above)}` : ruleWords(rule)} />
    </>
  )
}

export function ruleWords(rule: WeekRule | undefined): string {
  switch (rule?.kind) {
    case 'postpone':
      return '周一放假的，顺延至当周第一个工作日；整周放假的停学'
    case 'skip':
      return '周一放假的，当周停学'
    case 'fixed-day':
      return `每${weekdayOf(rule.weekday)}学习，当天放假的停学`
    case undefined:
      return '还没有取到'
  }
}

/** 1 is 周一. */
function weekdayOf(weekday: number): string {
  const aMonday = '2025-03-10'
  return weekdayName(addDays(aMonday, weekday - 1))
}
