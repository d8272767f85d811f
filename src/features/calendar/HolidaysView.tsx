import type { KnownYear } from '#domain/notice-lines'
import { type Problem, problemText } from '#domain/refusal'
import { type HorizonWarning, horizonText, type WeekRule } from '#domain/week-rule'
import { Button } from '#ui/Button'
import { Card } from '#ui/Card'
import { Loading } from '#ui/Loading'
import { Meta } from '#ui/Meta'
import { Notice } from '#ui/Notice'
import { Row } from '#ui/Row'
import { WeekRuleField } from './WeekRuleField'

export type HolidaysScreen =
  | { readonly state: 'loading' }
  | {
      readonly state: 'ready'
      readonly years: readonly KnownYear[]
      readonly horizon: HorizonWarning | undefined
      readonly rule: WeekRule
      readonly isRuleChanged: boolean
      readonly isSaved: boolean
      readonly problem: Problem | undefined
      readonly onYear: (year: number) => void
      readonly onRule: (rule: WeekRule) => void
      readonly onSave: () => void
    }

const sourceWords = {
  library: '公布的安排，随软件更新',
  notice: '照公布的通知录入',
  assumed: '先按周一到周五排定，公布后请录入',
} as const

/** 放假安排: which years are known and from where, and what happens to a Monday off. */
export function HolidaysView({ screen }: { screen: HolidaysScreen }) {
  if (screen.state === 'loading') return <Loading />
  const { years, horizon, problem } = screen
  return (
    <>
      {horizon !== undefined && <Notice tone="wait" text={`${horizonText(horizon)}。公布后请在下面录入`} />}
      <Card eyebrow="各年的放假安排">
        {years.map(({ year, source }) => (
          <Row
            key={year}
            title={`${year} 年`}
            detail={source === undefined ? '公布后照通知录入' : sourceWords[source]}
            {...(source === undefined ? { chip: { tone: 'wait', label: '还没有' } } : {})}
            onPress={() => screen.onYear(year)}
          />
        ))}
      </Card>
      <Card eyebrow="周一放假时">
        <WeekRuleField
          rule={screen.rule}
          above={undefined}
          onRule={(rule) => rule !== undefined && screen.onRule(rule)}
        />
        <Meta text="没有自己规则的支部都照此安排。还没有开始的学习会重新排定，支部自己改过日期的不变。" />
        {problem !== undefined && <Notice tone="red" text={problemText(problem)} />}
        {screen.isSaved && <Notice tone="ok" text="已保存，联网后约十秒重新排定" />}
        <Button label="保存规则" disabled={!screen.isRuleChanged} onPress={screen.onSave} />
      </Card>
    </>
  )
}
