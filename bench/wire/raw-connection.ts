import { connect, type Socket } from 'node:net'
import { gunzipSync } from 'node:zlib'

export interface RawAnswer {
  readonly status: number
  /** Status line and headers, as they came. */
  readonly head: string
  /** Unpacked. */
  readonly body: string
  /** On the wire, head and body. */
  readonly bytes: number
  readonly bodyBytes: number
}

const endOfHead = '\r\n\r\n'

/** A request of HTTP/1.1 in full. `header` is what the app sets; the rest is what HTTP asks for. */
export function requestText({
  method,
  path,
  header,
  body,
}: {
  method: string
  path: string
  header: Record<string, string>
  body: string
}): string {
  const lines = Object.entries({
    host: 'study.example.org',
    ...header,
    'content-length': String(Buffer.byteLength(body)),
  }).map(([name, value]) => `${name}: ${value}`)
  return `${[`${method} ${path} HTTP/1.1`, ...lines].join('\r\n')}${endOfHead}${body}`
}

/** One connection that stays open, and sees every byte. One request at a time. */
export class RawConnection {
  private received = Buffer.alloc(0)
  private waiting: ((error?: Error) => void) | undefined

  private constructor(private readonly socket: Socket) {
    socket.setNoDelay(true)
    socket.on('data', (piece) => {
      this.received = Buffer.concat([this.received, piece])
      this.waiting?.()
    })
    socket.on('error', (error) => this.waiting?.(error))
    socket.on('close', () => this.waiting?.(new Error('the server hung up')))
  }

  static open(port: number): Promise<RawConnection> {
    return new Promise((resolve, reject) => {
      const socket = connect(port, '127.0.0.1', () => resolve(new RawConnection(socket)))
      socket.once('error', reject)
    })
  }

  async send(request: string): Promise<RawAnswer> {
    this.socket.write(request)
    for (;;) {
      const answer = this.taken()
      if (answer !== undefined) return answer
      await new Promise<void>((resolve, reject) => {
        this.waiting = (error) => (error === undefined ? resolve() : reject(error))
      })
    }
  }

  close(): void {
    this.waiting = undefined
    this.socket.destroy()
  }

  /** The answer, once all of it is there. */
  private taken(): RawAnswer | undefined {
    const headEnd = this.received.indexOf(endOfHead)
    if (headEnd < 0) return undefined
    const head = this.received.subarray(0, headEnd + endOfHead.length).toString('latin1')
    const length = /^content-length: (\d+)\r$/im.exec(head)?.[1]
    if (length === undefined) throw new Error(`an answer that does not say its length: ${head}`)
    const bytes = head.length + Number(length)
    if (this.received.length < bytes) return undefined
    const body = this.received.subarray(head.length, bytes)
    this.received = this.received.subarray(bytes)
    const isPacked = /^content-encoding: gzip\r$/im.test(head)
    return {
      status: Number(head.slice('HTTP/1.1 '.length, 'HTTP/1.1 '.length + 3)),
      head,
      body: (isPacked ? gunzipSync(body) : body).toString(),
      bytes,
      bodyBytes: body.length,
    }
  }
}
