import { readFile } from 'node:fs/promises'
import path from 'node:path'
import { zipSync } from 'fflate'
import writeXlsxFile from 'write-excel-file/node'
import { parseRosterLines } from '#domain/roster-lines'
import { readSheet } from '#server/roster/read-sheet'
import { rosterTemplate } from '#server/roster/template'
import { handMade, row } from '../support/xlsx'

const header = ['支部名称', '姓名', '编号']
const headerRow = row(1, { A: '支部名称', B: '姓名', C: '编号' })
const person = row(2, { A: '机关第一支部', B: '王芳', C: 'A001' })

const fixture = (name: string) => readFile(path.join(__dirname, '../fixtures/roster', name))

/** The texts of a file that can be read, or why it cannot. */
async function told(bytes: Buffer) {
  const result = await readSheet(bytes)
  if (result.is === 'unreadable') return result.why
  return result.rows.map((cells) => cells.map(({ text }) => text))
}

async function sheet(bytes: Buffer) {
  const result = await readSheet(bytes)
  if (result.is === 'unreadable') throw new Error(result.why)
  return result
}

const uint32 = (number: number) => {
  const bytes = Buffer.alloc(4)
  bytes.writeUInt32LE(number)
  return bytes
}

const people = (count: number) =>
  Array.from({ length: count }, (_, index) => ['机关第一支部', '王芳', `A${index}`])

describe('xlsx', () => {
  test('text, numbers and dates as they are meant', async () => {
    const bytes = await writeXlsxFile([
      [...header, '加入日期'],
      ['机关第一支部', '王芳', 20210001, { value: new Date('2021-03-05'), type: Date, format: 'yyyy/m/d' }],
    ]).toBuffer()
    expect(await told(bytes)).toEqual([
      [...header, '加入日期'],
      ['机关第一支部', '王芳', '20210001', '2021-03-05'],
    ])
  })

  test('no digit of a long number is lost, and a text that looks like a number stays text', async () => {
    const long = row(2, { A: '<c><v>1.1010119900307E+17</v></c>', B: '王芳', C: '1E5' })
    const [, cells] = await sheetTexts(headerRow + long)
    expect(cells).toEqual(['110101199003070000', '王芳', '1E5'])
  })

  test('titles above the header are passed over and rows keep their numbers', async () => {
    const bytes = await writeXlsxFile([['第一支部党员花名册'], [], header, ...people(1)]).toBuffer()
    expect(await sheet(bytes)).toMatchObject({ firstRow: 3, rows: [{}, {}] })
  })

  test('the header is looked for in ten rows', async () => {
    const titles = (count: number) => Array.from({ length: count }, () => ['花名册'])
    const below = (count: number) => writeXlsxFile([...titles(count), header, ...people(1)]).toBuffer()
    expect(await sheet(await below(9))).toMatchObject({ firstRow: 10 })
    expect(await told(await below(10))).toBe('no-header')
  })

  test('a merge over several rows stands in each, and a merged name is a problem there', async () => {
    const cells =
      headerRow +
      row(2, { A: '机关第一支部', B: '王芳', C: 'A001' }) +
      row(3, { B: '李强', C: 'A002' }) +
      row(4, { C: 'A003' })
    const merges = '<mergeCells count="2"><mergeCell ref="A2:A3"/><mergeCell ref="B3:B4"/></mergeCells>'
    const read = await sheet(handMade([{ cells, after: merges }]))
    expect(read.rows.slice(1).map(([branch, name]) => [branch?.text, name?.text, name?.mark])).toEqual([
      ['机关第一支部', '王芳', undefined],
      ['机关第一支部', '李强', 'merged'],
      ['', '李强', 'merged'],
    ])
    const { lines, problems } = parseRosterLines(read)
    expect(lines.map((line) => line.row)).toEqual([2])
    expect(problems.map((each) => [each.row, each.column])).toEqual([
      [3, '姓名'],
      [4, '姓名'],
    ])
  })

  test('a formula counts by its saved result; without one, or with an error, it is a problem', async () => {
    const formula = (inside: string, type = 'str') => `<c t="${type}"><f>B1</f>${inside}</c>`
    const cells =
      headerRow +
      row(2, { A: '一支部', B: formula('<v>王芳</v>'), C: 'A001' }) +
      row(3, { A: '一支部', B: formula(''), C: 'A002' }) +
      row(4, { A: '一支部', B: formula('<v>#REF!</v>', 'e'), C: 'A003' })
    const { lines, problems } = parseRosterLines(await sheet(handMade([{ cells }])))
    expect(lines.map(({ person: who }) => who?.name)).toEqual(['王芳'])
    expect(problems).toEqual([
      { row: 3, column: '姓名', words: '“姓名”是公式，但文件里没有算好的结果，请直接填写内容' },
      { row: 4, column: '姓名', words: '“姓名”是公式错误，请直接填写内容' },
    ])
  })

  test('hidden and empty sheets are passed over', async () => {
    const hidden = { cells: row(1, { A: '姓名' }), state: 'hidden' as const }
    const bytes = handMade([
      hidden,
      { cells: '<row r="1"><c r="A1" s="0"/></row>' },
      { cells: headerRow + person },
    ])
    expect(await told(bytes)).toEqual([header, ['机关第一支部', '王芳', 'A001']])
  })

  test.each([
    { columns: 40, told: 'read' },
    { columns: 41, told: 'too-many-columns' },
  ])('$columns columns → $told', async ({ columns, told: expected }) => {
    const wide = [...header, ...Array.from({ length: columns - 3 }, (_, index) => `列${index}`)]
    const answer = await told(await writeXlsxFile([wide, wide]).toBuffer())
    expect(typeof answer === 'string' ? answer : 'read').toBe(expected)
  })

  test.each([
    { rows: 5_000, told: 'read' },
    { rows: 5_001, told: 'too-many-rows' },
    { rows: 10_000, told: 'too-many-rows' },
  ])('$rows rows → $told', async ({ rows, told: expected }) => {
    const xlsx = await told(await writeXlsxFile([header, ...people(rows)]).toBuffer())
    expect(typeof xlsx === 'string' ? xlsx : 'read').toBe(expected)
    const csv = await told(Buffer.from([header, ...people(rows)].join('\n')))
    expect(typeof csv === 'string' ? csv : 'read').toBe(expected)
  })

  async function sheetTexts(cells: string) {
    const answer = await told(handMade([{ cells }]))
    if (typeof answer === 'string') throw new Error(answer)
    return answer
  }
})

