import { connect, type Socket } from 'node:net'

export interface Answer {
  readonly status: number
  /** The status line and the headers, without the empty line. */
  readonly head: string
  readonly body: string
}

const headEnd = Buffer.from('\r\n\r\n')

/** One kept-alive connection of HTTP/1.1 with one request under way at a time. It knows as much of
 *  HTTP as servers of JSON use: a length or chunks. */
export class Connection {
  private readonly socket: Socket
  private received: Buffer = Buffer.alloc(0)
  private waiting: { take(answer: Answer): void; fail(why: string): void } | undefined

  constructor(url: string) {
    const { hostname, port } = new URL(url)
    this.socket = connect({ host: hostname, port: Number(port), noDelay: true })
    this.socket.on('data', (chunk) => this.take(chunk))
    this.socket.on('error', (error: NodeJS.ErrnoException) => this.fail(error.code ?? error.message))
    this.socket.on('close', () => this.fail('closed'))
  }

  get bytes(): { up: number; down: number } {
    return { up: this.socket.bytesWritten, down: this.socket.bytesRead }
  }

  get isOpen(): boolean {
    return !this.socket.destroyed
  }

  /** The whole request as it goes out, in ASCII.
   *  @throws when the connection breaks before the answer is whole */
  ask(request: string): Promise<Answer> {
    return new Promise((resolve, reject) => {
      if (this.waiting !== undefined) throw new Error('a request is under way on this connection')
      this.waiting = { take: resolve, fail: (why) => reject(new Error(why)) }
      this.socket.write(request, 'latin1')
    })
  }

  close(): void {
    this.socket.destroy()
  }

  private take(chunk: Buffer): void {
    this.received = this.received.length === 0 ? chunk : Buffer.concat([this.received, chunk])
    const end = this.received.indexOf(headEnd)
    if (end < 0) return
    const head = this.received.toString('latin1', 0, end)
    const body = bodyOf(head, this.received.subarray(end + headEnd.length))
    if (body === undefined) return
    const { waiting } = this
    this.waiting = undefined
    this.received = Buffer.alloc(0)
    waiting?.take({ status: Number(head.slice(9, 12)), head, body })
  }

  private fail(why: string): void {
    const { waiting } = this
    this.waiting = undefined
    waiting?.fail(why)
    this.socket.destroy()
  }
}

/** Undefined while some of it is still to come. */
function bodyOf(head: string, rest: Buffer): string | undefined {
  const length = /\r\ncontent-length: *(\d+)/i.exec(head)?.[1]
  if (length === undefined) return chunksOf(rest)
  return rest.length < Number(length) ? undefined : rest.toString('utf8', 0, Number(length))
}

function chunksOf(rest: Buffer): string | undefined {
  const chunks: Buffer[] = []
  for (let at = 0; ; ) {
    const lineEnd = rest.indexOf('\r\n', at)
    if (lineEnd < 0) return undefined
    const size = Number.parseInt(rest.toString('latin1', at, lineEnd), 16)
    const from = lineEnd + 2
    if (rest.length < from + size + 2) return undefined
    if (size === 0) return Buffer.concat(chunks).toString()
    chunks.push(rest.subarray(from, from + size))
    at = from + size + 2
  }
}
