import type { Day } from '#domain/day'

/** A number stays a number and a day a day, so that a spreadsheet can count with them. Text is text,
 *  whatever it begins with. */
export type Cell = string | number | { readonly day: Day } | undefined

export interface Column {
  readonly title: string
  /** In characters of the file's ordinary type; a Chinese one takes two. */
  readonly width: number
}

export interface Table {
  readonly columns: readonly Column[]
  readonly rows: readonly (readonly Cell[])[]
  /** The last rows are sums and stand out: so many. */
  readonly sums?: number
}

/** An xlsx. */
export interface Workbook {
  readonly is: 'workbook'
  readonly fileName: string
  readonly sheets: readonly (Table & { readonly name: string })[]
  /** Below the last row of each sheet. */
  readonly footer: readonly string[]
}

export type Part =
  | { readonly is: 'heading'; readonly text: string }
  | {
      readonly is: 'text'
      readonly text: string
      /** As a paragraph of a text that goes on. */
      readonly isIndented?: boolean
      /** With room above it, to sign in. */
      readonly isApart?: boolean
    }
  /** What and its answer, side by side, in two or four columns. */
  | { readonly is: 'facts'; readonly rows: readonly (readonly string[])[] }
  | ({ readonly is: 'table' } & Table)
  /** A box to write in by hand: so many lines high. */
  | { readonly is: 'box'; readonly title: string; readonly lines: number }
  | { readonly is: 'page-break' }

/** A docx, on A4. */
export interface Paper {
  readonly is: 'paper'
  readonly fileName: string
  readonly title: string
  readonly under: string
  readonly parts: readonly Part[]
  /** At the foot of each page. */
  readonly footer: readonly string[]
}

export type Document = Workbook | Paper
