import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'
import { freePort } from '#support/free-port'

/** A Node program under measure, in a process of its own. */
export interface Program {
  readonly pid: number
  readonly url: string
  /** What it wrote since it was ready: at these log levels, only what went wrong. */
  readonly complaints: readonly string[]
  kill(signal: NodeJS.Signals): void
  stop(): Promise<void>
}

interface ProgramOptions {
  readonly script: string
  /** Nothing else of our environment, but PATH; PORT and HOST are added. */
  readonly environment?: Readonly<Record<string, string>>
  readonly nodeFlags?: readonly string[]
}

/** Starts it; resolves once it prints that it `is ready`.
 *  @throws when it ends before that, with what it wrote */
export async function startProgram({
  script,
  environment,
  nodeFlags = [],
}: ProgramOptions): Promise<Program> {
  const port = await freePort()
  const child = spawn(process.execPath, [...nodeFlags, script], {
    env: { PATH: process.env.PATH, HOST: '127.0.0.1', PORT: String(port), ...environment },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  const ended = once(child, 'close')
  const complaints: string[] = []
  await new Promise<void>((resolve, reject) => {
    createInterface({ input: child.stdout }).on('line', (line) => {
      if (line.includes('is ready')) resolve()
      else if (line !== '') complaints.push(line)
    })
    createInterface({ input: child.stderr }).on('line', (line) => complaints.push(line))
    child.once('error', reject)
    child.once('close', () => reject(new Error(`${script} did not start: ${complaints.join('\n')}`)))
  })
  complaints.length = 0
  return {
    pid: child.pid ?? 0,
    url: `http://127.0.0.1:${port}`,
    complaints,
    kill: (signal) => child.kill(signal),
    async stop() {
      child.kill('SIGTERM')
      await ended
    },
  }
}
