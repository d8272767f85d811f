// 粘贴清单：一行一项，书名、出版社、章数、必读，或者标题和链接，怎么写都尽量认
import * as v from 'valibot'
import { type Day, daySchema } from './day'
import { chaptersMost, type ReadingItem, readingItemSchema } from './reading'

/** What a line says, before it has a place in a list. */
export type PastedItem = Pick<
  ReadingItem,
  'kind' | 'title' | 'source' | 'chapters' | 'url' | 'day' | 'isRequired'
>

export interface Pasted {
  readonly items: readonly PastedItem[]
  /** Lines that cannot be taken, with what to do about each. */
  readonly problems: readonly { readonly line: number; readonly text: string; readonly problem: string }[]
}

export const linesAtOnce = 1000

/** Reads a list as it is pasted from a message or a table: 《书名》｜出版社｜12章｜必读. */
export function readPasted(text: string): Pasted {
  const items: PastedItem[] = []
  const problems: Pasted['problems'][number][] = []
  for (const [index, raw] of text.split(/\r?\n/).entries()) {
    const line = raw.trim()
    if (line === '') continue
    if (items.length >= linesAtOnce) {
      problems.push({ line: index + 1, text: line, problem: `一次最多 ${linesAtOnce} 项，请分几次添加` })
      break
    }
    const read = readLine(line)
    if (typeof read === 'string') problems.push({ line: index + 1, text: line, problem: read })
    else items.push(read)
  }
  return { items, problems }
}

/** The number before a line, as lists have it; not that of 「1. 」 alone, and not a year. */
const numbering = /^(?:[（(]?\d{1,4}[)）.、．]|[（(]?[一二三四五六七八九十]{1,3}[)）、．.]|[-•·*])\s*/u
const separators = /[｜|\t]|\s{2,}|，(?=必读|选读|共?\d+\s*章)/

function readLine(line: string): PastedItem | string {
  const url = /https?:\/\/[^\s<>"｜|，。；）》]+/.exec(line)?.[0]
  const parts = line
    .replace(url ?? '', '')
    .replace(numbering, '')
    .split(separators)
    .map((part) => part.trim())
    .filter((part) => part !== '')
  let isRequired = false
  let chapters = 0
  let day: Day | undefined
  const names: string[] = []
  for (const part of parts) {
    const count = /^共?\s*(\d{1,3})\s*章$/.exec(part)?.[1]
    const found = v.safeParse(daySchema, part)
    if (part === '必读' || part === '选读') isRequired = part === '必读'
    else if (count !== undefined) chapters = Number(count)
    else if (found.success) day = found.output
    else names.push(part)
  }
  const [title = '', source = '', ...others] = names
  if (title === '') return '没有书名或标题，请补上'
  if (others.length > 0) return `认不出「${others.join('」「')}」，请写成：书名｜出版社｜12章｜必读`
  if (chapters > chaptersMost) return `最多 ${chaptersMost} 章`
  const item: PastedItem = {
    kind: url === undefined ? 'book' : 'link',
    title: bare(title),
    ...{ source, chapters, isRequired },
    ...(url !== undefined && { url }),
    ...(day !== undefined && { day }),
  }
  const asRecord = { ...item, listId: 'a', id: 'a', place: 0, version: 0 }
  const parsed = v.safeParse(readingItemSchema, asRecord)
  if (parsed.success) return item
  const field = parsed.issues[0].path?.[0]?.key
  if (field === 'title') return '书名或标题最多 80 个字'
  if (field === 'source') return '出版社或来源最多 60 个字'
  return '链接太长或写法不对'
}

/** A title without the marks that a list puts around it; not within it. */
export const bare = (title: string): string => /^《([^《》]+)》$/.exec(title)?.[1] ?? title
