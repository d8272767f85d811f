/** One message of PostgreSQL's protocol (version 3): a letter, a length, a body. */
export interface WireMessage {
  /** '' for the start-up message, the only one without a letter. */
  readonly type: string
  readonly body: Buffer
  readonly bytes: Buffer
}

/** Cuts a stream back into its messages. */
export class WireSplitter {
  private rest: Buffer = Buffer.alloc(0)

  constructor(private awaitsStartUp: boolean) {}

  push(chunk: Buffer): WireMessage[] {
    this.rest = this.rest.length === 0 ? chunk : Buffer.concat([this.rest, chunk])
    const messages: WireMessage[] = []
    for (let found = this.take(); found !== undefined; found = this.take()) messages.push(found)
    return messages
  }

  private take(): WireMessage | undefined {
    const letters = this.awaitsStartUp ? 0 : 1
    if (this.rest.length < letters + 4) return undefined
    const size = letters + this.rest.readInt32BE(letters) // the length counts itself, not the letter
    if (this.rest.length < size) return undefined
    const bytes = this.rest.subarray(0, size)
    this.rest = this.rest.subarray(size)
    this.awaitsStartUp = false
    return { type: bytes.toString('latin1', 0, letters), body: bytes.subarray(letters + 4), bytes }
  }
}

/** The texts at the beginning of a body, each ended by a zero byte. */
export function textsOf(body: Buffer, count: number): string[] {
  const texts: string[] = []
  let from = 0
  for (let index = 0; index < count; index++) {
    const end = body.indexOf(0, from)
    if (end < 0) throw new Error('a text on the wire has no end')
    texts.push(body.toString('utf8', from, end))
    from = end + 1
  }
  return texts
}

/** What a Bind message binds, as texts: `pg` sends every parameter as one. */
export function parametersOf(body: Buffer): string[] {
  const names = textsOf(body, 2) // portal and statement
  let at = names.reduce((sum, name) => sum + Buffer.byteLength(name) + 1, 0)
  at += 2 + 2 * body.readInt16BE(at) // formats
  const count = body.readInt16BE(at)
  at += 2
  const parameters: string[] = []
  for (let index = 0; index < count; index++) {
    const size = body.readInt32BE(at)
    at += 4
    parameters.push(size < 0 ? '' : body.toString('utf8', at, at + size)) // -1 is NULL
    at += Math.max(size, 0)
  }
  return parameters
}
