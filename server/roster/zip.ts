import { inflateRawSync } from 'node:zlib'

/** One file of an archive, as its directory describes it. */
interface ZipEntry {
  readonly name: string
  readonly method: number
  readonly packed: Buffer
  /** Unpacked, in bytes; only claimed until it has been unpacked. */
  readonly size: number
}

const END_OF_DIRECTORY = 0x06054b50
const DIRECTORY_ENTRY = 0x02014b50
const LOCAL_ENTRY = 0x04034b50
const END_BYTES = 22
const ENTRY_BYTES = 46
const LOCAL_BYTES = 30
const MAX_COMMENT = 0xffff
const STORED = 0
const DEFLATED = 8
const IS_ENCRYPTED = 1

export const isZip = (bytes: Buffer): boolean => bytes.length > 4 && bytes.readUInt32LE(0) === LOCAL_ENTRY

/** Unpacks an archive in memory, having added up first what its directory says it holds. A file that
 *  turns out larger or smaller than it says is an error, so the sum cannot be a lie.
 *  @returns 'too-large' when it would be more than `maxBytes`
 *  @throws when it is damaged, encrypted, or larger than 4 GB (zip64) */
export function unzip(
  bytes: Buffer,
  wanted: (name: string) => boolean,
  maxBytes: number,
): Map<string, Buffer> | 'too-large' {
  const entries = directoryOf(bytes)
  if (entries.reduce((sum, { size }) => sum + size, 0) > maxBytes) return 'too-large'
  return new Map(entries.filter(({ name }) => wanted(name)).map((entry) => [entry.name, unpacked(entry)]))
}

function directoryOf(bytes: Buffer): ZipEntry[] {
  const end = endOfDirectory(bytes)
  const entries: ZipEntry[] = []
  let at = bytes.readUInt32LE(end + 16)
  for (let left = bytes.readUInt16LE(end + 10); left > 0; left--) {
    if (bytes.readUInt32LE(at) !== DIRECTORY_ENTRY) throw new Error('not a zip directory')
    if (bytes.readUInt16LE(at + 8) & IS_ENCRYPTED) throw new Error('encrypted')
    const nameEnd = at + ENTRY_BYTES + bytes.readUInt16LE(at + 28)
    const local = bytes.readUInt32LE(at + 42)
    const start = local + LOCAL_BYTES + bytes.readUInt16LE(local + 26) + bytes.readUInt16LE(local + 28)
    entries.push({
      name: bytes.toString('utf8', at + ENTRY_BYTES, nameEnd),
      method: bytes.readUInt16LE(at + 10),
      packed: bytes.subarray(start, start + bytes.readUInt32LE(at + 20)),
      size: bytes.readUInt32LE(at + 24),
    })
    at = nameEnd + bytes.readUInt16LE(at + 30) + bytes.readUInt16LE(at + 32)
  }
  return entries
}

/** It stands last, but for a comment. */
function endOfDirectory(bytes: Buffer): number {
  for (let at = bytes.length - END_BYTES; at >= Math.max(0, bytes.length - END_BYTES - MAX_COMMENT); at--) {
    if (bytes.readUInt32LE(at) === END_OF_DIRECTORY) return at
  }
  throw new Error('not a zip')
}

function unpacked({ method, packed, size, name }: ZipEntry): Buffer {
  if (method !== STORED && method !== DEFLATED) throw new Error(`packed by method ${method}`)
  // Without room for one byte more, zlib would take 0 for "as much as you like".
  const content = method === STORED ? packed : inflateRawSync(packed, { maxOutputLength: size + 1 })
  if (content.length !== size) throw new Error(`not the size it says: ${name}`)
  return content
}
