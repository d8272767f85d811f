import type { BranchId } from '#domain/ids'
import { Card } from '#ui/Card'
import { ExportNotice, ExportRows } from './ExportRows'
import { useExport } from './useExport'

/** The papers of one meeting. */
export function GatheringExports({ branchId, meeting }: { branchId: BranchId; meeting: string }) {
  const exporting = useExport()
  return (
    <>
      <ExportNotice exporting={exporting} />
      <Card eyebrow="导出">
        <ExportRows
          exporting={exporting}
          rows={[
            {
              title: '会议记录',
              detail: '时间、到会、议程、内容、表决和决议 · 文档',
              asked: { kind: 'minutes', branchId, meeting },
            },
            {
              title: '签到表',
              detail: '应到名单，留出签名处 · 文档，可打印',
              asked: { kind: 'sign-in-sheet', branchId, week: meeting },
            },
          ]}
        />
      </Card>
    </>
  )
}
