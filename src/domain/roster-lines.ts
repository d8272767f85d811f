// 花名册：一行一人，或一行一个支部；表头认得常见的说法
import * as v from 'valibot'
import { daySchema } from './day'
import { membershipKindSchema } from './membership'
import {
  type CellReading,
  readDay,
  readKind,
  readName,
  readNumber,
  readRole,
  readWords,
  readYesNo,
  tidy,
} from './roster-cells'

/** A cell as the file has it.
 *  - `no-value`: a formula whose result was not saved; `error`: #REF! and the like
 *  - `too-long`: its text was left behind
 *  - `merged`: one of a merge over several rows, with the text of the first */
export interface RosterCell {
  readonly text: string
  readonly mark?: 'no-value' | 'error' | 'too-long' | 'merged'
}

/** The rows of a file from its header on; `firstRow` is the header's number in the file. */
export interface RosterSheet {
  readonly firstRow: number
  readonly rows: readonly (readonly RosterCell[])[]
}

/** One row that could be read. What is undefined is not said by the file and changes nothing. */
export const rosterLineSchema = v.object({
  row: v.number(),
  branchNumber: v.optional(v.string()),
  branchName: v.optional(v.string()),
  family: v.optional(v.string()),
  /** Without it the row is about the branch alone. */
  person: v.optional(
    v.object({
      name: v.string(),
      number: v.string(),
      membership: v.optional(membershipKindSchema),
      role: v.optional(v.picklist(['secretary', 'committee-member', 'none'])),
      joinedOn: v.optional(daySchema),
      leftOn: v.optional(daySchema),
      isExempt: v.optional(v.boolean()),
    }),
  ),
})
export type RosterLine = v.InferOutput<typeof rosterLineSchema>
export type PersonLine = NonNullable<RosterLine['person']>

/** What keeps a row from being taken: what is wrong and what to do. */
export interface RowProblem {
  readonly row: number
  readonly column?: string
  readonly words: string
}

export interface Roster {
  readonly lines: readonly RosterLine[]
  readonly problems: readonly RowProblem[]
  readonly notices: readonly string[]
}

/** Each column by the words a header may use; the first is its own name. */
const headers = {
  branchNumber: ['支部编号', '党支部编号', '支部代码'],
  branchName: ['支部名称', '党支部名称', '党支部', '所在支部', '所在党支部', '支部'],
  family: ['类别', '所属类别', '支部类别', '家族'],
  name: ['姓名', '党员姓名'],
  number: ['编号', '党员编号', '工号'],
  membership: ['党员身份', '身份', '人员类别'],
  role: ['职务', '支部职务', '党内职务'],
  joinedOn: ['加入日期', '加入本支部日期', '加入支部日期'],
  leftOn: ['离开日期', '离开本支部日期', '离开支部日期'],
  exempt: ['免考勤'],
} as const satisfies Record<string, readonly [string, ...string[]]>

export type RosterColumn = keyof typeof headers
export const rosterColumns = Object.keys(headers) as RosterColumn[] // the keys of the table above
export const columnTitle = (column: RosterColumn): string => headers[column][0]

const columnByHeader = new Map<string, RosterColumn>(
  rosterColumns.flatMap((column) => headers[column].map((header) => [header, column] as const)),
)

/** Notes in round brackets, stars of required columns and spaces are no part of a header. */
const headerWords = (text: string): string =>
  tidy(text)
    .replace(/[（(][^（）()]*[）)]/g, '')
    .replace(/[\s*＊【】[\]「」：:]/g, '')

export const columnOf = (header: string): RosterColumn | undefined => columnByHeader.get(headerWords(header))

/** Which row is the header: the first that has 姓名, or else 支部名称. */
export function headerIndex(rows: readonly (readonly { readonly text: string }[])[]): number | undefined {
  const first = (column: RosterColumn) =>
    rows.findIndex((cells) => cells.some((cell) => columnOf(cell.text) === column))
  return [first('name'), first('branchName')].find((index) => index >= 0)
}

const MAX_BRANCH_NAME = 40
const MAX_FAMILY = 20

const isPrivate = /身份证|证件|手机|电话|联系方式|出生|生日|年龄|住址|地址|邮箱|微信|QQ/i
const isCount = /^(序号|序|No\.?)$/i

