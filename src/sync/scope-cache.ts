import * as v from 'valibot'
import { type RecordOf, type RecordType, recordSchemas, recordTypes } from '#domain/records'
import type { Scope } from '#domain/scopes'
import { type Cursor, cursorSchema, type Row } from '#protocol/sync'
import { framed, unframed } from './frame'
import type { KeyValueStore } from './key-value-store'

/** A page is written whole whenever a row of it changes: small enough to be quick, large enough
 *  that years of history are a few hundred keys. In UTF-16 code units of JSON. */
const pageSize = 12 * 1024

/** The latest rows wait in an entry of their own until they are worth writing pages for: a check-in
 *  costs what it says, and not also the page that its week lies in. In the same units. */
const recentSize = 2 * 1024

const copySchema = v.object({
  ...cursorSchema.entries,
  /** The version of the app that had to leave a row out; another may be able to read it. */
  leftOutBy: v.optional(v.string()),
  /** Its first answers have come, and not yet the last of them. */
  isFilling: v.optional(v.literal(true)),
})
const manifestSchema = v.object({
  ...copySchema.entries,
  nextPage: v.number(),
  pages: v.array(v.number()),
})
const pageSchema = v.array(v.tuple([v.string(), v.unknown()]))
const recentSchema = v.object({
  ...copySchema.entries,
  /** How far the pages go that these rows continue; with others they mean nothing. */
  from: v.number(),
  rows: pageSchema,
})

interface Page {
  readonly id: number
  /** [`type key`, value], in order. */
  rows: [string, unknown][]
}

const types = new Set<string>(recordTypes)
const isRecordType = (type: string): type is RecordType => types.has(type)

const nameOf = (type: RecordType, key: string) => `${type} ${key}`

/** This phone's copy of one scope: rows in order, cut into pages, with a manifest that says how far
 *  the pages go, and the latest rows beside them. It can always be fetched again, so anything
 *  doubtful is dropped. */
export class ScopeCache {
  /** Not in the pages on the disk yet, but in those here. A value that is null is gone. */
  private readonly recent = new Map<string, unknown>()
  private readonly dirty = new Set<Page>()
  /** Pages that may be on the disk, whether the manifest there names them or not. */
  private readonly kept = new Set<number>()
  /** How far the pages on the disk go; undefined while there is no manifest. */
  private pagedTo: number | undefined
  private leftOutBy: string | undefined
  private isFilling = false

  private constructor(
    private readonly store: KeyValueStore,
    private readonly prefix: string,
    private pages: Page[],
    private nextPage: number,
    private at: Cursor,
    private readonly version: string,
  ) {}

  static empty(store: KeyValueStore, root: string, scope: Scope, version = ''): ScopeCache {
    return new ScopeCache(store, `${root}c/${scope}/`, [], 0, { epoch: 0, seq: 0 }, version)
  }

  /** @throws when storage cannot be read; a torn page or manifest gives an empty copy instead, and so
   *  does one from which another version of the app had to leave something out. */
  static async open(store: KeyValueStore, root: string, scope: Scope, version = ''): Promise<ScopeCache> {
    const cache = ScopeCache.empty(store, root, scope, version)
    for (const key of await store.keys(`${cache.prefix}p/`)) {
      const id = Number(key.slice(`${cache.prefix}p/`.length))
      cache.kept.add(id)
      cache.nextPage = Math.max(cache.nextPage, id + 1)
    }
    const manifest = v.safeParse(manifestSchema, await readFramed(store, `${cache.prefix}m`))
    if (!manifest.success) return cache
    const pages: Page[] = []
    for (const id of manifest.output.pages) {
      const rows = v.safeParse(pageSchema, await readFramed(store, `${cache.prefix}p/${id}`))
      if (!rows.success) return cache
      if (rows.output.length > 0) pages.push({ id, rows: rows.output })
    }
    const { nextPage, pages: _, leftOutBy, isFilling, ...cursor } = manifest.output
    cache.pages = pages
    cache.nextPage = Math.max(cache.nextPage, nextPage)
    cache.at = cursor
    cache.pagedTo = cursor.seq
    cache.leftOutBy = leftOutBy
    cache.isFilling = isFilling ?? false
    await cache.openRecent()
    if (cache.leftOutBy !== undefined && cache.leftOutBy !== version) cache.beginAnew()
    return cache
  }

