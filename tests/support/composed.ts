import type { Cell, Document, Paper, Part, Table, Workbook } from '#server/exports/document'
import { type Block, type Value, withoutEnd } from './office'

/** What a program that opened a file should find, from what was handed to the renderer. */

export const gridsSaid = ({ sheets, footer }: Workbook): Record<string, Value[][]> =>
  Object.fromEntries(
    sheets.map((sheet) => [sheet.name, withoutEnd(rowsSaid(sheet, footer).map((row) => row.map(storedAs)))]),
  )

/** As it is shown: text in quotes, numbers and days without. */
export const csvSaid = ({
  sheets,
  footer,
}: Workbook): Record<string, { shown: string; isText: boolean }[][]> =>
  Object.fromEntries(
    sheets.map((sheet) => [
      sheet.name,
      rowsSaid(sheet, footer).map((row) =>
        row.map((cell) => ({
          shown: cell === undefined ? '' : typeof cell === 'object' ? cell.day : String(cell),
          isText: typeof cell === 'string' && cell !== '',
        })),
      ),
    ]),
  )

const rowsSaid = ({ columns, rows }: Table, footer: readonly string[]): Cell[][] => [
  columns.map(({ title }) => title),
  ...rows.map((row) => [...row]),
  ...(footer.length === 0 ? [] : [[]]),
  ...footer.map((line) => [line]),
]

function storedAs(cell: Cell): Value {
  if (cell === undefined || cell === '') return null
  return typeof cell === 'object' ? new Date(`${cell.day}T00:00:00Z`) : cell
}

export const blocksSaid = ({ title, under, parts }: Paper): Block[] =>
  [title, under, ...parts.map(blockSaid)].filter((block) => block !== '')

function blockSaid(part: Part): Block {
  switch (part.is) {
    case 'heading':
    case 'text':
      return part.text
    case 'facts':
      return part.rows.map((row) => [...row])
    case 'table':
      return [
        part.columns.map(({ title }) => title),
        ...part.rows.map((row) => row.map((cell) => String(shownAs(cell)))),
      ]
    case 'box':
      return [[part.title, '']]
    case 'page-break':
      return ''
  }
}

const shownAs = (cell: Cell) => (typeof cell === 'object' ? cell.day : (cell ?? ''))

/** Every line of it, cells one after the other. */
export const linesSaid = (document: Document): string[] =>
  (document.is === 'paper'
    ? blocksSaid(document).flat(2)
    : document.sheets.flatMap((sheet) =>
        rowsSaid(sheet, document.footer)
          .flat()
          .map((cell) => String(shownAs(cell))),
      )
  )
    .flatMap((text) => text.split('\n'))
    .filter((line) => line !== '')

/** How often each character stands in a text; compatibility forms, as ligatures are, count as their own. */
export function charactersOf(text: string): Map<string, number> {
  const counts = new Map<string, number>()
  for (const character of text.normalize('NFKC').replace(/\s/gu, '')) {
    counts.set(character, (counts.get(character) ?? 0) + 1)
  }
  return counts
}

/** Which characters of a text are not as often in another. */
export function lostFrom(said: string, found: string): string[] {
  const there = charactersOf(found)
  return [...charactersOf(said)].flatMap(([character, count]) =>
    (there.get(character) ?? 0) < count ? [character] : [],
  )
}