describe('files made to harm', () => {
  const bomb = { 'xl/media.xml': new Uint8Array(60 * 1024 * 1024) }

  test('an archive that would grow past 40 MB is not unpacked', async () => {
    const bytes = handMade([{ cells: headerRow + person }], bomb)
    expect(bytes.length).toBeLessThan(200_000)
    expect(await told(bytes)).toBe('too-large-inside')
  })

  test('nor one whose directory understates it', async () => {
    const bytes = handMade([{ cells: headerRow + person }], bomb)
    const directory = bytes.readUInt32LE(bytes.length - 22 + 16)
    const size = bytes.indexOf(uint32(60 * 1024 * 1024), directory)
    bytes.writeUInt32LE(1_000, size)
    expect(await told(bytes)).toBe('damaged')
  })

  test.each([
    { name: 'far down', cells: headerRow + row(1_048_576, { C: 'x' }), told: 'too-many-rows' },
    { name: 'far right', cells: headerRow + row(2, { XFD: 'x' }), told: 'too-many-columns' },
    { name: 'off the sheet', cells: headerRow + row(99_999_999_999, { A: 'x' }), told: 'damaged' },
    { name: 'in no column', cells: headerRow + row(2, { ZZZZZZZ: 'x' }), told: 'damaged' },
    { name: 'out of order', cells: person + headerRow, told: 'damaged' },
  ])('a cell $name → $told', async ({ cells, told: expected }) => {
    expect(await told(handMade([{ cells }]))).toBe(expected)
  })

  test('merges that could not be drawn', async () => {
    const ref = '<mergeCell ref="A1:C1048576"/>'
    const after = `<mergeCells>${ref.repeat(10_000)}</mergeCells>`
    expect(await told(handMade([{ cells: headerRow + person, after }]))).toBe('damaged')
  })

  test.each(['<row r="2"><c r="A2"', '</sheetData></sheetData>', '<!DOCTYPE x [<!ENTITY a "b">]>&a;'])(
    'XML that is broken off or strange is answered: %s',
    async (cells) => {
      expect(['damaged', 'no-rows']).toContain(await told(handMade([{ cells: headerRow + cells }])))
    },
  )

  test('what is cut off is damaged', async () => {
    const bytes = await writeXlsxFile([header, ...people(3)]).toBuffer()
    for (const length of [5, 100, bytes.length - 30, bytes.length - 1])
      expect(await told(bytes.subarray(0, length))).toBe('damaged')
  })

  test('a cell of more than 200 characters is left behind and named', async () => {
    const rows = [header, ['一支部', '王'.repeat(201), 'A001'], ['一支部', '李强', 'A002']]
    for (const bytes of [await writeXlsxFile(rows).toBuffer(), Buffer.from(rows.join('\n'))]) {
      const { lines, problems } = parseRosterLines(await sheet(bytes))
      expect(lines.map((line) => line.row)).toEqual([3])
      expect(problems).toEqual([{ row: 2, column: '姓名', words: '“姓名”太长，请改短' }])
    }
  })
})

