import { type Answer, Connection } from './connection'

/** A request that has no answer for so long counts as lost, as in `src/platform/http.ts`. */
const timeoutMs = 15_000

/** Connections for one request at a time: as many as are needed at once, up to a limit. */
export class Lines {
  private readonly free: Connection[] = []
  private readonly waiting: ((connection: Connection) => void)[] = []
  private open = 0
  private lent = 0
  mostOpen = 0
  readonly waits = { count: 0, longestMs: 0 }

  constructor(
    private readonly url: string,
    private readonly most: number,
  ) {}

  /** Whether nobody waits for an answer or a connection. */
  get isIdle(): boolean {
    return this.lent === 0
  }

  /** @param write called when it can go out
   *  @throws when the connection breaks or nothing is heard for too long */
  async ask(write: () => string): Promise<Answer> {
    const connection = this.takeFree() ?? (await this.nextFree())
    let isLate = false
    const timer = setTimeout(() => {
      isLate = true
      connection.close()
    }, timeoutMs)
    try {
      return await connection.ask(write())
    } catch (error) {
      throw isLate ? new Error(`no answer in ${timeoutMs / 1_000} s`) : error
    } finally {
      clearTimeout(timer)
      this.giveBack(connection)
    }
  }

  close(): void {
    for (const connection of this.free) connection.close()
  }

  private takeFree(): Connection | undefined {
    for (let connection = this.free.pop(); connection !== undefined; connection = this.free.pop()) {
      if (connection.isOpen) {
        this.lent += 1
        return connection
      }
      this.open -= 1
    }
    if (this.open >= this.most) return undefined
    this.lent += 1
    return this.another()
  }

  private another(): Connection {
    this.open += 1
    this.mostOpen = Math.max(this.mostOpen, this.open)
    return new Connection(this.url)
  }

  private async nextFree(): Promise<Connection> {
    const begun = performance.now()
    const connection = await new Promise<Connection>((resolve) => this.waiting.push(resolve))
    this.waits.count += 1
    this.waits.longestMs = Math.max(this.waits.longestMs, performance.now() - begun)
    return connection
  }

  private giveBack(connection: Connection): void {
    if (!connection.isOpen) this.open -= 1
    const next = this.waiting.shift()
    if (next !== undefined) next(connection.isOpen ? connection : this.another())
    else {
      this.lent -= 1
      if (connection.isOpen) this.free.push(connection)
    }
  }
}
