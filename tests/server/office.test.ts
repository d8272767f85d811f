import { cp, mkdir, readFile, writeFile } from 'node:fs/promises'
import { unzipSync, zipSync } from 'fflate'
import { columnTitle, rosterColumns } from '#domain/roster-lines'
import type { ExportAsked } from '#protocol/export'
import { mineOf } from '#server/account/export-mine'
import type { Document, Paper, Workbook } from '#server/exports/document'
import { compose } from '#server/exports/exports'
import { render } from '#server/exports/render'
import { rosterTemplate } from '#server/roster/template'
import {
  type AwkwardBranch,
  awkwardBranch,
  awkwardTexts,
  branchId,
  lastWeek,
  monday,
  newcomer,
  organizationId,
  thisWeek,
} from '#support/awkward-branch'
import { admin, committeeMember, linXiao, secretary } from '#support/cast'
import { blocksSaid, csvSaid, gridsSaid, linesSaid, lostFrom } from '#support/composed'
import {
  blocksOf,
  collisions,
  csvOf,
  footersOf,
  gridsOf,
  inkBetween,
  lowestLine,
  missingOffice,
  Office,
  type Page,
  partsOf,
  withoutLast,
} from '#support/office'

const missing = missingOffice()

/** Every kind of file there is, by the name it is kept under. */
const asked: Record<string, (branch: AwkwardBranch) => ExportAsked> = {
  'register-this-week': () => ({ kind: 'register', branchId, week: thisWeek }),
  'register-last-week': () => ({ kind: 'register', branchId, week: lastWeek }),
  'ledger-year': () => ({ kind: 'ledger', branchId, period: { year: 2025 } }),
  'ledger-month': () => ({ kind: 'ledger', branchId, period: { year: 2026, month: 3 } }),
  'ledger-of-nothing': () => ({ kind: 'ledger', branchId, period: { year: 2020 } }),
  'sign-in-sheet': () => ({ kind: 'sign-in-sheet', branchId, week: lastWeek }),
  'sign-in-sheet-of-a-meeting': ({ filed }) => ({ kind: 'sign-in-sheet', branchId, week: filed }),
  'study-record': () => ({ kind: 'study-record', branchId, week: lastWeek }),
  minutes: ({ filed }) => ({ kind: 'minutes', branchId, meeting: filed }),
  'minutes-not-written': ({ bare }) => ({ kind: 'minutes', branchId, meeting: bare }),
  'handbook-year': () => ({ kind: 'handbook', branchId, period: { year: 2025 } }),
  'handbook-month': () => ({ kind: 'handbook', branchId, period: { year: 2026, month: 3 } }),
  'all-branches': () => ({ kind: 'organization-ledger', organizationId, period: { year: 2025 } }),
}
const kinds = new Set<ExportAsked['kind']>([
  'register',
  'ledger',
  'sign-in-sheet',
  'study-record',
  'minutes',
  'handbook',
  'organization-ledger',
])
const workbooks = [
  ...['register-this-week', 'register-last-week', 'ledger-year', 'ledger-month', 'ledger-of-nothing'],
  ...['ledger-of-committee', 'all-branches', 'mine', 'mine-newcomer'],
]
const papers = [
  ...['sign-in-sheet', 'sign-in-sheet-of-a-meeting', 'study-record', 'minutes', 'minutes-not-written'],
  ...['handbook-year', 'handbook-month'],
]

