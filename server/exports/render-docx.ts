import {
  AlignmentType,
  Document,
  Footer,
  HeadingLevel,
  HeightRule,
  Packer,
  PageBreak,
  PageNumber,
  Paragraph,
  Table,
  TableCell,
  TableLayoutType,
  TableRow,
  TextRun,
  VerticalAlign,
  WidthType,
} from 'docx'
import type { Cell, Paper, Part } from './document'

/** A4 with the margins of an official paper, in twentieths of a point. */
const page = { width: 11_906, height: 16_838, margin: 1_418 }
const textWidth = page.width - 2 * page.margin
const lineHeight = 480
const twoCharacters = 480

/** Songti for text, Heiti for titles: by the names that Word and WPS know; another machine takes its own. */
const songti = { ascii: 'Times New Roman', hAnsi: 'Times New Roman', eastAsia: '宋体' }
const heiti = { ascii: 'Arial', hAnsi: 'Arial', eastAsia: '黑体' }

export function renderDocx(paper: Paper): Promise<Buffer> {
  const document = new Document({
    title: paper.title,
    styles: { default: { document: { run: { font: songti, size: 24 } } } },
    sections: [
      {
        properties: {
          page: {
            size: { width: page.width, height: page.height },
            margin: { top: page.margin, bottom: page.margin, left: page.margin, right: page.margin },
          },
        },
        footers: { default: footerOf(paper.footer) },
        children: [
          new Paragraph({
            heading: HeadingLevel.TITLE,
            alignment: AlignmentType.CENTER,
            spacing: { after: 120 },
            children: [new TextRun({ text: paper.title, font: heiti, size: 36, color: '000000' })],
          }),
          new Paragraph({
            alignment: AlignmentType.CENTER,
            spacing: { after: 240 },
            children: [new TextRun({ text: paper.under, size: 24 })],
          }),
          ...paper.parts.flatMap((part, index) => drawn(part, paper.parts[index + 1])),
        ],
      },
    ],
  })
  return Packer.toBuffer(document)
}

const footerOf = (lines: readonly string[]) =>
  new Footer({
    children: [
      ...lines.map(
        (line) => new Paragraph({ children: [new TextRun({ text: line, size: 16, color: '666666' })] }),
      ),
      new Paragraph({
        alignment: AlignmentType.CENTER,
        children: [
          new TextRun({
            size: 16,
            children: ['第 ', PageNumber.CURRENT, ' 页，共 ', PageNumber.TOTAL_PAGES, ' 页'],
          }),
        ],
      }),
    ],
  })

function drawn(part: Part, next: Part | undefined): (Paragraph | Table)[] {
  switch (part.is) {
    case 'heading':
      return [
        new Paragraph({
          heading: HeadingLevel.HEADING_1,
          keepNext: true,
          spacing: { before: 240, after: 120 },
          children: [new TextRun({ text: part.text, font: heiti, size: 28, color: '000000' })],
        }),
      ]
    case 'text':
      return [
        new Paragraph({
          // Nobody signs on a page with nothing else on it.
          keepNext: next?.is === 'text' && next.isApart === true,
          spacing: {
            before: part.isApart ? 600 : 0,
            ...(part.isIndented ? { after: 60, line: 320 } : { after: 120 }),
          },
          ...(part.isIndented ? { indent: { firstLine: twoCharacters } } : {}),
          children: [new TextRun({ text: part.text })],
        }),
      ]
    case 'page-break':
      return [new Paragraph({ children: [new PageBreak()] })]
    case 'facts':
      return [factsOf(part.rows), gap()]
    case 'table': {
      const widths = part.columns.map(({ width }) => width)
      const firstSum = part.rows.length - (part.sums ?? 0)
      return [
        tableOf(widths, [
          rowOf(
            widths,
            part.columns.map(({ title }) => title),
            { isBold: true, isHeader: true },
          ),
          ...part.rows.map((row, index) => rowOf(widths, row.map(textOf), { isBold: index >= firstSum })),
        ]),
        gap(),
      ]
    }
    case 'box':
      return [
        tableOf(
          [2, 10],
          [
            rowOf([2, 10], [part.title, ''], {
              height: { value: part.lines * lineHeight, rule: HeightRule.ATLEAST },
            }),
          ],
        ),
        gap(),
      ]
  }
}

/** Two tables that touch would become one. */
const gap = () => new Paragraph({ spacing: { after: 0, line: 120 }, children: [] })

/** Rows of two cells are as wide as rows of four. */
function factsOf(rows: readonly (readonly string[])[]): Table {
  const widths = [2, 4, 2, 4]
  return tableOf(
    widths,
    rows.map((row) => {
      const [first = '', second = ''] = row
      if (row.length > 2) return rowOf(widths, row, {})
      return new TableRow({
        cantSplit: true,
        children: [cellOf(first, shareOf(widths, 0), {}), cellOf(second, shareOf(widths, 1, 4), { span: 3 })],
      })
    }),
  )
}

const tableOf = (widths: readonly number[], rows: readonly TableRow[]) =>
  new Table({
    width: { size: textWidth, type: WidthType.DXA },
    columnWidths: widths.map((_, index) => shareOf(widths, index)),
    layout: TableLayoutType.FIXED,
    rows,
  })

/** What columns from one up to another get of the page's width. */
const shareOf = (widths: readonly number[], from: number, until = from + 1) =>
  Math.floor((textWidth * sum(widths.slice(from, until))) / sum(widths))

const sum = (numbers: readonly number[]) => numbers.reduce((total, each) => total + each, 0)

interface RowLook {
  readonly isBold?: boolean
  /** Comes again on each page. */
  readonly isHeader?: boolean
  readonly height?: { value: number; rule: (typeof HeightRule)[keyof typeof HeightRule] }
}

const rowOf = (widths: readonly number[], texts: readonly string[], { isBold, isHeader, height }: RowLook) =>
  new TableRow({
    cantSplit: true,
    ...(isHeader ? { tableHeader: true } : {}),
    ...(height === undefined ? {} : { height }),
    children: texts.map((text, index) =>
      cellOf(text, shareOf(widths, index), isBold === undefined ? {} : { isBold }),
    ),
  })

const cellOf = (text: string, width: number, { span, isBold }: { span?: number; isBold?: boolean }) =>
  new TableCell({
    width: { size: width, type: WidthType.DXA },
    verticalAlign: VerticalAlign.CENTER,
    margins: { top: 60, bottom: 60, left: 80, right: 80 },
    ...(span === undefined ? {} : { columnSpan: span }),
    children: text.split('\n').map(
      (line) =>
        new Paragraph({
          children: [new TextRun({ text: line, size: 21, ...(isBold ? { bold: true } : {}) })],
        }),
    ),
  })

const textOf = (cell: Cell): string => {
  if (cell === undefined) return ''
  return typeof cell === 'object' ? cell.day : String(cell)
}