  get cursor(): Cursor {
    return this.at
  }

  /** Whether it has been given all of the scope there was, once; what is new since may still be to come. */
  get isWhole(): boolean {
    return !this.isFilling
  }

  get<Type extends RecordType>(type: Type, key: string): RecordOf<Type> | undefined {
    const name = nameOf(type, key)
    const page = this.pageFor(name)
    const row = page?.rows[findIn(page.rows, name).index]
    return row !== undefined && row[0] === name ? trusted<Type>(row[1]) : undefined
  }

  /** Keys and values whose key begins with this, in order. */
  list<Type extends RecordType>(type: Type, prefix: string): [string, RecordOf<Type>][] {
    const from = nameOf(type, prefix)
    const found: [string, RecordOf<Type>][] = []
    for (let index = this.pageIndexFor(from); index < this.pages.length; index++) {
      const rows = this.pages[index]?.rows ?? []
      for (let at = findIn(rows, from).index; at < rows.length; at++) {
        const row = rows[at]
        if (row === undefined || !row[0].startsWith(from)) return found
        found.push([row[0].slice(type.length + 1), trusted<Type>(row[1])])
      }
    }
    return found
  }

  /** Takes in rows and the cursor they lead to. Killed on the way, the same rows come again and
   *  change nothing. */
  async apply(
    rows: readonly Row[],
    cursor: Cursor,
    { isReset, isWhole }: { readonly isReset: boolean; readonly isWhole: boolean },
  ): Promise<void> {
    if (isReset) this.forget()
    for (const [type, key, value] of rows) {
      // A row of a newer server that this version cannot read is left out; an update fetches anew.
      const canRead = isRecordType(type) && (value === null || v.is(recordSchemas[type], value))
      if (canRead) this.put(nameOf(type, key), value)
      else this.leftOutBy = this.version
    }
    const copy = {
      ...cursor,
      ...(this.leftOutBy !== undefined && { leftOutBy: this.leftOutBy }),
      ...(!isWhole && { isFilling: true as const }),
    }
    const recent = [...this.recent]
    if (this.pagedTo !== undefined && JSON.stringify(recent).length <= recentSize) {
      await this.store.set(`${this.prefix}r`, framed({ ...copy, from: this.pagedTo, rows: recent }))
    } else {
      await this.writePages(copy)
    }
    this.at = cursor
    this.isFilling = !isWhole
  }

  /** Pages first, then the manifest; what it does not name goes last, also what an earlier try left. A page is
   *  never changed where it stands: until the manifest changes the copy is as it was, or the same rows, come
   *  again, would be looked for in the wrong page. */
  private async writePages(copy: v.InferOutput<typeof copySchema>): Promise<void> {
    await this.store.delete(`${this.prefix}r`)
    for (const page of this.dirty) {
      const isWhole = framed(page.rows).length <= pageSize || page.rows.length === 1
      const parts = isWhole ? [page.rows] : cut(page.rows)
      const written = parts.map((rows) => ({ id: this.nextPage++, rows }))
      for (const { id, rows } of written) await this.writePage(id, framed(rows))
      this.pages.splice(this.pages.indexOf(page), 1, ...written)
      this.dirty.delete(page) // should the next one find no room, this one is not written twice
    }
    const manifest = { ...copy, nextPage: this.nextPage, pages: this.pages.map((page) => page.id) }
    await this.store.set(`${this.prefix}m`, framed(manifest))
    this.pagedTo = copy.seq
    this.recent.clear()
    const named = new Set(manifest.pages)
    for (const id of this.kept) {
      if (named.has(id)) continue
      await this.store.delete(`${this.prefix}p/${id}`)
      this.kept.delete(id)
    }
  }

