import writeXlsxFile, { type Row } from 'write-excel-file/node'
import { columnTitle, type RosterColumn, rosterColumns } from '#domain/roster-lines'
import { onPaper } from '../exports/on-paper'

const isRequired: readonly RosterColumn[] = ['branchName', 'name', 'number']

/** What the reader passes over: its name begins with 示例. */
const example: Record<RosterColumn, string> = {
  branchNumber: 'Z01',
  branchName: '示例：机关第一支部',
  family: '机关',
  name: '示例：张某某',
  number: 'A001',
  membership: '正式党员',
  role: '支部书记',
  joinedOn: '2021-03-05',
  leftOn: '',
  exempt: '否',
}

/** Else Excel takes numbers and dates for its own: 001 becomes 1. */
const asText = { type: String, format: '@' }
const EMPTY_ROWS = 500

/** An empty roster to fill in, xlsx: the header stays in view, and one row shows how. */
export function rosterTemplate(): Promise<Buffer> {
  const header: Row = rosterColumns.map((column) => ({
    value: isRequired.includes(column) ? `${columnTitle(column)}*` : columnTitle(column),
    fontWeight: 'bold',
    backgroundColor: '#F2F2F2',
  }))
  const shown: Row = rosterColumns.map((column) => ({
    ...asText,
    value: example[column],
    textColor: '#808080',
  }))
  const empty = Array.from({ length: EMPTY_ROWS }, (): Row => rosterColumns.map(() => asText))
  const columns = rosterColumns.map((column) => ({ width: column === 'branchName' ? 28 : 14 }))
  return writeXlsxFile(
    [header, shown, ...empty],
    { sheet: '花名册', columns, stickyRowsCount: 1, orientation: 'landscape' },
    { fontFamily: '宋体', fontSize: 11, features: [onPaper(['花名册'])] },
  ).toBuffer()
}
