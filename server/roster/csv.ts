import { CsvError, parse } from 'csv-parse/sync'
import { headerIndex, type RosterCell } from '#domain/roster-lines'
import { cellOf } from './cell'
import { limits, type Unreadable, unreadable } from './unreadable'

const separators = [',', '\t', ';']
const MAX_ROWS = limits.rows + limits.titleRows + 1

/** The rows of a text file, in whichever encoding and with whichever separator its header can be read. */
export function readCsv(bytes: Buffer): RosterCell[][] | Unreadable {
  const texts = decoded(bytes)
  if (texts.length === 0) return unreadable('not-a-sheet')
  // Other programs' "xls" can be a web page.
  if (texts.some((text) => /^\s*[<%{]/.test(text))) return unreadable('not-a-sheet')
  let isQuotedWrongly = false
  for (const text of texts) {
    for (const separator of separators) {
      const top = rowsOf(text, separator, limits.titleRows)
      if (top === undefined) isQuotedWrongly = true
      else if (headerIndex(top) !== undefined) return rowsOf(text, separator) ?? unreadable('quotes')
    }
  }
  return unreadable(isQuotedWrongly ? 'quotes' : 'no-header')
}

/** Every way to read it that makes sense, the likelier first. A short GBK text can pass for UTF-8. */
function decoded(bytes: Buffer): string[] {
  if (bytes[0] === 0xff && bytes[1] === 0xfe) return decodedAs('utf-16le', bytes)
  if (bytes[0] === 0xfe && bytes[1] === 0xff) return decodedAs('utf-16be', bytes)
  if (bytes.includes(0)) return []
  return [...decodedAs('utf-8', bytes), ...decodedAs('gb18030', bytes)]
}

function decodedAs(encoding: string, bytes: Buffer): string[] {
  try {
    return [new TextDecoder(encoding, { fatal: true }).decode(bytes)]
  } catch {
    return [] // not in this encoding
  }
}

/** @returns undefined when the quotes make no sense with this separator */
function rowsOf(text: string, separator: string, to = MAX_ROWS): RosterCell[][] | undefined {
  try {
    const records = parse(withoutEmptyEnd(text), {
      delimiter: separator,
      record_delimiter: ['\r\n', '\n', '\r'],
      relax_column_count: true,
      to,
    })
    return records.map((record) => record.map(cellOf))
  } catch (error) {
    if (error instanceof CsvError) return undefined
    throw error
  }
}

/** Sheets saved as csv can end in thousands of rows of nothing but separators. */
function withoutEmptyEnd(text: string): string {
  let end = text.length
  while (end > 0 && /[\s,;]/.test(text.charAt(end - 1))) end -= 1
  return text.slice(0, end)
}
