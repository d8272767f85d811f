import { Fragment } from 'react'
import { formatDay, mondayOf, type Week, weekNumber } from '#domain/day'
import { type Problem, problemText } from '#domain/refusal'
import { Button } from '#ui/Button'
import { Card } from '#ui/Card'
import { Field, noSecrets } from '#ui/Field'
import { Meta } from '#ui/Meta'
import { Notice } from '#ui/Notice'

export type TopicsScreen = {
  readonly state: 'ready'
  readonly weeks: readonly { readonly week: Week; readonly topic: string; readonly material: string }[]
  readonly problem: Problem | undefined
  readonly isSaved: boolean
  /** Undefined while nothing has been changed. */
  readonly onSave: (() => void) | undefined
  readonly onTopic: (week: Week, topic: string) => void
  readonly onMaterial: (week: Week, material: string) => void
}

/** 下发主题: what the organisation asks its branches to study, this week and the coming ones. */
export function TopicsView({ screen }: { screen: TopicsScreen }) {
  return (
    <>
      <Card title="下发到各支部的主题">
        <Meta text={`支部自己定了主题的，以及已经开放签到的，不会改变。${noSecrets}。`} />
        {screen.weeks.map(({ week, topic, material }) => (
          <Fragment key={week}>
            <Field
              label={`第 ${weekNumber(week)} 周（${formatDay(mondayOf(week))}起）`}
              value={topic}
              onInput={(words) => screen.onTopic(week, words)}
              maxLength={80}
            />
            {topic !== '' && (
              <Field
                label={`第 ${weekNumber(week)} 周的学习材料（可不填）`}
                value={material}
                onInput={(words) => screen.onMaterial(week, words)}
                hint={noSecrets}
                multiline
                maxLength={300}
              />
            )}
          </Fragment>
        ))}
      </Card>
      {screen.problem !== undefined && <Notice tone="red" text={problemText(screen.problem)} />}
      {screen.isSaved && <Notice tone="ok" text="已保存，联网后约十秒下发" />}
      <Button
        label="保存"
        kind="main"
        disabled={screen.onSave === undefined}
        onPress={screen.onSave ?? ignore}
      />
    </>
  )
}

const ignore = () => undefined
