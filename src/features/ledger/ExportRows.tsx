import type { ExportAsked } from '#protocol/export'
import { Notice } from '#ui/Notice'
import { Row } from '#ui/Row'
import type { Exporting } from './useExport'

export interface ExportRow {
  readonly title: string
  /** What is in it, and in what it opens. */
  readonly detail: string
  readonly asked: ExportAsked
}

/** Files to be had: one press each. */
export function ExportRows({ rows, exporting }: { rows: readonly ExportRow[]; exporting: Exporting }) {
  return (
    <>
      {rows.map(({ title, detail, asked }) => (
        <Row
          key={title}
          title={title}
          detail={isSame(exporting.making, asked) ? '正在生成…' : detail}
          onPress={() => exporting.onExport(asked)}
        />
      ))}
    </>
  )
}

const isSame = (a: ExportAsked | undefined, b: ExportAsked) => JSON.stringify(a) === JSON.stringify(b)

/** How the last export went. */
export function ExportNotice({ exporting }: { exporting: Exporting }) {
  if (exporting.problem !== undefined) return <Notice tone="red" text={exporting.problem} />
  if (exporting.making !== undefined) return <Notice tone="neutral" text="正在生成文件，请稍候…" />
  return exporting.done === undefined ? null : <Notice tone="ok" text={`已导出「${exporting.done}」`} />
}
