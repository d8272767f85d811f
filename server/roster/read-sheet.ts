import { headerIndex, type RosterCell, type RosterSheet } from '#domain/roster-lines'
import { readCsv } from './csv'
import { limits, type Unreadable, unreadable } from './unreadable'
import { readXlsx } from './xlsx'
import { isZip } from './zip'

export type SheetResult = ({ readonly is: 'sheet' } & RosterSheet) | Unreadable

/** Old Office files, and encrypted new ones. */
const OLE = Buffer.from('d0cf11e0a1b11ae1', 'hex')
const ENCRYPTED_PACKAGE = Buffer.from('EncryptedPackage', 'utf16le')

/** Reads a roster file, xlsx or csv by what it holds and not by its name, from its header on. */
export async function readSheet(bytes: Buffer): Promise<SheetResult> {
  if (bytes.length === 0) return unreadable('empty-file')
  if (bytes.length > limits.bytes) return unreadable('too-large')
  if (bytes.subarray(0, OLE.length).equals(OLE)) {
    return unreadable(bytes.includes(ENCRYPTED_PACKAGE) ? 'protected' : 'old-format')
  }
  const rows = isZip(bytes) ? await readXlsx(bytes) : readCsv(bytes)
  return 'is' in rows ? rows : fromHeader(rows)
}

function fromHeader(rows: readonly RosterCell[][]): SheetResult {
  const header = headerIndex(rows.slice(0, limits.titleRows))
  if (header === undefined) return unreadable('no-header')
  const filled = rows.slice(
    header,
    lengthOf(rows, (cells) => cells.some(isFilled)),
  )
  if (filled.length < 2) return unreadable('no-rows')
  if (filled.length - 1 > limits.rows) return unreadable('too-many-rows')
  if (filled.some((cells) => lengthOf(cells, isFilled) > limits.columns))
    return unreadable('too-many-columns')
  return { is: 'sheet', firstRow: header + 1, rows: filled }
}

const isFilled = ({ text, mark }: RosterCell): boolean => text.trim() !== '' || mark !== undefined

/** Without what follows the last that counts. */
function lengthOf<Item>(items: readonly Item[], counts: (item: Item) => boolean): number {
  let length = items.length
  while (length > 0 && !items.slice(length - 1, length).some(counts)) length -= 1
  return length
}