describe('csv', () => {
  const text = '支部名称,姓名,编号\r\n机关第一支部,王芳,A001\r\n'
  const read = [header, ['机关第一支部', '王芳', 'A001']]
  const utf16 = Buffer.from(`\ufeff${text}`, 'utf16le')

  test.each([
    { name: 'UTF-8', bytes: Buffer.from(text) },
    { name: 'UTF-8 with a mark', bytes: Buffer.from(`\ufeff${text}`) },
    { name: 'UTF-16', bytes: utf16 },
    { name: 'UTF-16 the other way', bytes: Buffer.from(utf16).swap16() },
    { name: 'semicolons', bytes: Buffer.from(text.replaceAll(',', ';')) },
    { name: 'tabs', bytes: Buffer.from(text.replaceAll(',', '\t')) },
    { name: 'quotes', bytes: Buffer.from(text.replace('王芳', '"王芳"')) },
    { name: 'empty rows at its end', bytes: Buffer.from(`${text}${',,\r\n'.repeat(9_000)}`) },
  ])('$name', async ({ bytes }) => {
    expect(await told(bytes)).toEqual(read)
  })

  test('GB18030, with a title and a name of a rare character', async () => {
    const { firstRow, rows } = await sheet(await fixture('gb18030.csv'))
    expect(firstRow).toBe(2)
    expect(rows[2]?.map((cell) => cell.text)).toEqual(['机关第一支部', '李䶮', 'A002'])
  })

  test('GBK, with tabs', async () => {
    expect(await told(await fixture('gbk-tabs.csv'))).toEqual(read)
  })

  test('a line break in quotes does not move the rows below', async () => {
    const bytes = Buffer.from('支部名称,姓名,编号\n"一\n支部",王芳,A001\n一支部,李强,坏\n')
    expect(parseRosterLines(await sheet(bytes)).problems.map((each) => each.row)).toEqual([2, 3])
  })
})

const zipOfText = () => zipSync({ 'a.txt': new Uint8Array(10) })

describe('told what to do', () => {
  const ole = Buffer.concat([Buffer.from('d0cf11e0a1b11ae1', 'hex'), Buffer.alloc(600)])
  const locked = Buffer.concat([ole, Buffer.from('EncryptedPackage', 'utf16le')])

  test.each([
    { name: 'nothing', bytes: Buffer.alloc(0), why: 'empty-file' },
    { name: 'more than 2 MB', bytes: Buffer.alloc(2 * 1024 * 1024 + 1, 'a'), why: 'too-large' },
    { name: 'an old xls', bytes: ole, why: 'old-format' },
    { name: 'a password', bytes: locked, why: 'protected' },
    { name: 'a picture', bytes: Buffer.from('89504e470d0a1a0a0000000d', 'hex'), why: 'not-a-sheet' },
    { name: 'a web page', bytes: Buffer.from('<html><table><td>姓名'), why: 'not-a-sheet' },
    { name: 'a text', bytes: Buffer.from('大家好'), why: 'no-header' },
    { name: 'no encoding we know', bytes: Buffer.from([0xc3, 0xff, 0xff, 0xa1]), why: 'not-a-sheet' },
    { name: 'an open quote', bytes: Buffer.from('姓名,编号\n"王芳,A001'), why: 'quotes' },
    { name: 'a header alone', bytes: Buffer.from('姓名,编号\n,,\n'), why: 'no-rows' },
    { name: 'an archive of something else', bytes: Buffer.from(zipOfText()), why: 'not-a-sheet' },
  ])('$name → $why', async ({ bytes, why }) => {
    const result = await readSheet(bytes)
    expect(result).toMatchObject({ is: 'unreadable', why })
    expect(result.is === 'unreadable' && result.message).toMatch(/请/)
  })
})

test('the template can be read as it is, and its example is passed over', async () => {
  const { lines, problems, notices } = parseRosterLines(await sheet(await rosterTemplate()))
  expect({ lines, problems, notices }).toEqual({
    lines: [],
    problems: [],
    notices: ['第 2 行是示例，没有读取'],
  })
})
