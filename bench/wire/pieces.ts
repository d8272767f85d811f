export interface Piece {
  readonly piece: string
  readonly bytes: number
}

/** A message of HTTP/1.1 taken apart: its first line, each header, and each field of its JSON body.
 *  Together they are all of it. */
export function piecesOf(message: string): Piece[] {
  const [head = '', body = ''] = message.split('\r\n\r\n')
  const [first = '', ...headers] = head.split('\r\n')
  const fields = Object.entries(JSON.parse(body) as object).map(([name, value]) => ({
    piece: `body: ${name}`,
    bytes: Buffer.byteLength(`"${name}":${JSON.stringify(value)}`),
  }))
  return [
    { piece: first, bytes: Buffer.byteLength(first) + 2 },
    ...headers.map((line) => ({
      piece: line.slice(0, line.indexOf(':')),
      bytes: Buffer.byteLength(line) + 2,
    })),
    ...fields,
    { piece: 'empty line, brackets, commas', bytes: 2 + 2 + fields.length - 1 },
  ]
}
