import type { ReactNode } from 'react'
import { type Week, weekNumber } from '#domain/day'
import type { RecordOf } from '#domain/records'
import { type Problem, problemText } from '#domain/refusal'
import { ratesOf, rateText, sumOf } from '#domain/tally'
import { Actions } from '#ui/Actions'
import { Button } from '#ui/Button'
import { Card } from '#ui/Card'
import { Empty } from '#ui/Empty'
import { Figures } from '#ui/Figures'
import { Meta } from '#ui/Meta'
import { Notice } from '#ui/Notice'
import { Rates } from '#ui/Rates'
import { Row } from '#ui/Row'
import { Sheet } from '#ui/Sheet'

export type BranchTotals = RecordOf<'branch-totals'>

export type OverviewScreen = {
  readonly state: 'ready'
  readonly week: Week
  readonly totals: readonly BranchTotals[]
  /** The years whose holidays nobody has published yet, when the weeks planned reach them. */
  readonly unconfirmedYear: number | undefined
  readonly problem: Problem | undefined
  readonly onConfirmYear: (() => void) | undefined
  /** Asked once more before every branch's weeks are planned so. */
  readonly confirming: { readonly onConfirm: () => void; readonly onCancel: () => void } | undefined
  /** What only the admin does from here. */
  readonly admin: AdminRows | undefined
  readonly onProgress: () => void
  readonly onEarlier: () => void
  readonly onLater: (() => void) | undefined
}

export interface AdminRows {
  readonly openTickets: number
  readonly onDesk: () => void
  readonly onHolidays: () => void
  readonly onTopics: () => void
  readonly onStudyPlan: () => void
  readonly onJoint: () => void
}

const stateWords: Record<BranchTotals['state'], string> = {
  open: '登记中',
  closed: '已关闭',
  'not-held': '停学',
  unconfirmed: '日期待确认',
}

/** Every branch for one week, by family and in the order of their names: what is missing, so that
 *  somebody can help. No order by figures, and nobody's name. */
export function OverviewView({ screen, exports }: { screen: OverviewScreen; exports?: ReactNode }) {
  const { totals, week } = screen
  const families = [...new Set(totals.map((each) => each.family))]
  const held = totals.filter((each) => each.state === 'open' || each.state === 'closed')
  const all = sumOf(held.map((each) => each.tally))
  const rates = ratesOf(all)
  return (
    <>
      {screen.unconfirmedYear !== undefined && <HorizonCard year={screen.unconfirmedYear} screen={screen} />}
      <Card eyebrow={`第 ${weekNumber(week)} 周`}>
        <Figures
          items={[
            { label: '支部', value: totals.length },
            { label: '已关闭', value: totals.filter((each) => each.state === 'closed').length },
            { label: '登记中', value: totals.filter((each) => each.state === 'open').length },
          ]}
        />
        <Rates
          items={[
            { label: '到会率', ...rates.attendanceRate },
            { label: '参学率', ...rates.participationRate },
            { label: '无故缺席', ...rates.unexplainedAbsenceRate },
          ]}
        />
        <Actions>
          <Button label="上一周" kind="quiet" onPress={screen.onEarlier} />
          <Button
            label="下一周"
            kind="quiet"
            disabled={screen.onLater === undefined}
            onPress={screen.onLater ?? ignore}
          />
        </Actions>
      </Card>
      {totals.length === 0 && <Empty title="这一周还没有数据" detail="各支部登记后约十秒更新" />}
      {families.map((family) => (
        <Card key={family} eyebrow={family}>
          {totals
            .filter((each) => each.family === family)
            .map((each) => (
              <Row
                key={each.branchId}
                title={each.branchName}
                detail={detailOf(each)}
                aside={stateWords[each.state]}
              />
            ))}
        </Card>
      ))}
      <Meta text="只统计到支部，约每十秒更新一次。" />
      <Card>
        <Row title="计划进度" detail="各专题在各支部已学、已安排还是没有安排" onPress={screen.onProgress} />
      </Card>
      {exports}
      {screen.admin !== undefined && (
        <Card>
          <Row
            title="投诉建议"
            detail={screen.admin.openTickets === 0 ? '没有待处理的' : `${screen.admin.openTickets} 件待处理`}
            onPress={screen.admin.onDesk}
          />
          <Row
            title="编制学习计划"
            detail="一年的阶段和专题，下发到各支部"
            onPress={screen.admin.onStudyPlan}
          />
          <Row title="下发主题" detail="只定本周和以后八周的" onPress={screen.admin.onTopics} />
          <Row title="联合会议" detail="几个支部一起开的会" onPress={screen.admin.onJoint} />
          <Row title="放假安排" detail="各年的放假、周一放假时怎样顺延" onPress={screen.admin.onHolidays} />
        </Card>
      )}
    </>
  )
}

const ignore = () => undefined

/** Past the published holidays nothing is assumed without somebody saying so. */
function HorizonCard({
  year,
  screen,
}: {
  year: number
  screen: Extract<OverviewScreen, { state: 'ready' }>
}) {
  return (
    <Card eyebrow="需要您留意" title={`${year} 年放假安排还没有公布`}>
      <Meta text={`${year} 年的学习日期暂未排定，各支部显示为「日期待确认」。公布并录入后会自动排定。`} />
      {screen.admin !== undefined && <Button label="录入放假安排" onPress={screen.admin.onHolidays} />}
      {screen.onConfirmYear !== undefined && (
        <Button label="先按周一到周五排定" kind="quiet" onPress={screen.onConfirmYear} />
      )}
      {screen.problem !== undefined && <Notice tone="red" text={problemText(screen.problem)} />}
      {screen.confirming !== undefined && (
        <Sheet
          title={`${year} 年先按周一到周五排定？`}
          onCancel={screen.confirming.onCancel}
          actions={<Button label="排定" kind="main" onPress={screen.confirming.onConfirm} />}
        >
          <Meta text="所有周一都当作工作日，遇到节假日不会顺延。放假安排公布后请再更新，还没有开始的学习会重新排定。" />
        </Sheet>
      )}
    </Card>
  )
}

function detailOf({ state, tally }: BranchTotals): string {
  if (state === 'not-held' || state === 'unconfirmed') return ''
  const parts = [`到会 ${rateText(ratesOf(tally).attendanceRate)}`]
  if (tally.unrecorded > 0) parts.push(`未登记 ${tally.unrecorded}`)
  if (tally.held > 0) parts.push(`待定 ${tally.held}`)
  return parts.join(' · ')
}
