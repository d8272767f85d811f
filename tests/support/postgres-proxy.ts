import { once } from 'node:events'
import { type AddressInfo, connect, createServer, type Server, type Socket } from 'node:net'
import { parametersOf, textsOf, type WireMessage, WireSplitter } from './postgres-wire'

/** Which half of a commit is kept back: `its-answer` when PostgreSQL has committed and its
 *  "COMMIT" is on the way to the server; `commit` when the server has only asked for it. */
export type KeptBack = 'its-answer' | 'commit'

interface Trap {
  readonly keepsBack: KeptBack
  passes: number
  /** Gets which devices the transaction wrote, as parameters of its statements. */
  readonly spring: (written: readonly string[]) => void
}

/** Stands between the server and PostgreSQL, reads along, and keeps one commit of check-ins back.
 *  Plain TCP: nobody asks for TLS on loopback. */
export class PostgresProxy {
  private readonly lines = new Set<Line>()
  private trap: Trap | undefined

  private constructor(
    private readonly listener: Server,
    readonly url: string,
  ) {}

  static async open(target: string): Promise<PostgresProxy> {
    const { hostname, port } = new URL(target)
    const listener = createServer().listen(0, '127.0.0.1')
    await once(listener, 'listening')
    const url = new URL(target)
    url.hostname = '127.0.0.1'
    url.port = String((listener.address() as AddressInfo).port) // it listens on TCP
    const proxy = new PostgresProxy(listener, url.href)
    listener.on('connection', (server: Socket) => {
      const line = new Line(server, connect(Number(port), hostname), (which, written) =>
        proxy.keepsBack(which, written),
      )
      proxy.lines.add(line)
      server.once('close', () => proxy.lines.delete(line))
    })
    return proxy
  }

  /** Lets some commits of check-ins pass and keeps the next one back. `onCaught` runs in the same
   *  moment, before one more byte goes either way. */
  catchCommit<T>(
    { keepsBack, passes }: { keepsBack: KeptBack; passes: number },
    onCaught: (written: readonly string[]) => T,
  ): Promise<T> {
    return new Promise((resolve) => {
      this.trap = { keepsBack, passes, spring: (written) => resolve(onCaught(written)) }
    })
  }

  private keepsBack(which: KeptBack, written: readonly string[]): boolean {
    const trap = this.trap
    if (trap?.keepsBack !== which) return false
    if (trap.passes-- > 0) return false
    this.trap = undefined
    trap.spring(written)
    return true
  }

  /** Ends every connection, as the end of the server's process does. */
  cutOff(): void {
    for (const line of this.lines) line.cut()
  }

  async close(): Promise<void> {
    this.cutOff()
    this.listener.close()
    await once(this.listener, 'close')
  }
}

const writesDevices = (statement: string) => /^update\s+"?devices\b/i.test(statement)

/** One connection of the server's, and the devices its open transaction has written. */
class Line {
  private readonly statements = new Map<string, string>()
  private written: string[] = []
  private isStuck = false

  constructor(
    private readonly server: Socket,
    private readonly postgres: Socket,
    private readonly keepsBack: (which: KeptBack, written: readonly string[]) => boolean,
  ) {
    this.forward(server, postgres, new WireSplitter(true), (message) => this.heardServer(message))
    this.forward(postgres, server, new WireSplitter(false), (message) => this.heardPostgres(message))
  }

  cut(): void {
    this.server.destroy()
    this.postgres.destroy()
  }

  private forward(
    from: Socket,
    to: Socket,
    splitter: WireSplitter,
    isKeptBack: (message: WireMessage) => boolean,
  ): void {
    from.setNoDelay(true)
    from.on('error', () => undefined) // a process was killed; 'close' follows
    from.on('close', () => to.destroy())
    from.on('data', (chunk: Buffer) => {
      const passed: Buffer[] = []
      for (const message of splitter.push(chunk)) {
        this.isStuck ||= isKeptBack(message)
        if (this.isStuck) break
        passed.push(message.bytes)
      }
      if (passed.length > 0) to.write(Buffer.concat(passed))
    })
  }

  private heardServer({ type, body }: WireMessage): boolean {
    if (type === 'P') {
      const [name = '', statement = ''] = textsOf(body, 2)
      this.statements.set(name, statement)
    }
    if (type === 'B') {
      const [, name = ''] = textsOf(body, 2)
      if (writesDevices(this.statements.get(name) ?? '')) this.written.push(...parametersOf(body))
    }
    if (type !== 'Q') return false
    const [statement = ''] = textsOf(body, 1)
    if (writesDevices(statement)) this.written.push(statement)
    return /^commit\b/i.test(statement) && this.written.length > 0 && this.keepsBack('commit', this.written)
  }

  private heardPostgres({ type, body }: WireMessage): boolean {
    // ReadyForQuery says I when no transaction is open.
    if (type === 'Z' && body.toString('latin1') === 'I') this.written = []
    if (type !== 'C' || textsOf(body, 1)[0] !== 'COMMIT') return false
    return this.written.length > 0 && this.keepsBack('its-answer', this.written)
  }
}
