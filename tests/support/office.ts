import { spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { mkdir, mkdtemp, readdir, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { pathToFileURL } from 'node:url'
import { parse } from 'csv-parse/sync'
import { unzipSync } from 'fflate'
import readXlsx from 'read-excel-file/node'

const programs = ['soffice', 'pdftoppm', 'pdftotext', 'pdffonts', 'fc-list']

/** Why files cannot be opened with LibreOffice here; undefined when they can. */
export function missingOffice(): string | undefined {
  const missing = programs.filter((name) => spawnSync('sh', ['-c', `command -v ${name}`]).status !== 0)
  if (missing.length > 0) return `not installed: ${missing.join(', ')}`
  // A character of the awkward branch that few fonts have.
  const fonts = spawnSync('fc-list', [':lang=zh:charset=36c3'], { encoding: 'utf8' })
  return fonts.stdout === '' ? 'no Chinese font is installed that knows 㛃' : undefined
}

/** What it says without anything being wrong. */
const harmless = [
  // Java is for its database part; Calc and Writer do without.
  /^Warning: failed to launch javaldx - java may not function correctly$/,
]
/** What it says on stdout of each file. */
const told = [/^convert .+ using filter : \S.*$/, /^Writing sheet .+ -> .+\.csv$/]

const filters = {
  pdf: 'pdf',
  xlsx: 'xlsx:Calc MS Excel 2007 XML',
  docx: 'docx:MS Word 2007 XML',
  txt: 'txt:Text (encoded):UTF8',
  /** Every sheet in a file of its own, in UTF-8, as it is shown; text is quoted and numbers are not. */
  csv: 'csv:Text - txt - csv (StarCalc):44,34,76,1,,0,true,true,false,false,false,-1',
} as const

/** LibreOffice without a screen and with a profile of its own, so that nobody's settings count and none runs
 *  already. What it makes goes to a folder for each kind. */
export class Office {
  private constructor(readonly folder: string) {}

  static async open(): Promise<Office> {
    return new Office(await mkdtemp(path.join(tmpdir(), 'study-office-')))
  }

  close(): Promise<void> {
    return rm(this.folder, { recursive: true, force: true })
  }

  in(...names: readonly string[]): string {
    return path.join(this.folder, ...names)
  }

  /** Opens all these files and writes each in another form. @throws when it says anything of any of them */
  async convert(files: readonly string[], to: keyof typeof filters): Promise<void> {
    const outdir = this.in(to)
    await mkdir(outdir, { recursive: true })
    const profile = `-env:UserInstallation=${pathToFileURL(this.in('profile')).href}`
    const how = ['--headless', '--norestore', '--convert-to', filters[to], '--outdir', outdir]
    const { code, stdout, stderr } = await this.run('soffice', [profile, ...how, ...files])
    const words = [
      ...linesOf(stdout).filter((line) => !told.some((each) => each.test(line))),
      ...linesOf(stderr).filter((line) => !harmless.some((each) => each.test(line))),
    ]
    const made = await readdir(outdir)
    const base = (file: string) => path.parse(file).name
    for (const file of files) {
      // It ends with 0 also when it could not open one.
      const is = (each: string) =>
        to === 'csv' ? each.startsWith(`${base(file)}-`) : each === `${base(file)}.${to}`
      if (!made.some(is)) words.push(`nothing was made of ${path.basename(file)}`)
    }
    if (code !== 0) words.push(`it ended with ${code}`)
    if (words.length > 0) throw new Error(`LibreOffice, to ${to}: ${words.join('\n')}`)
  }

  /** The pages of a PDF as they look. */
  async pages(pdf: string): Promise<Page[]> {
    const folder = `${pdf}.pages`
    await mkdir(folder, { recursive: true })
    await this.must('pdftoppm', ['-gray', '-r', '50', pdf, path.join(folder, 'page')])
    const text = (await this.must('pdftotext', ['-enc', 'UTF-8', pdf, '-'])).split('\f')
    const boxes = (await this.must('pdftotext', ['-bbox', pdf, '-'])).split('<page ').slice(1)
    const names = (await readdir(folder)).sort()
    return Promise.all(
      names.map(async (name, index) => ({
        image: imageOf(await readFile(path.join(folder, name))),
        text: text[index] ?? '',
        words: wordsOf(boxes[index] ?? ''),
      })),
    )
  }

  async fonts(pdf: string): Promise<{ name: string; isEmbedded: boolean }[]> {
    const [, , ...rows] = linesOf(await this.must('pdffonts', [pdf]))
    return rows.map((row) => ({
      name: row.split(/\s/)[0] ?? '',
      isEmbedded: /^\S+ .* (yes|no) +(yes|no) +(yes|no) +\d+ +\d+$/.exec(row)?.[1] === 'yes',
    }))
  }

  /** Which characters no font here has: they would be boxes, and a PDF gives them back all the same. */
  async withoutGlyph(text: string): Promise<string[]> {
    const ranges = (await this.must('fc-list', ['--format', '%{charset} ']))
      .split(/\s+/)
      .filter((range) => range !== '')
      .map((range) => range.split('-').map((code) => Number.parseInt(code, 16)))
    const codes = new Set<number>()
    for (const [first = 0, last = first] of ranges) {
      for (let code = first; code <= last; code += 1) codes.add(code)
    }
    return [...new Set(text.replace(/\s/gu, ''))].filter((each) => !codes.has(each.codePointAt(0) ?? 0))
  }

  private async must(program: string, args: readonly string[]): Promise<string> {
    const { code, stdout, stderr } = await this.run(program, args)
    if (code !== 0 || stderr !== '') throw new Error(`${program} ended with ${code}: ${stderr}`)
    return stdout
  }

  private async run(program: string, args: readonly string[]) {
    const env = {
      PATH: process.env.PATH,
      HOME: this.folder,
      TMPDIR: this.folder,
      LC_ALL: 'C.UTF-8',
      TZ: 'UTC',
    }
    const child = spawn(program, args, { env, stdio: ['ignore', 'pipe', 'pipe'], timeout: 120_000 })
    const chunks: { stdout: Buffer[]; stderr: Buffer[] } = { stdout: [], stderr: [] }
    child.stdout.on('data', (chunk: Buffer) => chunks.stdout.push(chunk))
    child.stderr.on('data', (chunk: Buffer) => chunks.stderr.push(chunk))
    const [code] = (await once(child, 'close')) as [number | null]
    const of = (list: Buffer[]) => Buffer.concat(list).toString('utf8')
    return { code, stdout: of(chunks.stdout), stderr: of(chunks.stderr) }
  }
}

const linesOf = (text: string) =>
  text
    .split('\n')
    .map((line) => line.trimEnd())
    .filter((line) => line !== '')

export interface Image {
  readonly width: number
  readonly height: number
  /** A byte for each point, row after row; 0 is black. */
  readonly points: Uint8Array
}

interface Word {
  readonly text: string
  readonly box: readonly [left: number, top: number, right: number, bottom: number]
}

export interface Page {
  readonly image: Image
  readonly text: string
  readonly words: readonly Word[]
}

/** A PGM as pdftoppm writes it. */
function imageOf(bytes: Buffer): Image {
  const [head, width, height] = /^P5\s+(\d+)\s+(\d+)\s+255\s/.exec(bytes.toString('latin1', 0, 40)) ?? []
  if (head === undefined) throw new Error('not a PGM')
  return { width: Number(width), height: Number(height), points: bytes.subarray(head.length) }
}

const wordsOf = (boxes: string): Word[] =>
  [...boxes.matchAll(/<word xMin="(.+?)" yMin="(.+?)" xMax="(.+?)" yMax="(.+?)">(.*?)<\/word>/gs)].map(
    ([, left, top, right, bottom, text = '']) => ({
      text: plain(text),
      box: [Number(left), Number(top), Number(right), Number(bottom)],
    }),
  )

/** How many points are dark between these heights, of 0 to 1. */
export function inkBetween({ width, height, points }: Image, from: number, until: number): number {
  let ink = 0
  const end = Math.floor(height * until) * width
  for (let at = Math.floor(height * from) * width; at < end; at += 1) {
    if ((points[at] ?? 255) < 128) ink += 1
  }
  return ink
}

/** The last thing on a page, without spaces. */
export function lowestLine({ words }: Page): string {
  const lowest = Math.max(...words.map(({ box }) => box[3]))
  return words
    .filter(({ box }) => box[3] > lowest - 6)
    .sort((a, b) => a.box[0] - b.box[0])
    .map(({ text }) => text)
    .join('')
    .replace(/\s/gu, '')
}

/** Words that lie on others, which is how a row looks that is too low for its text. */
export function collisions({ words }: Page): string[] {
  const area = ([left, top, right, bottom]: Word['box']) => (right - left) * (bottom - top)
  return words.flatMap((one, index) =>
    words.slice(index + 1).flatMap((other) => {
      const width = Math.min(one.box[2], other.box[2]) - Math.max(one.box[0], other.box[0])
      const height = Math.min(one.box[3], other.box[3]) - Math.max(one.box[1], other.box[1])
      if (width <= 0 || height <= 0) return []
      const isOn = (width * height) / Math.min(area(one.box), area(other.box)) > 0.4
      return isOn ? [`${one.text} / ${other.text}`] : []
    }),
  )
}

export type Value = string | number | Date | null

/** The cells of each sheet of an xlsx; empty ones at the end of a row are left out. */
export async function gridsOf(bytes: Buffer): Promise<Record<string, Value[][]>> {
  const sheets = await readXlsx(bytes, { trim: false })
  return Object.fromEntries(
    sheets.map(({ sheet, data }) => [sheet, withoutEnd(data as Value[][])]), // no booleans are written
  )
}

/** The cells of a CSV: text where it is quoted, else what is shown of a number or a day. */
export const csvOf = (text: string): { shown: string; isText: boolean }[][] =>
  parse(text, {
    relax_column_count: true,
    cast: (shown, { quoting }) => ({ shown, isText: quoting }),
  }) as never // whatever `cast` answers

export const withoutEnd = (rows: readonly (readonly Value[])[]): Value[][] =>
  withoutLast(
    rows.map((row) => withoutLast(row, (value) => value === null)),
    (row) => row.length === 0,
  )

export function withoutLast<Item>(items: readonly Item[], isEmpty: (item: Item) => boolean): Item[] {
  const trailing = [...items].reverse().findIndex((item) => !isEmpty(item))
  return trailing === -1 ? [] : items.slice(0, items.length - trailing)
}

export const partsOf = (bytes: Buffer): Record<string, string> =>
  Object.fromEntries(
    Object.entries(unzipSync(new Uint8Array(bytes))).map(([name, part]) => [
      name,
      new TextDecoder().decode(part),
    ]),
  )

/** A paragraph, or the texts of a table’s cells. */
export type Block = string | string[][]

/** What is in a docx, from top to bottom; empty paragraphs are left out. */
export function blocksOf(bytes: Buffer): Block[] {
  const body = partsOf(bytes)['word/document.xml'] ?? ''
  const blocks = [...body.matchAll(/<w:tbl>.*?<\/w:tbl>|<w:p(?: [^>]*)?(?<!\/)>.*?<\/w:p>/gs)].map(
    ([xml]): Block =>
      xml.startsWith('<w:tbl>')
        ? [...xml.matchAll(/<w:tr[ >].*?<\/w:tr>/gs)].map(([row]) =>
            [...row.matchAll(/<w:tc>.*?<\/w:tc>/gs)].map(([cell]) => paragraphsOf(cell).join('\n')),
          )
        : paragraphsOf(xml).join('\n'),
  )
  return blocks.filter((block) => block !== '')
}

/** At the foot of its pages. */
export const footersOf = (bytes: Buffer): string =>
  Object.entries(partsOf(bytes))
    .filter(([name]) => /^word\/footer\d+\.xml$/.test(name))
    .map(([, xml]) => paragraphsOf(xml).join('\n'))
    .join('\n')

const paragraphsOf = (xml: string): string[] =>
  [...xml.matchAll(/<w:p(?: [^>]*)?(?<!\/)>.*?<\/w:p>/gs)].map(([paragraph]) =>
    [...paragraph.matchAll(/<w:t(?: [^>]*)?>([^<]*)<\/w:t>|<w:(br|tab)\/>/g)]
      .map(([, text, other]) => (other === undefined ? plain(text ?? '') : other === 'br' ? '\n' : '\t'))
      .join(''),
  )

const plain = (xml: string) =>
  xml
    .replace(/&#(\d+);/g, (_, code) => String.fromCodePoint(Number(code)))
    .replaceAll('&lt;', '<')
    .replaceAll('&gt;', '>')
    .replaceAll('&quot;', '"')
    .replaceAll('&apos;', "'")
    .replaceAll('&amp;', '&')
