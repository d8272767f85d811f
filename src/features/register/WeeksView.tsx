import { useState } from 'react'
import { dayOf, formatDay, type Week, weekNumber, weekOf } from '#domain/day'
import { weekBefore } from '#domain/history'
import type { BranchId } from '#domain/ids'
import { branchScope } from '#domain/scopes'
import { ratesOf, rateText } from '#domain/tally'
import { nextStudy } from '#domain/upcoming'
import type { WeeklyStudy } from '#domain/weekly-study'
import { Button } from '#ui/Button'
import { Card } from '#ui/Card'
import { Empty } from '#ui/Empty'
import { Row } from '#ui/Row'
import type { SignedIn } from '#workspace'

export interface WeeksScreen {
  readonly studies: readonly WeeklyStudy[]
  readonly thisWeek: Week
  readonly onOpen: (week: Week) => void
  readonly onMore: () => void
  /** 台账与导出 */
  readonly onLedger: () => void
}

/** The branch's registers, newest first. */
export function WeeksView({ studies, thisWeek, onOpen, onMore, onLedger }: WeeksScreen) {
  if (studies.length === 0) return <Empty title="还没有登记簿" detail="到学习那一周会自动建好" />
  return (
    <>
      <Card>
        <Row title="台账与导出" detail="登记簿、签到表、学习记录、台账和手册" onPress={onLedger} />
      </Card>
      <Card>
        {studies.map((study) => {
          const number = `第 ${weekNumber(study.week)} 周`
          if (study.state === 'not-held')
            return <Row key={study.week} title={number} detail={`停学 · ${study.reason}`} />
          if (study.state === 'unconfirmed')
            return <Row key={study.week} title={number} detail="日期待确认" />
          return (
            <Row
              key={study.week}
              title={`${formatDay(study.heldOn)} · ${number}`}
              detail={study.topic === '' ? '主题待定' : study.topic}
              aside={
                study.state === 'closed'
                  ? `到会 ${rateText(ratesOf(study.tally).attendanceRate)}`
                  : study.week > thisWeek
                    ? '未开始'
                    : '登记中'
              }
              onPress={() => onOpen(study.week)}
            />
          )
        })}
      </Card>
      <Button label="再看以前的" kind="quiet" onPress={onMore} />
    </>
  )
}

const pageLength = 20

export function useWeeks(
  { replica }: SignedIn,
  branchId: BranchId,
  { onOpen, onLedger }: Pick<WeeksScreen, 'onOpen' | 'onLedger'>,
): WeeksScreen {
  const [length, setLength] = useState(pageLength)
  const studies: WeeklyStudy[] = []
  const next = nextStudy(replica, branchId, replica.now())
  if (next !== undefined) studies.push(next)
  const thisWeek = weekOf(dayOf(replica.now()))
  let week = thisWeek
  while (studies.length < length) {
    const study = replica.get(branchScope(branchId), 'weekly-study', week)
    if (study === undefined) break
    studies.push(study)
    week = weekBefore(week)
  }
  return { studies, thisWeek, onOpen, onLedger, onMore: () => setLength(length + pageLength) }
}
