import { zipSync } from 'fflate'
import { readSheet } from 'read-excel-file/node'
import type { RosterCell } from '#domain/roster-lines'
import { cellOf } from './cell'
import { attribute, outlineOf, type SheetOutline } from './sheet-xml'
import { limits, type Unreadable, unreadable } from './unreadable'
import { unzip } from './zip'

const WORKBOOK = 'xl/workbook.xml'
const RELATIONS = 'xl/_rels/workbook.xml.rels'

/** The first sheet with anything in it that is not hidden, as texts; row 1 of the file is at 0. */
export async function readXlsx(bytes: Buffer): Promise<RosterCell[][] | Unreadable> {
  try {
    return await readWorkbook(bytes)
  } catch {
    // Whatever zlib or the library has to say of it: the words of an error can hold cells.
    return unreadable('damaged')
  }
}

async function readWorkbook(bytes: Buffer): Promise<RosterCell[][] | Unreadable> {
  const isWanted = (name: string) => name.startsWith('xl/') && /\.(xml|rels)$/.test(name)
  const parts = unzip(bytes, isWanted, limits.unpackedBytes)
  if (parts === 'too-large') return unreadable('too-large-inside')
  if (!parts.has(WORKBOOK)) return unreadable('not-a-sheet')

  for (const { position, path } of visibleSheets(parts)) {
    const outline = outlineOf(parts.get(path)?.toString('utf8') ?? '')
    if (outline.lastRow === 0) continue
    // Before the library makes an array of it: two far cells would be a sheet of billions.
    if (outline.lastRow > limits.rows + limits.titleRows) return unreadable('too-many-rows')
    if (outline.lastColumn > limits.columns) return unreadable('too-many-columns')
    // The library unpacks without a limit, so it is given only what has been measured, not packed.
    const measured = Buffer.from(zipSync(Object.fromEntries(parts), { level: 0 }))
    const values: unknown[][] = await readSheet(measured, position, {
      parseNumber: (digits): NumberText => ({ digits }),
    })
    return cellsOf(values, outline)
  }
  return unreadable('no-rows')
}

/** `position` counts from 1 and includes the hidden ones, as the library wants it. */
function visibleSheets(parts: ReadonlyMap<string, Buffer>): { position: number; path: string }[] {
  const targets = new Map(
    tagsOf(parts.get(RELATIONS), 'Relationship').map((tag) => [
      attribute(tag, 'Id'),
      attribute(tag, 'Target'),
    ]),
  )
  return tagsOf(parts.get(WORKBOOK), 'sheet')
    .map((tag, index) => ({ tag, position: index + 1, target: targets.get(attribute(tag, 'id')) ?? '' }))
    .filter(({ tag }) => !/hidden/i.test(attribute(tag, 'state')))
    .map(({ position, target }) => ({
      position,
      path: target.startsWith('/') ? target.slice(1) : `xl/${target}`,
    }))
}

const tagsOf = (xml: Buffer | undefined, name: string): string[] =>
  [...(xml?.toString('utf8') ?? '').matchAll(new RegExp(`<(?:[\\w.-]+:)?${name}(\\s[^<>]*)>`, 'g'))].map(
    ([, attributes = '']) => attributes,
  )

function cellsOf(values: readonly (readonly unknown[])[], outline: SheetOutline): RosterCell[][] {
  const cells = Array.from({ length: outline.lastRow }, (_, row) =>
    Array.from({ length: outline.lastColumn }, (_, column): RosterCell => {
      const mark = outline.flaws.get(`${row + 1},${column + 1}`)
      return mark === undefined ? cellOf(textOf(values[row]?.[column])) : { text: '', mark }
    }),
  )
  spreadMerges(cells, outline)
  return cells
}

/** A number as the file spells it: no digit of a long one is lost. */
interface NumberText {
  readonly digits: string
}

function textOf(value: unknown): string {
  if (value === null || value === undefined) return ''
  if (value instanceof Date) return Number.isNaN(value.valueOf()) ? '' : value.toISOString().slice(0, 10)
  if (typeof value !== 'object') return String(value)
  return plain((value as NumberText).digits) // all else has been dealt with
}

/** 2.0210001E7 is how some programs spell 20210001. */
function plain(digits: string): string {
  const number = Number(digits)
  const isWhole = Number.isInteger(number) && Math.abs(number) < 1e21
  return isWhole && !/^-?\d+$/.test(digits) ? number.toFixed(0) : digits
}

/** A merge over several rows means its text for each of them. Merges cannot overlap, so together they
 *  cannot have more rows than the sheet has cells. */
function spreadMerges(cells: RosterCell[][], { merges, lastRow, lastColumn }: SheetOutline): void {
  let room = lastRow * lastColumn
  for (const { top, left, bottom } of merges) {
    const first = cells[top - 1]?.[left - 1]
    if (first === undefined || first.text === '' || bottom === top) continue
    const end = Math.min(bottom, lastRow)
    room -= end - top + 1
    if (room < 0) throw new Error('merges overlap')
    for (let row = top; row <= end; row++) {
      const cellsOfRow = cells[row - 1]
      if (cellsOfRow !== undefined) cellsOfRow[left - 1] = { text: first.text, mark: first.mark ?? 'merged' }
    }
  }
}
