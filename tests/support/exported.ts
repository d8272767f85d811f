import { readFileSync } from 'node:fs'
import readXlsx from 'read-excel-file/node'
import { H5Phone } from './h5-phone'
import { type Phone, until } from './phone'
import type { WeappPhone } from './weapp/weapp-phone'
import { wechatOf } from './weapp/wechat-side'

export interface ExportedFile {
  readonly name: string
  readonly bytes: Buffer
}

/** The file that this tap leads to: downloaded by the browser, or opened by WeChat. */
export async function exported(phone: Phone, tapped: string): Promise<ExportedFile> {
  if (phone instanceof H5Phone) {
    const downloading = phone.page.waitForEvent('download')
    await phone.tap(tapped)
    const download = await downloading
    return { name: download.suggestedFilename(), bytes: readFileSync(await download.path()) }
  }
  const { opened } = wechatOf((phone as WeappPhone).handset) // the only other kind
  const before = opened.length
  await phone.tap(tapped)
  const file = await until(
    () => opened[before],
    () => 'WeChat opened nothing',
    20_000,
  )
  return { name: file.name.replace('http://usr/', ''), bytes: Buffer.from(file.bytes) }
}

export type SheetRow = Readonly<Record<string, unknown>>

/** The rows of a sheet, by the titles of their columns. */
export async function rowsOf(bytes: Buffer, sheet: string): Promise<SheetRow[]> {
  const found = (await readXlsx(bytes)).find((each) => each.sheet === sheet)
  const [titles = [], ...rows] = found?.data ?? []
  return rows.map((row) => Object.fromEntries(titles.map((title, index) => [String(title), row[index]])))
}