  private async writePage(id: number, text: string): Promise<void> {
    this.kept.add(id)
    await this.store.set(`${this.prefix}p/${id}`, text)
  }

  /** Torn, or of other pages, they are passed over and come again from the server. */
  private async openRecent(): Promise<void> {
    const kept = v.safeParse(recentSchema, await readFramed(this.store, `${this.prefix}r`))
    if (!kept.success || kept.output.epoch !== this.at.epoch || kept.output.from !== this.pagedTo) return
    for (const [name, value] of kept.output.rows) this.put(name, value)
    const { from: _, rows: __, leftOutBy, isFilling, ...cursor } = kept.output
    this.at = cursor
    this.leftOutBy = leftOutBy
    this.isFilling = isFilling ?? false
  }

  /** On the disk all is as it was. */
  private forget(): void {
    this.pages = []
    this.recent.clear()
    this.dirty.clear()
    this.pagedTo = undefined
    this.leftOutBy = undefined
  }

  private beginAnew(): void {
    this.forget()
    this.at = { epoch: 0, seq: 0 }
  }

  /** Manifest first: a half-deleted copy is an empty one. */
  async drop(): Promise<void> {
    this.beginAnew()
    await this.store.delete(`${this.prefix}m`)
    await this.store.delete(`${this.prefix}r`)
    for (const key of await this.store.keys(`${this.prefix}p/`)) await this.store.delete(key)
    this.kept.clear()
  }

  private put(name: string, value: unknown): void {
    this.recent.set(name, value)
    let page = this.pageFor(name)
    if (page === undefined) {
      if (value === null) return
      page = { id: unwritten, rows: [] }
      this.pages.push(page)
    }
    const { index, isThere } = findIn(page.rows, name)
    if (value === null) page.rows.splice(index, isThere ? 1 : 0)
    else page.rows.splice(index, isThere ? 1 : 0, [name, value])
    this.dirty.add(page)
    if (page.rows.length > 0) return
    // Pages are found by their first row.
    this.pages.splice(this.pages.indexOf(page), 1)
    this.dirty.delete(page)
  }

  private pageFor(name: string): Page | undefined {
    return this.pages[this.pageIndexFor(name)]
  }

  /** The last page that begins at or before this name. */
  private pageIndexFor(name: string): number {
    let low = 0
    let high = this.pages.length - 1
    while (low < high) {
      const middle = (low + high + 1) >> 1
      const first = this.pages[middle]?.rows[0]?.[0]
      if (first !== undefined && first <= name) low = middle
      else high = middle - 1
    }
    return low
  }
}

/** Of a page that has no name on the disk yet. */
const unwritten = -1

function findIn(rows: readonly [string, unknown][], name: string): { index: number; isThere: boolean } {
  let low = 0
  let high = rows.length
  while (low < high) {
    const middle = (low + high) >> 1
    if ((rows[middle]?.[0] ?? '') < name) low = middle + 1
    else high = middle
  }
  return { index: low, isThere: rows[low]?.[0] === name }
}

/** Into pieces of about half a page, so that the next rows find room. */
function cut(rows: readonly [string, unknown][]): [string, unknown][][] {
  const parts: [string, unknown][][] = []
  let part: [string, unknown][] = []
  let size = 0
  for (const row of rows) {
    const length = JSON.stringify(row).length
    if (size > 0 && size + length > pageSize / 2) {
      parts.push(part)
      part = []
      size = 0
    }
    part.push(row)
    size += length
  }
  parts.push(part)
  return parts
}

async function readFramed(store: KeyValueStore, key: string): Promise<unknown> {
  const entry = await store.get(key)
  return entry === undefined ? undefined : unframed(entry)?.value
}

/** Rows were parsed by their schema when they arrived, and their checksum when they were read. */
const trusted = <Type extends RecordType>(value: unknown) => value as RecordOf<Type>
