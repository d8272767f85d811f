import { clockOf, formatDay, weekNumber } from '#domain/day'
import type { PastWeek } from '#domain/history'
import { leaveKindWords, madeUpWords, sourceWords, standingTone, standingWords } from '#domain/words'
import { Button } from '#ui/Button'
import { Card } from '#ui/Card'
import { Empty } from '#ui/Empty'
import { Row } from '#ui/Row'

export type HistoryScreen = {
  readonly state: 'ready'
  readonly weeks: readonly PastWeek[]
  readonly onMore: (() => void) | undefined
}

/** One's own record, week by week. Nothing is added up: it is a register, not a score. */
export function HistoryView({ screen, onMakeUp }: { screen: HistoryScreen; onMakeUp: () => void }) {
  if (screen.weeks.length === 0) {
    return <Empty title="还没有记录" detail="参加学习并登记以后，每周的情况会列在这里" />
  }
  return (
    <>
      <Card>
        <Row title="补学与学时" detail="错过的学习可以补学，学时只有您自己能看到" onPress={onMakeUp} />
      </Card>
      <Card>
        {screen.weeks.map((past) => (
          <Row
            key={past.study.week}
            title={`${formatDay(past.study.heldOn)} · 第 ${weekNumber(past.study.week)} 周`}
            detail={detailOf(past)}
            chip={{ tone: standingTone[past.standing], label: standingWords[past.standing] }}
          />
        ))}
      </Card>
      {screen.onMore !== undefined && <Button label="再看以前的" kind="quiet" onPress={screen.onMore} />}
    </>
  )
}

function detailOf({ study, line, leave }: PastWeek): string {
  const parts = [study.topic]
  if (line?.via === 'own' && line.claimedAt !== undefined) parts.push(`${clockOf(line.claimedAt)} 签到`)
  if (line !== undefined && line.source !== 'on-site') parts.push(sourceWords[line.source])
  if (line?.isBackfilled) parts.push('补录')
  if (line?.isAmended) parts.push('关闭后更改')
  if (line?.madeUp !== undefined) parts.push(madeUpWords[line.madeUp])
  if (leave?.state === 'accepted') parts.push(leaveKindWords[leave.kind])
  if (leave?.state === 'declined') parts.push(`请假未获批准：${leave.decisionReason ?? ''}`)
  return parts.filter((part) => part !== '').join(' · ')
}
