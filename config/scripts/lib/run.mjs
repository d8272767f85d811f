import { spawn } from 'node:child_process'
import path from 'node:path'
import { fileURLToPath } from 'node:url'

export const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '../../..')

/** Where npm put a tool, to be run by this same Node. */
export const tool = (name) => path.join(root, 'node_modules', '.bin', name)

/** Runs a program from the project's folder and shows what it prints. Resolves to its exit code. */
export function show(file, args, options = {}) {
  return ended(spawn(file, args, { cwd: root, stdio: ['ignore', 'inherit', 'inherit'], ...options }))
}

/** Runs a program from the project's folder and keeps what it prints for whoever wants to see it. */
export async function hush(file, args, options = {}) {
  const child = spawn(file, args, { cwd: root, stdio: ['ignore', 'pipe', 'pipe'], ...options })
  const output = []
  child.stdout.on('data', (chunk) => output.push(chunk))
  child.stderr.on('data', (chunk) => output.push(chunk))
  const code = await ended(child)
  return { code, output: Buffer.concat(output).toString().trimEnd() }
}

function ended(child) {
  return new Promise((resolve, reject) => {
    child.once('error', reject)
    child.once('close', (code) => resolve(code ?? 1))
  })
}

/** The work of one command: what goes wrong is told in a sentence rather than as a stack. */
export async function command(work) {
  try {
    await work()
  } catch (error) {
    console.error(process.env.DEBUG ? error : error.message)
    process.exitCode = 1
  }
}

export async function timed(work) {
  const start = performance.now()
  const result = await work()
  return { result, seconds: ((performance.now() - start) / 1000).toFixed(1) }
}
