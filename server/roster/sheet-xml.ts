/** What read-excel-file leaves out of a sheet, read from its XML: how far it really goes, which cells
 *  are merged, and which formulas have no result. */
export interface SheetOutline {
  /** Counted from 1, of cells that hold something; 0 for an empty sheet. */
  readonly lastRow: number
  readonly lastColumn: number
  /** By row and column, `'3,2'`. */
  readonly flaws: ReadonlyMap<string, 'no-value' | 'error'>
  readonly merges: readonly CellRange[]
}

export interface CellRange {
  readonly top: number
  readonly left: number
  readonly bottom: number
  readonly right: number
}

const LAST_ROW = 1_048_576
const LAST_COLUMN = 16_384

/** Attributes cannot hold `<`; text cannot either, so this finds nothing but tags. */
const tags = /<(\/?)(?:[\w.-]+:)?(row|c|f|v|is|mergeCell)((?:\s[^<>]*)?)>/g

/** @throws when a cell lies outside what a sheet can have */
export function outlineOf(xml: string): SheetOutline {
  const outline = { lastRow: 0, lastColumn: 0, flaws: new Map<string, 'no-value' | 'error'>() }
  const merges: CellRange[] = []
  let cell: CellTag | undefined
  for (const tag of xml.matchAll(tags)) {
    const [whole, closing, name, attributes = ''] = tag
    if (name === 'mergeCell') {
      if (closing === '') merges.push(rangeOf(attribute(attributes, 'ref')))
    } else if (name === 'row') {
      if (Number(attribute(attributes, 'r')) > LAST_ROW) throw new Error('no such row')
    } else if (name !== 'c') {
      const isEmpty = attributes.endsWith('/') || xml.startsWith('</', tag.index + whole.length)
      if (cell !== undefined && closing === '') note(cell, name, isEmpty)
    } else if (closing === '') {
      const [row, column] = addressOf(attribute(attributes, 'r'))
      cell = attributes.endsWith('/') ? undefined : { row, column, type: attribute(attributes, 't') }
    } else if (cell !== undefined) {
      const flaw = flawOf(cell)
      if (flaw !== undefined) outline.flaws.set(`${cell.row},${cell.column}`, flaw)
      if (flaw !== undefined || cell.holdsSomething) {
        outline.lastRow = Math.max(outline.lastRow, cell.row)
        outline.lastColumn = Math.max(outline.lastColumn, cell.column)
      }
      cell = undefined
    }
  }
  return { ...outline, merges }
}

interface CellTag {
  readonly row: number
  readonly column: number
  readonly type: string
  isFormula?: boolean
  hasResult?: boolean
  holdsSomething?: boolean
}

function note(cell: CellTag, name: string | undefined, isEmpty: boolean): void {
  if (name === 'f') {
    cell.isFormula = true
  } else {
    cell.hasResult = true
    if (!isEmpty) cell.holdsSomething = true
  }
}

/** An empty result is one: a formula may answer the empty text. */
function flawOf({ type, isFormula, hasResult }: CellTag): 'no-value' | 'error' | undefined {
  if (type === 'e') return 'error'
  return isFormula && !hasResult ? 'no-value' : undefined
}

/** The value of an attribute, whatever its prefix, or '' */
export function attribute(attributes: string, name: string): string {
  for (const [, found, double, single] of attributes.matchAll(/([\w.:-]+)\s*=\s*(?:"([^"]*)"|'([^']*)')/g)) {
    if (found === name || (found?.endsWith(`:${name}`) && !found.startsWith('xmlns:')))
      return double ?? single ?? ''
  }
  return ''
}

function addressOf(text: string): [row: number, column: number] {
  const [, letters = '', digits = ''] = /^\$?([A-Z]{1,3})\$?(\d{1,7})$/.exec(text) ?? []
  const column = [...letters].reduce((sum, letter) => sum * 26 + letter.charCodeAt(0) - 64, 0)
  const row = Number(digits)
  if (!(row >= 1 && row <= LAST_ROW && column >= 1 && column <= LAST_COLUMN)) throw new Error('no such cell')
  return [row, column]
}

function rangeOf(text: string): CellRange {
  const [from = '', to = from] = text.split(':')
  const [top, left] = addressOf(from)
  const [bottom, right] = addressOf(to)
  return { top, left, bottom, right }
}
