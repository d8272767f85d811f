import type { ReactNode } from 'react'
import { formatDay, weekNumber } from '#domain/day'
import type { BranchId } from '#domain/ids'
import type { Ledger } from '#domain/ledger'
import { type PeriodSpan, periodName } from '#domain/period'
import type { HeldStudy } from '#domain/weekly-study'
import { Actions } from '#ui/Actions'
import { Button } from '#ui/Button'
import { Card } from '#ui/Card'
import { Empty } from '#ui/Empty'
import { Meta } from '#ui/Meta'
import { Segments } from '#ui/Segments'
import { ExportNotice, ExportRows } from './ExportRows'
import type { Exporting } from './useExport'

export type LedgerScreen = {
  readonly state: 'ready'
  readonly branchId: BranchId
  /** The study whose papers are offered; none before the branch's first. */
  readonly study: HeldStudy | undefined
  readonly span: PeriodSpan
  readonly ledger: Ledger
  readonly exporting: Exporting
  readonly onSpan: (span: PeriodSpan) => void
  readonly onEarlier: () => void
  /** Nothing is later than now. */
  readonly onLater: (() => void) | undefined
  readonly onEarlierStudy: (() => void) | undefined
  readonly onLaterStudy: (() => void) | undefined
}

const spans: readonly { value: PeriodSpan; label: string }[] = [
  { value: 'month', label: '按月' },
  { value: 'quarter', label: '按季度' },
  { value: 'year', label: '按年' },
]

/** One register, every paper made of it: nothing is typed again. */
export function LedgerView({ screen, totals }: { screen: LedgerScreen; totals?: ReactNode }) {
  const { branchId, study, ledger, exporting } = screen
  const { period, reviews } = ledger
  return (
    <>
      <ExportNotice exporting={exporting} />
      <Segments label="统计期间" options={spans} value={screen.span} onChange={screen.onSpan} />
      <Card eyebrow={`${periodName(period)} · ${reviews.length} 次学习`}>
        {reviews.length === 0 && <Empty title="这段时间还没有学习" />}
        <ExportRows
          exporting={exporting}
          rows={[
            {
              title: '学习台账',
              detail: '各次学习、缺席与请假、更改记录 · 表格',
              asked: { kind: 'ledger', branchId, period },
            },
            {
              title: '支部学习手册',
              detail: '汇总和各次学习 · 文档，可打印',
              asked: { kind: 'handbook', branchId, period },
            },
          ]}
        />
        <Stepper
          earlier={{ label: '上一期', onPress: screen.onEarlier }}
          later={{ label: '下一期', onPress: screen.onLater }}
        />
      </Card>
      {reviews.length > 0 && totals}
      {study !== undefined && (
        <Card eyebrow={`第 ${weekNumber(study.week)} 周 · ${formatDay(study.heldOn)}`}>
          <ExportRows
            exporting={exporting}
            rows={[
              {
                title: '登记簿',
                detail: '这一次的登记、缺席与请假 · 表格',
                asked: { kind: 'register', branchId, week: study.week },
              },
              {
                title: '签到表',
                detail: '应到名单，留出签名处 · 文档，可打印',
                asked: { kind: 'sign-in-sheet', branchId, week: study.week },
              },
              {
                title: '学习记录',
                detail: '时间、地点、到会情况已填好，写过学习记录的也填好 · 文档',
                asked: { kind: 'study-record', branchId, week: study.week },
              },
            ]}
          />
          <Stepper
            earlier={{ label: '上一次', onPress: screen.onEarlierStudy }}
            later={{ label: '下一次', onPress: screen.onLaterStudy }}
          />
        </Card>
      )}
      <Meta text="文件由服务器按登记簿生成，数字与登记簿一致，保存一天。请假类别只有支部书记的文件里有。" />
    </>
  )
}

interface Step {
  readonly label: string
  readonly onPress: (() => void) | undefined
}

const Stepper = ({ earlier, later }: { earlier: Step; later: Step }) => (
  <Actions>
    {[earlier, later].map(({ label, onPress }) => (
      <Button
        key={label}
        label={label}
        kind="quiet"
        disabled={onPress === undefined}
        onPress={onPress ?? ignore}
      />
    ))}
  </Actions>
)

const ignore = () => undefined
