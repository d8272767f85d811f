export interface Piece {
  readonly piece: string
  readonly bytes: number
}

/** A message of HTTP/1.1 taken apart: its first line, each header, and each part of its body, a JSON list
 *  of which `names` says what stands where. Together they are all of it. */
export function piecesOf(message: string, names: readonly string[]): Piece[] {
  const [head = '', body = ''] = message.split('\r\n\r\n')
  const [first = '', ...headers] = head.split('\r\n')
  const parts = (JSON.parse(body) as unknown[]).map((part, at) => ({
    piece: `body: ${names[at]}`,
    bytes: Buffer.byteLength(JSON.stringify(part)),
  }))
  return [
    { piece: first, bytes: Buffer.byteLength(first) + 2 },
    ...headers.map((line) => ({
      piece: line.slice(0, line.indexOf(':')),
      bytes: Buffer.byteLength(line) + 2,
    })),
    ...parts,
    { piece: 'empty line, brackets, commas', bytes: 2 + 2 + parts.length - 1 },
  ]
}