/** Reads every row on its own, and then what two rows may not both say. */
export function parseRosterLines(sheet: RosterSheet): Roster {
  const [header = [], ...rows] = sheet.rows
  const { columns, problems, notices } = parseHeader(header, sheet.firstRow)
  if (problems.length > 0) return { lines: [], problems, notices }

  const parsed = rows.map((cells, index) => new RowReader(cells, columns, sheet.firstRow + 1 + index))
  const examples = parsed.filter((row) => row.isExample)
  const read = parsed.filter((row) => !row.isToSkip).map((row) => row.read())
  const between = [...repeatedNumbers(read), ...unlikeBranches(read.flatMap(({ line }) => line ?? []))]
  const isContradicted = new Set(between.map((problem) => problem.row))
  const lines = read.flatMap(({ row, line }) => (line === undefined || isContradicted.has(row) ? [] : [line]))
  return {
    lines: withBranchNumbers(lines),
    problems: [...read.flatMap((each) => each.problems), ...between].sort((a, b) => a.row - b.row),
    notices: [...notices, ...examples.map(({ row }) => `第 ${row} 行是示例，没有读取`)],
  }
}

function parseHeader(header: readonly RosterCell[], row: number) {
  const columns = new Map<RosterColumn, number>()
  const problems: RowProblem[] = []
  const unread: string[] = []
  header.forEach(({ text }, index) => {
    const column = columnOf(text)
    const said = headerWords(text)
    if (column === undefined) {
      if (said !== '' && !isCount.test(said)) unread.push(said)
    } else if (columns.has(column)) {
      const title = columnTitle(column)
      problems.push({ row, column: title, words: `“${title}”一列有两处，请只保留一处` })
    } else {
      columns.set(column, index)
    }
  })
  if (columns.has('name') && !columns.has('number')) {
    const words = '表中没有“编号”一列，请加上，每人填一个单位自编的编号（不要用身份证号或手机号）'
    problems.push({ row, column: columnTitle('number'), words })
  }
  return { columns, problems, notices: unreadNotices(unread) }
}

function unreadNotices(unread: readonly string[]): string[] {
  const list = (titles: readonly string[]) => titles.map((title) => `“${title.slice(0, 20)}”`).join('、')
  const personal = unread.filter((title) => isPrivate.test(title))
  const others = unread.filter((title) => !isPrivate.test(title))
  return [
    ...(personal.length > 0 ? [`${list(personal)}没有读取：这里不需要也不保存这类个人信息`] : []),
    ...(others.length > 0 ? [`${list(others)}没有读取：这里用不到`] : []),
  ]
}

interface ReadRow {
  readonly row: number
  readonly number: string | undefined
  readonly line: RosterLine | undefined
  readonly problems: readonly RowProblem[]
}

const markWords: Record<NonNullable<RosterCell['mark']>, string> = {
  'no-value': '是公式，但文件里没有算好的结果，请直接填写内容',
  error: '是公式错误，请直接填写内容',
  'too-long': '太长，请改短',
  merged: '是合并单元格，请取消合并后逐行填写',
}

/** A merge over these means the same for each row; over a name it means nothing certain. */
const mayBeMerged: readonly RosterColumn[] = ['branchNumber', 'branchName', 'family']

class RowReader {
  private readonly problems: RowProblem[] = []

  constructor(
    private readonly cells: readonly RosterCell[],
    private readonly columns: ReadonlyMap<RosterColumn, number>,
    readonly row: number,
  ) {}

