import { addDays, type Day, formatDay, mondayOf, type Week, weekNumber } from '#domain/day'
import { type Problem, problemText } from '#domain/refusal'
import { type HorizonWarning, horizonText } from '#domain/week-rule'
import { isHeld, type WeeklyStudy } from '#domain/weekly-study'
import { Button } from '#ui/Button'
import { Card } from '#ui/Card'
import type { ChipProps } from '#ui/Chip'
import { Choice } from '#ui/Choice'
import { Empty } from '#ui/Empty'
import { Field, noSecrets } from '#ui/Field'
import { Loading } from '#ui/Loading'
import { Meta } from '#ui/Meta'
import { Notice } from '#ui/Notice'
import { Row } from '#ui/Row'
import { Sheet } from '#ui/Sheet'

export type ScheduleScreen =
  | { readonly state: 'loading' }
  | {
      readonly state: 'ready'
      readonly studies: readonly WeeklyStudy[]
      /** What of these weeks lies past the published holidays. */
      readonly horizon: HorizonWarning | undefined
      readonly change: WeekChange | undefined
      readonly onOpen: (week: Week) => void
      readonly onMore: (() => void) | undefined
      readonly onSettings: (() => void) | undefined
    }

/** Where a week may go: another day of it, or nowhere. */
export type Destination = Day | 'not-held'

export interface WeekChange {
  readonly study: WeeklyStudy
  /** The days of the week that are still to come. */
  readonly days: readonly Day[]
  readonly to: Destination | undefined
  readonly reason: string
  readonly problem: Problem | undefined
  readonly onTo: (to: Destination) => void
  readonly onReason: (reason: string) => void
  /** Undefined while something is missing. */
  readonly onSave: (() => void) | undefined
  readonly onPlan: (() => void) | undefined
  readonly onCancel: () => void
}

/** 学习日程: on which day the coming weeks are held, and why not on their Monday. */
export function ScheduleView({ screen }: { screen: ScheduleScreen }) {
  if (screen.state === 'loading') return <Loading label="正在取学习日程…" />
  const { studies, horizon, change } = screen
  if (studies.length === 0) return <Empty title="还没有排定" detail="服务器排定后会显示在这里" />
  return (
    <>
      {horizon !== undefined && <Notice tone="wait" text={horizonText(horizon)} />}
      <Card>
        {studies.map((study) => {
          const chip = chipOf(study)
          return (
            <Row
              key={study.week}
              title={titleOf(study)}
              detail={detailOf(study)}
              {...(chip === undefined ? {} : { chip })}
              {...(study.state === 'closed' ? {} : { onPress: () => screen.onOpen(study.week) })}
            />
          )
        })}
      </Card>
      {screen.onMore !== undefined && <Button label="再看以后的" onPress={screen.onMore} />}
      {screen.onSettings !== undefined && (
        <Card>
          <Row title="支部设置" detail="钟点、地点、学时、请假和顺延规则" onPress={screen.onSettings} />
        </Card>
      )}
      {change !== undefined && <ChangeSheet {...change} />}
    </>
  )
}

function ChangeSheet(change: WeekChange) {
  const { study, days, problem } = change
  const options = [
    ...days.map((day) => ({ value: day, label: formatDay(day) })),
    { value: 'not-held', label: '本周停学', tone: 'wait' as const },
  ]
  return (
    <Sheet
      title={titleOf(study)}
      onCancel={change.onCancel}
      actions={
        <Button
          label="保存"
          kind="main"
          disabled={change.onSave === undefined}
          onPress={change.onSave ?? ignore}
        />
      }
    >
      <Meta text={detailOf(study)} />
      {change.onPlan !== undefined && <Button label="安排主题、领学人和地点" onPress={change.onPlan} />}
      <Meta text="改到本周的另一天，或本周停学。改回原来的日期，再选那一天即可。" />
      <Choice label="改到" options={options} value={change.to} onChange={change.onTo} wrap />
      <Field
        label="改动原因"
        value={change.reason}
        onInput={change.onReason}
        maxLength={200}
        hint={`本支部的同志会看到，也会记入更改记录。${noSecrets}`}
      />
      {problem !== undefined && <Notice tone="red" text={problemText(problem)} />}
    </Sheet>
  )
}

const ignore = () => undefined

function titleOf(study: WeeklyStudy): string {
  const number = `第 ${weekNumber(study.week)} 周`
  if (isHeld(study)) return `${formatDay(study.heldOn)} · ${number}`
  const monday = mondayOf(study.week)
  const [first, last] = [monday, addDays(monday, 6)].map((day) => formatDay(day).split(' ')[0])
  return `${first}至${last} · ${number}`
}

function detailOf(study: WeeklyStudy): string {
  if (study.state === 'not-held') return study.reason
  if (study.state === 'unconfirmed') return '放假安排还没有公布'
  return [study.moved, study.topic === '' ? '主题待定' : study.topic].filter(Boolean).join(' · ')
}

function chipOf(study: WeeklyStudy): ChipProps | undefined {
  switch (study.state) {
    case 'closed':
      return { label: '已关闭' }
    case 'unconfirmed':
      return { tone: 'wait', label: '日期待确认' }
    case 'not-held':
      return { tone: 'wait', label: '停学' }
    case 'open':
      if (study.isOverridden) return { tone: 'wait', label: '本支部改期' }
      return study.moved === undefined ? undefined : { tone: 'wait', label: '顺延' }
  }
}
