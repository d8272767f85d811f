import { createHash, randomBytes } from 'node:crypto'
import { createReadStream, createWriteStream } from 'node:fs'
import { open, rename, rm } from 'node:fs/promises'
import path from 'node:path'
import { pipeline } from 'node:stream/promises'
import { createGunzip, createGzip } from 'node:zlib'
import * as v from 'valibot'

/** The form of the file; raised when an older version could not read it any more. */
const format = 1

/** A backup is one gzip file of lines: this, then every row of every table in the order given here, each
 *  as a JSON object of its columns, then {@link endSchema}. `zcat` and `grep` read it. */
const headSchema = v.object({
  format: v.literal(format),
  /** The schema it was taken of, by its last migration. */
  migration: v.string(),
  /** ms UTC */
  takenAt: v.number(),
  tables: v.array(v.object({ name: v.string(), columns: v.array(v.string()), rows: v.number() })),
})
export type BackupHead = v.InferOutput<typeof headSchema>

/** The digest of every byte before this line. */
const endSchema = v.object({ sha256: v.string() })

/** A file that cannot be restored from; the message says what to do. */
export class UnusableBackup extends Error {
  override name = 'UnusableBackup'
}

/** Writes under another name and renames: a file of this name is a whole one.
 *  @throws when it cannot be written; then there is no file */
export async function writeBackupFile(
  file: string,
  head: Omit<BackupHead, 'format'>,
  pages: AsyncIterable<readonly string[]>,
): Promise<void> {
  const draft = `${file}.${randomBytes(6).toString('hex')}.part`
  try {
    const written = createWriteStream(draft, { flags: 'wx', mode: 0o600 })
    await pipeline(linesFor({ format, ...head }, pages), createGzip(), written)
    await sync(draft)
    await rename(draft, file)
  } catch (error) {
    await rm(draft, { force: true })
    throw error
  }
  await sync(path.dirname(file))
}

/** A power cut may undo what was only written. */
async function sync(place: string): Promise<void> {
  const handle = await open(place)
  await handle.sync().finally(() => handle.close())
}

async function* linesFor(head: BackupHead, pages: AsyncIterable<readonly string[]>): AsyncGenerator<string> {
  const hash = createHash('sha256')
  const hashed = (lines: readonly string[]) => {
    const text = lines.map((line) => `${line}\n`).join('')
    hash.update(text)
    return text
  }
  yield hashed([JSON.stringify(head)])
  for await (const page of pages) yield hashed(page)
  yield `${JSON.stringify({ sha256: hash.digest('hex') })}\n`
}

/** Reads a backup, handing each row with its table to `take`; nothing is known to be sound before
 *  it has resolved.
 *  @throws {UnusableBackup} when it is no backup, damaged, cut short, or of a newer version */
export async function readBackupFile(
  file: string,
  take: (table: string, row: string, head: BackupHead) => Promise<void>,
): Promise<BackupHead> {
  const hash = createHash('sha256')
  let head: BackupHead | undefined
  let tables: { name: string; left: number }[] = []
  let isEnded = false
  for await (const line of linesOf(file)) {
    if (isEnded) throw damaged(file)
    const table = tables[0]
    if (head === undefined) {
      head = headFrom(line, file)
      tables = head.tables.map(({ name, rows }) => ({ name, left: rows }))
    } else if (table !== undefined) {
      await take(table.name, line, head)
      table.left -= 1
    } else {
      const end = v.safeParse(v.pipe(v.string(), v.parseJson(), endSchema), line)
      isEnded = end.success && end.output.sha256 === hash.digest('hex')
      if (!isEnded) throw damaged(file)
    }
    if (!isEnded) hash.update(`${line}\n`)
    while (tables[0]?.left === 0) tables.shift()
  }
  if (head === undefined || !isEnded) throw damaged(file)
  return head
}

function headFrom(line: string, file: string): BackupHead {
  const any = v.safeParse(v.pipe(v.string(), v.parseJson(), v.looseObject({ format: v.number() })), line)
  if (any.success && any.output.format > format) throw newer(file)
  const head = v.safeParse(v.pipe(v.string(), v.parseJson(), headSchema), line)
  if (!head.success) throw new UnusableBackup(`${file} is not a backup of this server. Nothing was changed.`)
  return head.output
}

/** Its schema, or the form of the file, is one that this version does not know. */
export const newer = (file: string) =>
  new UnusableBackup(`${file} was made by a newer version. Update this one first. Nothing was changed.`)

const damaged = (file: string) =>
  new UnusableBackup(
    `${file} is damaged or not whole: it was changed or cut short. Use another copy of it, or an earlier backup. Nothing was changed.`,
  )

/** By line feeds alone: Node's own reader also ends a line at characters that JSON lets stand. */
async function* linesOf(file: string): AsyncGenerator<string> {
  const unpacked = createGunzip()
  createReadStream(file)
    .on('error', (error) => unpacked.destroy(error))
    .pipe(unpacked)
  let begun: Buffer[] = []
  try {
    for await (const chunk of unpacked as AsyncIterable<Buffer>) {
      let from = 0
      for (let end = chunk.indexOf(0x0a); end >= 0; end = chunk.indexOf(0x0a, from)) {
        yield Buffer.concat([...begun, chunk.subarray(from, end)]).toString()
        begun = []
        from = end + 1
      }
      begun.push(chunk.subarray(from))
    }
  } catch (error) {
    const { code } = error as { code?: unknown } // whatever a stream throws is an object
    if (String(code).startsWith('Z_')) throw damaged(file)
    throw error
  }
  if (begun.some((piece) => piece.length > 0)) throw damaged(file)
}
