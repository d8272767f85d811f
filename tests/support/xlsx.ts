import { zipSync } from 'fflate'

const utf8 = (text: string) => new TextEncoder().encode(text)

/** A workbook written by hand, for what a library would not write: `cells` is the inside of
 *  `<sheetData>`, `after` what follows it. */
export interface HandMadeSheet {
  readonly cells: string
  readonly after?: string
  readonly state?: 'hidden' | 'veryHidden'
}

const rels = (count: number) =>
  Array.from(
    { length: count },
    (_, index) =>
      `<Relationship Id="rId${index + 1}" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/worksheet" Target="worksheets/sheet${index + 1}.xml"/>`,
  ).join('')

export function handMade(
  sheets: readonly HandMadeSheet[],
  more: Readonly<Record<string, Uint8Array>> = {},
): Buffer {
  const listed = sheets.map(({ state }, index) => {
    const hidden = state === undefined ? '' : ` state="${state}"`
    return `<sheet name="表${index + 1}" sheetId="${index + 1}"${hidden} r:id="rId${index + 1}"/>`
  })
  const parts = sheets.map(({ cells, after = '' }, index): [string, Uint8Array] => [
    `xl/worksheets/sheet${index + 1}.xml`,
    utf8(`<?xml version="1.0"?><worksheet><sheetData>${cells}</sheetData>${after}</worksheet>`),
  ])
  return Buffer.from(
    zipSync({
      'xl/workbook.xml': utf8(`<workbook><sheets>${listed.join('')}</sheets></workbook>`),
      'xl/_rels/workbook.xml.rels': utf8(`<Relationships>${rels(sheets.length)}</Relationships>`),
      ...Object.fromEntries(parts),
      ...more,
    }),
  )
}

/** `A1`: text in a cell of its own; with `<`, the inside of the cell as it is. */
export const row = (number: number, cells: Readonly<Record<string, string>>): string => {
  const written = Object.entries(cells).map(([column, content]) =>
    content.startsWith('<c')
      ? content.replace('<c', `<c r="${column}${number}"`)
      : `<c r="${column}${number}" t="inlineStr"><is><t>${content}</t></is></c>`,
  )
  return `<row r="${number}">${written.join('')}</row>`
}
