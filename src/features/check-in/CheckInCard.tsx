import { clockOf, formatDay, weekNumber } from '#domain/day'
import type { HeldStudy, WeeklyStudy } from '#domain/weekly-study'
import { Card } from '#ui/Card'
import { Chip } from '#ui/Chip'
import { Loading } from '#ui/Loading'
import { Meta } from '#ui/Meta'
import { OwnPart, type OwnPartScreen } from './OwnPart'

/** This week's study and one's own part in it. */
export type CheckInScreen =
  | { readonly state: 'loading' }
  | { readonly state: 'no-study' }
  | { readonly state: 'not-held'; readonly study: Exclude<WeeklyStudy, HeldStudy> }
  | { readonly state: 'held'; readonly study: HeldStudy; readonly own: OwnPartScreen }

export function CheckInCard({ screen }: { screen: CheckInScreen }) {
  switch (screen.state) {
    case 'loading':
      return <Loading label="正在取本周的学习…" />
    case 'no-study':
      return <Card title="本周没有学习安排">{<Meta text="下一次学习排定后会显示在这里" />}</Card>
    case 'not-held':
      return (
        <Card eyebrow={`第 ${weekNumber(screen.study.week)} 周`} title="本周停学">
          <Meta
            text={
              screen.study.state === 'not-held'
                ? screen.study.reason
                : '放假安排还没有公布，等上级党组织确认后再定日期'
            }
          />
        </Card>
      )
    case 'held':
      return <HeldCard {...screen} />
  }
}

function HeldCard({ study, own }: Extract<CheckInScreen, { state: 'held' }>) {
  const lead = study.studyLead ? `领学 ${study.studyLead.name} · ` : ''
  const place = study.place === '' ? '' : ` · ${study.place}`
  return (
    <Card
      eyebrow={`第 ${weekNumber(study.week)} 周 · ${formatDay(study.heldOn)}`}
      aside={study.moved === undefined ? undefined : <Chip tone="wait" label={study.moved} />}
      title={study.topic === '' ? '本周主题待定' : study.topic}
    >
      <Meta text={`${lead}${clockOf(study.startsAt)}–${clockOf(study.endsAt)}${place}`} />
      <OwnPart {...own} />
    </Card>
  )
}
