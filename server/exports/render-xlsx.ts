import writeXlsx, { type SheetData } from 'write-excel-file/node'
import type { Cell, Table, Workbook } from './document'

/** The header stays in view, columns are wide enough, text is never taken for a formula. */
export const renderXlsx = ({ sheets, footer }: Workbook): Promise<Buffer> =>
  writeXlsx(
    sheets.map((sheet) => ({
      sheet: sheet.name,
      data: cellsOf(sheet, footer),
      columns: sheet.columns.map(({ width }) => ({ width })),
      stickyRowsCount: 1,
      orientation: 'landscape' as const,
    })),
    { fontFamily: '宋体', fontSize: 11 },
  ).toBuffer()

function cellsOf({ columns, rows, sums = 0 }: Table, footer: readonly string[]): SheetData {
  const firstSum = rows.length - sums
  return [
    columns.map(({ title }) => ({
      value: title,
      type: String,
      fontWeight: 'bold' as const,
      backgroundColor: '#F2F2F2',
      align: 'center' as const,
      alignVertical: 'center' as const,
      wrap: true,
    })),
    ...rows.map((row, index) =>
      row.map((cell) => cellOf(cell, index >= firstSum ? { fontWeight: 'bold' as const } : {})),
    ),
    [],
    ...footer.map((line) => [{ value: line, type: String, textColor: '#666666' }]),
  ]
}

function cellOf(cell: Cell, look: { fontWeight?: 'bold' }) {
  if (cell === undefined) return null
  if (typeof cell === 'number') return { value: cell, type: Number, ...look }
  if (typeof cell === 'string')
    return { value: cell, type: String, wrap: true, alignVertical: 'center' as const, ...look }
  return {
    value: new Date(`${cell.day}T00:00:00Z`),
    type: Date,
    format: 'yyyy-mm-dd',
    align: 'left' as const,
    ...look,
  }
}
