import type { Blob } from 'node:buffer'
import type Stream from 'node:stream'
import type { Feature } from 'write-excel-file/node'

const pages = '<headerFooter><oddFooter>&amp;C&amp;A　第 &amp;P 页，共 &amp;N 页</oddFooter></headerFooter>'

/** Printed, a sheet is as wide as the page, and its header stands on each: what the library does not know.
 *  The parts of a sheet have an order, and Excel repairs a file that has another. */
export const onPaper = (sheetNames: readonly string[]): Feature<Stream | Buffer | Blob> => ({
  files: {
    transform: {
      'xl/worksheets/sheet{id}.xml': {
        transform: (xml) =>
          xml.replace(/<worksheet[^>]*>/, '$&<sheetPr><pageSetUpPr fitToPage="1"/></sheetPr>'),
        transformElementAttributes: (tag, attributes) =>
          tag === 'pageSetup' ? { ...attributes, fitToWidth: 1, fitToHeight: 0 } : attributes,
        insert: () => pages,
      },
      'xl/workbook.xml': {
        transform: (xml) =>
          xml.replace('<definedNames/>', `<definedNames>${titlesOf(sheetNames)}</definedNames>`),
      },
    },
  },
})

const titlesOf = (sheetNames: readonly string[]) =>
  sheetNames
    .map(
      (name, index) =>
        `<definedName name="_xlnm.Print_Titles" localSheetId="${index}">'${name}'!$1:$1</definedName>`,
    )
    .join('')

/** How wide a line is, in the characters that a column's width is told in: as wide as in bold and in the
 *  fonts that stand in for ours. */
export const widthOf = (line: string): number =>
  [...line].reduce((sum, character) => sum + (character >= '\u2E80' ? 2.1 : 1.1), 0)

/** In points, of one line of 11. */
const lineHeight = 17

/** For texts that wrap in columns of these widths. Programs would have to measure it themselves, and
 *  LibreOffice does not always: the second line of a topic lay on the next row. */
export function heightOf(texts: readonly string[], widths: readonly number[]): number {
  const lines = texts.map((text, index) =>
    text.split('\n').reduce((sum, line) => sum + linesOf(line, widths[index] ?? 1), 0),
  )
  // No program makes a row higher than 409.
  return Math.min(409, lineHeight * Math.max(1, ...lines))
}

/** Lines break between Chinese characters and between words; a word is cut only when it fills a line. */
function linesOf(text: string, width: number): number {
  let lines = 1
  let used = 0
  for (const piece of text.match(/[^\s\u{2E80}-\u{10FFFF}]+|./gu) ?? []) {
    const wide = widthOf(piece)
    if (used + wide > width && used > 0) {
      lines += 1
      used = 0
    }
    lines += Math.max(0, Math.ceil(wide / width) - 1)
    used += wide > width ? wide % width : wide
  }
  return lines
}
