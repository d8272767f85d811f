/** What a file may hold. Unpacked: an xlsx is an archive, and a small one can hold gigabytes. */
export const limits = {
  bytes: 2 * 1024 * 1024,
  unpackedBytes: 40 * 1024 * 1024,
  /** Below the header. */
  rows: 5_000,
  columns: 40,
  /** Characters in a cell. */
  cell: 200,
  /** Rows in which the header is looked for. */
  titleRows: 10,
} as const

const rows = limits.rows.toLocaleString('en-US')

const messages = {
  'empty-file': '文件是空的，请重新选择花名册文件',
  'too-large': '文件超过 2 MB，请删去图片和用不到的内容，或分成几个文件',
  'too-large-inside': '文件里的内容太多，请只保留花名册这一张表，另存为 xlsx 后再导入',
  'old-format': '这是旧的 xls 格式，请用 WPS 或 Excel 打开，另存为 xlsx 后再导入',
  protected: '文件设有打开密码，请用 WPS 或 Excel 打开，取消密码、另存为 xlsx 后再导入',
  'not-a-sheet': '这不是 xlsx 或 csv 表格，请用 WPS 或 Excel 打开，另存为 xlsx 后再导入',
  damaged: '文件已损坏或不完整，请用 WPS 或 Excel 打开，另存为 xlsx 后再导入',
  quotes: '文件里的引号不成对，请用 WPS 或 Excel 打开，另存为 xlsx 后再导入',
  'too-many-rows': `表格超过 ${rows} 行，请分成几个文件，或删去表格下方多余的内容`,
  'too-many-columns': `表格超过 ${limits.columns} 列，请删去用不到的列`,
  'no-header': `没有找到表头：前 ${limits.titleRows} 行里应有一行写着“姓名”或“支部名称”，请对照模板填写`,
  'no-rows': '表头下面没有内容，请填写后再导入',
} as const

/** Why a file cannot be read at all; `message` says what to do. */
export interface Unreadable {
  readonly is: 'unreadable'
  readonly why: keyof typeof messages
  readonly message: string
}

export const unreadable = (why: Unreadable['why']): Unreadable => ({
  is: 'unreadable',
  why,
  message: messages[why],
})
