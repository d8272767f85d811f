/** Storage can be torn in the middle of a write and can rot. What is kept carries its length and a
 *  checksum, so that half an entry is never taken for a whole one. */

const table = Uint32Array.from({ length: 256 }, (_, byte) => {
  let crc = byte
  for (let bit = 0; bit < 8; bit++) crc = crc & 1 ? (crc >>> 1) ^ 0xedb88320 : crc >>> 1
  return crc
})

/** CRC-32 over the UTF-16 code units: the same on every engine, without an encoder. */
export function checksum(text: string): string {
  let crc = 0xffffffff
  for (let index = 0; index < text.length; index++) {
    const unit = text.charCodeAt(index)
    crc = (crc >>> 8) ^ (table[(crc ^ unit) & 0xff] ?? 0)
    crc = (crc >>> 8) ^ (table[(crc ^ (unit >>> 8)) & 0xff] ?? 0)
  }
  return ((crc ^ 0xffffffff) >>> 0).toString(16).padStart(8, '0')
}

export const framed = (value: unknown): string => {
  const text = JSON.stringify(value)
  return `${text.length}:${checksum(text)}:${text}`
}

/** The value as it was written, or undefined when the entry is torn or rotten. */
export function unframed(entry: string): { readonly value: unknown } | undefined {
  const match = /^(\d+):([0-9a-f]{8}):/.exec(entry)
  if (match === null) return undefined
  const text = entry.slice(match[0].length)
  if (text.length !== Number(match[1]) || checksum(text) !== match[2]) return undefined
  return { value: JSON.parse(text) as unknown }
}
