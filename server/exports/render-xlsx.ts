import writeXlsx, { type SheetData } from 'write-excel-file/node'
import type { Cell, Table, Workbook } from './document'
import { heightOf, onPaper } from './on-paper'

/** The header stays in view, columns are wide and rows are high enough, text is never taken for a formula. */
export const renderXlsx = ({ sheets, footer }: Workbook): Promise<Buffer> =>
  writeXlsx(
    sheets.map((sheet) => ({
      sheet: sheet.name,
      data: cellsOf(sheet, footer),
      columns: sheet.columns.map(({ width }) => ({ width })),
      stickyRowsCount: 1,
      orientation: 'landscape' as const,
    })),
    { fontFamily: '宋体', fontSize: 11, features: [onPaper(sheets.map(({ name }) => name))] },
  ).toBuffer()

interface Look {
  readonly height: number
  readonly fontWeight?: 'bold'
}

const ruled = {
  alignVertical: 'center' as const,
  borderStyle: 'thin' as const,
  borderColor: '#BFBFBF',
}

function cellsOf({ columns, rows, sums = 0 }: Table, footer: readonly string[]): SheetData {
  const firstSum = rows.length - sums
  const widths = columns.map(({ width }) => width)
  const titles = columns.map(({ title }) => title)
  return [
    titles.map((title) => ({
      ...ruled,
      value: title,
      type: String,
      fontWeight: 'bold' as const,
      backgroundColor: '#F2F2F2',
      align: 'center' as const,
      wrap: true,
      height: heightOf(titles, widths),
    })),
    ...rows.map((row, index) => {
      const height = heightOf(row.map(shownAs), widths)
      return row.map((cell) => cellOf(cell, index >= firstSum ? { height, fontWeight: 'bold' } : { height }))
    }),
    ...(footer.length === 0 ? [] : [[]]),
    ...footer.map((line) => [{ value: line, type: String, textColor: '#666666' }]),
  ]
}

const shownAs = (cell: Cell): string => (typeof cell === 'string' ? cell : '')

function cellOf(cell: Cell, look: Look) {
  const all = { ...ruled, ...look }
  if (cell === undefined) return { ...all }
  if (typeof cell === 'number') return { ...all, value: cell, type: Number }
  if (typeof cell === 'string') return { ...all, value: cell, type: String, wrap: true }
  return {
    ...all,
    value: new Date(`${cell.day}T00:00:00Z`),
    type: Date,
    format: 'yyyy-mm-dd',
    align: 'left' as const,
  }
}