  /** The row that a template shows for an example. */
  get isExample(): boolean {
    return [this.text('name'), this.text('branchName')].some((text) => /^[（(【]?示例/.test(text))
  }

  /** Empty, an example, or the header again, as on every printed page. */
  get isToSkip(): boolean {
    const isEmpty = [...this.columns.keys()].every(
      (column) => this.text(column) === '' && !this.hasFlaw(column),
    )
    return isEmpty || this.isExample || columnOf(this.text('name')) === 'name'
  }

  read(): ReadRow {
    const isAboutPerson = this.isAboutPerson
    const branchNumber = this.value('branchNumber', readNumber)
    const readBranchName = readWords(MAX_BRANCH_NAME)
    const line = {
      row: this.row,
      branchNumber,
      // Somebody's branch can be known without it, a number cannot be told apart from a slip.
      branchName:
        isAboutPerson && branchNumber === undefined
          ? this.value('branchName', readBranchName)
          : this.required('branchName', readBranchName),
      family: this.value('family', readWords(MAX_FAMILY)),
      person: isAboutPerson ? this.person() : undefined,
    }
    return {
      row: this.row,
      number: line.person?.number,
      line: this.problems.length > 0 ? undefined : withoutBlanks(line),
      problems: this.problems,
    }
  }

  private get isAboutPerson(): boolean {
    return [...this.columns.keys()].some(
      (column) => !mayBeMerged.includes(column) && (this.text(column) !== '' || this.hasFlaw(column)),
    )
  }

  private person(): PersonLine {
    const name = this.required('name', readName)
    const number = this.required('number', readNumber)
    const isNamed = (column: RosterColumn) => this.columns.has(column)
    const joinedOn = this.value('joinedOn', readDay)
    const leftOn = this.value('leftOn', readDay)
    if (joinedOn !== undefined && leftOn !== undefined && leftOn <= joinedOn) {
      this.report('leftOn', '应晚于加入日期，请核对')
    }
    return withoutBlanks({
      name,
      number,
      membership: this.value('membership', readKind) ?? (isNamed('membership') ? 'full' : undefined),
      role: this.value('role', readRole) ?? (isNamed('role') ? 'none' : undefined),
      joinedOn,
      leftOn,
      isExempt: this.value('exempt', readYesNo),
    })
  }

  private text(column: RosterColumn): string {
    return tidy(this.cell(column)?.text ?? '')
  }

  private cell(column: RosterColumn): RosterCell | undefined {
    const index = this.columns.get(column)
    return index === undefined ? undefined : this.cells[index]
  }

  private hasFlaw(column: RosterColumn): boolean {
    const mark = this.cell(column)?.mark
    return mark !== undefined && mark !== 'merged'
  }

  /** Undefined where the cell is blank or cannot be read; then a problem says why. */
  private value<Value>(column: RosterColumn, read: (text: string) => CellReading<Value>): Value | undefined {
    const mark = this.cell(column)?.mark
    const text = this.text(column)
    if (this.hasFlaw(column) || (mark === 'merged' && text !== '' && !mayBeMerged.includes(column))) {
      this.report(column, markWords[mark ?? 'error'])
      return undefined
    }
    if (text === '') return undefined
    const reading = read(text)
    if ('value' in reading) return reading.value
    this.report(column, reading.words)
    return undefined
  }

  private required(column: RosterColumn, read: (text: string) => CellReading<string>): string {
    const before = this.problems.length
    const value = this.value(column, read)
    if (value === undefined && this.problems.length === before)
      this.report(column, '没有填写，请补上，或删去本行')
    return value ?? ''
  }

  private report(column: RosterColumn, words: string): void {
    const title = columnTitle(column)
    this.problems.push({ row: this.row, column: title, words: `“${title}”${words}` })
  }
}

/** Without the keys that hold undefined: records and lines say only what is known. */
function withoutBlanks<Line extends object>(line: Line): Line {
  return Object.fromEntries(Object.entries(line).filter(([, value]) => value !== undefined)) as Line // less of the same
}

function repeatedNumbers(rows: readonly ReadRow[]): RowProblem[] {
  return [...grouped(rows, ({ number }) => number)].flatMap(([number, group]) => {
    if (group.length === 1) return []
    const where = group.slice(0, 5).map(({ row }) => row)
    const more = group.length > where.length ? ' 等' : ''
    const words = `“编号”${number} 在第 ${where.join('、')}${more} 行重复，请核对，每人只保留一行`
    return group.map(({ row }) => ({ row, column: columnTitle('number'), words }))
  })
}

/** One number for two names, or two numbers for one: whichever is right, the rows cannot both be. */
function unlikeBranches(lines: readonly RosterLine[]): RowProblem[] {
  const unlike = (column: 'branchName' | 'branchNumber', by: 'branchName' | 'branchNumber') =>
    [...grouped(lines, (line) => line[by])].flatMap(([value, group]) => {
      if (new Set(group.flatMap((line) => line[column] ?? [])).size < 2) return []
      const title = columnTitle(column)
      const words = `“${columnTitle(by)}”${value} 在表中有不同的“${title}”，请改成一样的`
      return group.map(({ row }) => ({ row, column: title, words }))
    })
  return [...unlike('branchName', 'branchNumber'), ...unlike('branchNumber', 'branchName')]
}

/** A row that names a branch alone means the number that other rows give it. */
function withBranchNumbers(lines: readonly RosterLine[]): RosterLine[] {
  const numbers = new Map(
    lines.flatMap(({ branchName, branchNumber }) => (branchNumber ? [[branchName, branchNumber]] : [])),
  )
  return lines.map((line) => {
    const branchNumber = line.branchName && numbers.get(line.branchName)
    return branchNumber ? { ...line, branchNumber } : line
  })
}

/** In groups by what is asked of each; whoever answers undefined or '' is in none. */
export function grouped<Item>(
  items: readonly Item[],
  key: (item: Item) => string | undefined,
): Map<string, Item[]> {
  const groups = new Map<string, Item[]>()
  for (const item of items) {
    const name = key(item)
    if (!name) continue
    const group = groups.get(name)
    if (group === undefined) groups.set(name, [item])
    else group.push(item)
  }
  return groups
}
