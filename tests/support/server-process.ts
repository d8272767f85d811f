import { type ChildProcess, execFile, spawn } from 'node:child_process'
import { once } from 'node:events'
import path from 'node:path'
import { createInterface } from 'node:readline'
import { promisify } from 'node:util'
import { freePort } from './free-port'

const root = path.resolve(__dirname, '../..')

/** A PostgreSQL that is there, or the folder of one of its own. */
export type DatabaseSetting = { readonly DATABASE_URL: string } | { readonly DATA_DIR: string }

/** The server as it is delivered, in a process of its own, on an address it keeps. */
export class ServerProcess {
  private child: ChildProcess | undefined
  private ended: Promise<unknown> = Promise.resolve()
  /** What it wrote but its greeting: with this log level, only what went wrong. */
  readonly complaints: string[] = []
  readonly startMs: number[] = []

  private constructor(
    private readonly database: DatabaseSetting,
    private readonly port: number,
  ) {}

  /** Builds the bundle unless it is there as it should be. */
  static async prepare(database: DatabaseSetting): Promise<ServerProcess> {
    const script = path.join(root, 'config/scripts/build.mjs')
    await promisify(execFile)(process.execPath, [script, 'server'], { cwd: root })
    return new ServerProcess(database, await freePort())
  }

  get url(): string {
    return `http://127.0.0.1:${this.port}`
  }

  get isRunning(): boolean {
    return this.child !== undefined && this.child.exitCode === null && this.child.signalCode === null
  }

  /** Resolves when it takes requests. */
  async start(): Promise<void> {
    const begun = performance.now()
    const { PATH } = process.env
    const env = {
      PATH,
      ...this.database,
      HOST: '127.0.0.1',
      PORT: String(this.port),
      DEMO: '0',
      LOG_LEVEL: 'warn',
      RATE_LIMIT_SESSION_PER_MINUTE: '0', // a test's phone asks more often than any person's
    }
    const main = path.join(root, 'dist/server/main.js')
    const child = spawn(process.execPath, [main], { cwd: root, env, stdio: ['ignore', 'pipe', 'pipe'] })
    this.child = child
    this.ended = once(child, 'close')
    await new Promise<void>((resolve, reject) => {
      createInterface({ input: child.stdout }).on('line', (line) => {
        if (line.includes('is ready: ')) resolve()
        else if (line.startsWith('{')) this.complaints.push(line)
      })
      createInterface({ input: child.stderr }).on('line', (line) => this.complaints.push(line))
      child.once('error', reject)
      child.once('close', () => reject(new Error(`the server did not start: ${this.complaints.join('\n')}`)))
    })
    this.startMs.push(performance.now() - begun)
  }

  kill(): void {
    this.child?.kill('SIGKILL')
  }

  /** Resolves to the signal that ended it, or to null when it ended by itself. */
  async end(): Promise<NodeJS.Signals | null> {
    await this.ended
    return this.child?.signalCode ?? null
  }

  async stop(): Promise<void> {
    this.child?.kill('SIGTERM')
    await this.ended
  }
}
