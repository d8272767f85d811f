import { execFileSync, spawn } from 'node:child_process'
import { closeSync, openSync, readFileSync } from 'node:fs'
import { readFile, stat, truncate, writeFile } from 'node:fs/promises'
import { createServer } from 'node:net'
import path from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import type { PostgresAccount } from './postgres-account'

/** A PostgreSQL that is running, ours by birth or by adoption. */
export interface Postmaster {
  readonly pid: number
  readonly port: number
  isAlive(): boolean
}

const LOG_LIMIT = 10 * 1024 * 1024
const STOP_MS = 60_000

/** The PostgreSQL that a server killed outright left behind on this cluster, if any. */
export async function survivingPostmaster(cluster: string): Promise<Postmaster | undefined> {
  const pidFile = path.join(cluster, 'postmaster.pid')
  const text = await readFile(pidFile, 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return undefined
    throw error
  })
  if (text === undefined) return undefined

  const lines = text.split('\n')
  const pid = Number(lines[0])
  const isAlive = () => isPostmaster(pid, cluster)
  if (isAlive()) return { pid, port: Number(lines[3]), isAlive }

  // The number now belongs to another process, and PostgreSQL would take that one for itself. It
  // passes over its parent's number, and still checks the rest of the file.
  if (commandOf(pid)) await writeFile(pidFile, [process.pid, ...lines.slice(1)].join('\n'))
  return undefined
}

/** Starts PostgreSQL; it may not answer yet. `detached` puts it out of reach of the terminal's
 *  Ctrl-C, so that our server can finish its work before the database goes. */
export async function startPostmaster(
  account: PostgresAccount,
  postgres: string,
  cluster: string,
  settings: Readonly<Record<string, string | number>>,
  detached: boolean,
): Promise<Postmaster> {
  const port = await freePort()
  const values = Object.entries({ ...settings, port }).flatMap(([name, value]) => ['-c', `${name}=${value}`])
  const { file, args, options } = account.launch(postgres, ['-D', cluster, ...values])

  const log = logFileOf(cluster)
  const size = await stat(log).then(
    (stats) => stats.size,
    () => 0,
  )
  if (size > LOG_LIMIT) await truncate(log)

  const output = openSync(log, 'a', 0o600)
  const child = spawn(file, args, { ...options, detached, stdio: ['ignore', output, output] })
  closeSync(output)
  child.unref()
  await new Promise<void>((resolve, reject) => {
    child.once('spawn', resolve)
    child.once('error', reject)
  })
  const { pid } = child
  if (pid === undefined) throw new Error(`${file} did not start`)
  return { pid, port, isAlive: () => child.exitCode === null && child.signalCode === null }
}

/** A fast shutdown: open transactions are rolled back, everything committed is written out. */
export async function stopPostmaster(postmaster: Postmaster): Promise<void> {
  for (const signal of ['SIGINT', 'SIGQUIT'] as const) {
    if (!postmaster.isAlive()) return
    sendSignal(postmaster.pid, signal)
    const deadline = Date.now() + STOP_MS
    while (postmaster.isAlive() && Date.now() < deadline) await sleep(50)
  }
  if (postmaster.isAlive()) throw new Error(`PostgreSQL (process ${postmaster.pid}) does not stop.`)
}

function sendSignal(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(pid, signal)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error // it was just going by itself
  }
}

export function logFileOf(cluster: string): string {
  return `${cluster}.log`
}

export function endOfLog(cluster: string): string {
  return readFileSync(logFileOf(cluster), 'utf8').trimEnd().split('\n').slice(-8).join('\n')
}

function isPostmaster(pid: number, cluster: string): boolean {
  const command = commandOf(pid)
  return command.includes('postgres') && command.includes(`-D ${cluster} `)
}

/** '' for a process that is gone, or dead and not yet collected by its parent. */
function commandOf(pid: number): string {
  if (!Number.isInteger(pid) || pid < 1) return ''
  try {
    if (process.platform === 'linux')
      return readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' ')
    return execFileSync('ps', ['-o', 'command=', '-p', String(pid)], { encoding: 'utf8' })
  } catch {
    return ''
  }
}

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const probe = createServer().once('error', reject)
    probe.listen(0, '127.0.0.1', () => {
      const address = probe.address()
      const port = typeof address === 'object' && address ? address.port : 0
      probe.close(() => resolve(port))
    })
  })
}