function openedWithLibreOffice() {
  jest.setTimeout(120_000) // a start of the program takes seconds, and more on a busy machine
  let office: Office
  const documents = new Map<string, Document>()
  const pages = new Map<string, Page[]>()
  const fileOf = (name: string) => office.in('made', `${name}.${isWorkbook(name) ? 'xlsx' : 'docx'}`)
  const isWorkbook = (name: string) => documents.get(name)?.is !== 'paper'
  const workbookOf = (name: string) => documents.get(name) as Workbook // by the lists above
  const paperOf = (name: string) => documents.get(name) as Paper
  const saved = (name: string, to: string) => readFile(office.in(to, `${name}.${to}`))

  beforeAll(async () => {
    if (missing !== undefined) throw new Error(missing)
    office = await Office.open()
    await mkdir(office.in('made'))
    const branch = await awkwardBranch()
    try {
      await composeAll(branch)
    } finally {
      await branch.close()
    }
    for (const [name, document] of documents) await writeFile(fileOf(name), await render(document))
    await writeFile(fileOf('template'), await rosterTemplate())
    const xlsx = [...workbooks, 'template'].map(fileOf)
    const docx = papers.map(fileOf)
    // Each of these is one start of the program.
    await office.convert([...xlsx, ...docx], 'pdf')
    await office.convert(xlsx, 'xlsx')
    await office.convert(xlsx, 'csv')
    await office.convert(docx, 'docx')
    await office.convert(docx, 'txt')
    await Promise.all(
      [...workbooks, 'template', ...papers].map(async (name) =>
        pages.set(name, await office.pages(office.in('pdf', `${name}.pdf`))),
      ),
    )
    const kept = process.env.KEEP_EXPORTS
    if (kept !== undefined) await cp(office.folder, kept, { recursive: true })
  }, 240_000)
  afterAll(() => office?.close())

  async function composeAll(branch: AwkwardBranch): Promise<void> {
    const composed = async (name: string, who: typeof secretary.personId, what: ExportAsked) => {
      const document = await compose(branch.database, who, what, monday)
      if (document === undefined) throw new Error(`there is no ${name}`)
      documents.set(name, document)
    }
    for (const [name, of] of Object.entries(asked)) {
      const what = of(branch)
      kinds.delete(what.kind)
      await composed(name, what.kind === 'organization-ledger' ? admin.personId : secretary.personId, what)
    }
    const ofYear = { kind: 'ledger', branchId, period: { year: 2026 } } as const
    await composed('ledger-of-committee', committeeMember.personId, ofYear)
    documents.set('mine', await mineOf(branch.database, linXiao.personId, monday))
    documents.set('mine-newcomer', await mineOf(branch.database, newcomer, monday))
  }

  test('every kind of file is among them, with what is awkward in it', () => {
    expect([...kinds]).toEqual([])
    expect([...documents.keys()].sort()).toEqual([...workbooks, ...papers].sort())
    const everything = [...documents.values()].flatMap(linesSaid)
    for (const text of awkwardTexts) expect(everything).toContain(text)
    expect(gridsSaid(workbookOf('mine-newcomer')).学习登记).toHaveLength(1) // nothing but its titles
    for (const name of ['李㛃', '𠮷田', '阿不都热合曼', '+86', '@x']) expect(everything).toContain(name)
  })

  describe.each(workbooks)('%s.xlsx', (name) => {
    test('its cells are read back equal, text as text, numbers as numbers and days as days', async () => {
      const bytes = await saved(name, 'xlsx')
      expect(await gridsOf(bytes)).toEqual(gridsSaid(workbookOf(name)))
      for (const [part, xml] of Object.entries(partsOf(bytes))) {
        if (part.includes('worksheets/')) expect(xml).not.toMatch(/<f[ >]/)
      }
    })

    test('it shows them as they are, sheet by sheet', async () => {
      for (const [sheet, said] of Object.entries(csvSaid(workbookOf(name)))) {
        const shown = csvOf(await readFile(office.in('csv', `${name}-${sheet}.csv`), 'utf8'))
        expect(withoutEmpty(shown)).toEqual(withoutEmpty(said))
      }
    })

    test('the header stays in view and stands on every page, each as wide as its sheet', async () => {
      const { sheets } = workbookOf(name)
      const parts = Object.entries(partsOf(await readFile(fileOf(name))))
      for (const [part, xml] of parts) {
        if (!part.startsWith('xl/worksheets/sheet')) continue
        expect(xml).toMatch(/<pane [^>]*ySplit="1"[^>]*state="frozen"/)
        expect(orderOf(xml)).toEqual([...orderOf(xml)].sort((a, b) => order.indexOf(a) - order.indexOf(b)))
      }
      const all = pages.get(name) ?? []
      const sheetOf = (page: Page) => /^(.+)第\d+页，共\d+页$/.exec(lowestLine(page))?.[1]
      expect([...new Set(all.map(sheetOf))]).toEqual(sheets.map((sheet) => sheet.name))
      for (const page of all) {
        const sheet = sheets.find((each) => each.name === sheetOf(page))
        expect(lostFrom(sheet?.columns.map(({ title }) => title).join('') ?? '?', page.text)).toEqual([])
      }
    })
  })

  test('the roster’s template is as it was, and what is filled in stays text', async () => {
    const bytes = await saved('template', 'xlsx')
    expect(await gridsOf(bytes)).toEqual(await gridsOf(await readFile(fileOf('template'))))
    const [titles] = (await gridsOf(bytes)).花名册 ?? []
    expect(titles?.map((title) => String(title).replace('*', ''))).toEqual(rosterColumns.map(columnTitle))
    const { 'xl/styles.xml': styles = '', 'xl/worksheets/sheet1.xml': sheet = '' } = partsOf(bytes)
    const [, style] = /<c r="A300" s="(\d+)"/.exec(sheet) ?? []
    const [, formats = ''] = /<cellXfs[^>]*>(.*?)<\/cellXfs>/s.exec(styles) ?? []
    const format = [...formats.matchAll(/<xf numFmtId="(\d+)"/g)][Number(style)]?.[1]
    const text = /numFmtId="(\d+)" formatCode="@"|formatCode="@" numFmtId="(\d+)"/.exec(styles)
    expect([text?.[1] ?? text?.[2], '49']).toContain(format)
  })

  describe.each(papers)('%s.docx', (name) => {
    test('its paragraphs, tables and footer are read back equal', async () => {
      const bytes = await saved(name, 'docx')
      const paper = paperOf(name)
      expect(blocksOf(bytes)).toEqual(blocksSaid(paper))
      for (const line of paper.footer) expect(footersOf(bytes)).toContain(line)
      const lines = (await readFile(office.in('txt', `${name}.txt`), 'utf8'))
        .replace('\uFEFF', '')
        .split(/\r?\n/)
      expect(lines.filter((line) => line !== '')).toEqual(linesSaid(paper))
    })
  })

  describe('what is wrong is noticed', () => {
    const brokenFrom = async (name: string, change: (part: string, xml: string) => string) => {
      const parts = Object.entries(unzipSync(new Uint8Array(await readFile(fileOf(name)))))
      const text = (bytes: Uint8Array) => new TextDecoder().decode(bytes)
      return Buffer.from(
        zipSync(
          Object.fromEntries(
            parts.map(([part, bytes]) => [part, new TextEncoder().encode(change(part, text(bytes)))]),
          ),
        ),
      )
    }
    const opened = async (file: string, bytes: Uint8Array, ...forms: ('pdf' | 'xlsx')[]) => {
      await writeFile(office.in(file), bytes)
      for (const form of forms) await office.convert([office.in(file)], form)
    }

    test('a file that cannot be opened', async () => {
      const bytes = await readFile(fileOf('register-last-week'))
      await expect(opened('cut-short.xlsx', bytes.subarray(0, 5_000), 'pdf')).rejects.toThrow(
        'source file could not be loaded',
      )
    })

    test('one that is repaired without a word, and one whose text became a formula', async () => {
      const said = gridsSaid(workbookOf('register-last-week'))
      const torn = (part: string, xml: string) =>
        part.endsWith('sheet1.xml') ? xml.replace(/<row r="20".*/s, '') : xml
      await opened('torn.xlsx', await brokenFrom('register-last-week', torn), 'xlsx')
      expect(await gridsOf(await saved('torn', 'xlsx'))).not.toEqual(said)
      const counted = (part: string, xml: string) =>
        part.endsWith('sheet1.xml')
          ? xml.replace(/(<c r="A2"[^>]*?) t="s"><v>\d+<\/v>/, '$1><f>1+1</f>')
          : xml
      await opened('counted.xlsx', await brokenFrom('register-last-week', counted), 'xlsx')
      expect(await gridsOf(await saved('counted', 'xlsx'))).not.toEqual(said)
    })

    test('rows that are too low, a page with nothing on it, and a character that no font has', async () => {
      const low = (_: string, xml: string) => xml.replace(/ ht="[^"]*" customHeight="1"/g, '')
      await opened('low.xlsx', await brokenFrom('mine', low), 'pdf')
      expect((await office.pages(office.in('pdf', 'low.pdf'))).flatMap(collisions)).not.toEqual([])

      const unknown = '\u{323B0}'
      const paper: Paper = {
        is: 'paper',
        fileName: 'empty.docx',
        title: `没有字形${unknown}`,
        under: '',
        parts: [{ is: 'page-break' }, { is: 'text', text: '' }],
        footer: ['页脚'],
      }
      await opened('empty.docx', await render(paper), 'pdf')
      const [first, second] = await office.pages(office.in('pdf', 'empty.pdf'))
      expect(first && isBlank(first.image)).toBe(false)
      expect(second && isBlank(second.image)).toBe(true)
      expect(await office.withoutGlyph(paper.title)).toEqual([unknown])
      expect(lostFrom(paper.title, '没有字形')).toEqual([unknown])
    })
  })

  describe.each([...workbooks, 'template', ...papers])('%s on paper', (name) => {
    test('has a sane number of pages, and none that is blank or cut', () => {
      const all = pages.get(name) ?? []
      const most = name.endsWith('year') ? 50 : 14
      expect(all.length).toBeGreaterThan(0)
      expect(all.length).toBeLessThan(most)
      for (const { image } of all) {
        expect(isBlank(image)).toBe(false)
        expect(inkBetween(image, 0, 0.02) + inkBetween(image, 0.99, 1)).toBe(0)
      }
      expect(all.flatMap(collisions)).toEqual([])
    })

    test('says all of it, no figure in two lines, in fonts that are in the file', async () => {
      const fonts = await office.fonts(office.in('pdf', `${name}.pdf`))
      expect(fonts.filter(({ isEmbedded }) => !isEmbedded)).toEqual([])
      expect(fonts.filter((each) => isChinese(each.name))).not.toEqual([])
      const document = documents.get(name)
      const text = (pages.get(name) ?? []).map((page) => page.text).join('')
      if (document === undefined) return
      const said = linesSaid(document).join('')
      expect(lostFrom(said, text)).toEqual([])
      expect(await office.withoutGlyph(said)).toEqual([])
      const words = (pages.get(name) ?? []).flatMap((page) => page.words.map(({ text: word }) => word))
      const short = linesSaid(document).filter((line) => /^[\d/.-]{1,14}$/.test(line))
      expect(short.filter((line) => !words.some((word) => word.includes(line)))).toEqual([])
      if (document.is !== 'paper') return
      for (const page of pages.get(name) ?? []) {
        for (const line of document.footer) expect(page.text).toContain(line)
      }
    })
  })
}

type Csv = ReturnType<typeof csvOf>
const withoutEmpty = (rows: Csv): Csv =>
  rows.map((row) => withoutLast(row, ({ shown }) => shown === '')).filter((row) => row.length > 0)

/** Nothing above the last line of its footer. */
const isBlank = (image: Page['image']) => inkBetween(image, 0, 0.88) < 40

/** As the specification has it; Excel repairs a file that has another. */
const order = ['sheetPr', 'sheetViews', 'cols', 'sheetData', 'pageMargins', 'pageSetup', 'headerFooter']
const orderOf = (xml: string) =>
  [...xml.matchAll(/<(\w+)[ />]/g)].flatMap(([, tag = '']) => (order.includes(tag) ? [tag] : []))

const isChinese = (font: string) => /CJK|WenQuanYi|Song|Hei|Ming|Kai|Fang/i.test(font)

if (missing !== undefined && process.env.REQUIRE_LIBREOFFICE !== '1') {
  test.skip(`files are not opened with LibreOffice: ${missing}`, () => undefined)
} else {
  describe('opened with LibreOffice', openedWithLibreOffice)
}
