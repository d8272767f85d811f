import { mondayOf, type Week } from '#domain/day'
import type { OrganizationId } from '#domain/ids'
import { periodName, periodOf } from '#domain/period'
import { Card } from '#ui/Card'
import { ExportNotice, ExportRows } from './ExportRows'
import { useExport } from './useExport'

/** Figures of all branches to take along: of the month of this week, and of its year. */
export function OrganizationExports({
  organizationId,
  week,
}: {
  organizationId: OrganizationId
  week: Week
}) {
  const exporting = useExport()
  const rows = (['month', 'year'] as const).map((span) => {
    const period = periodOf(span, mondayOf(week))
    return {
      title: `各支部学习台账（${periodName(period)}）`,
      detail: '按支部和各次学习，不含姓名 · 表格',
      asked: { kind: 'organization-ledger' as const, organizationId, period },
    }
  })
  return (
    <>
      <ExportNotice exporting={exporting} />
      <Card eyebrow="导出">
        <ExportRows rows={rows} exporting={exporting} />
      </Card>
    </>
  )
}
