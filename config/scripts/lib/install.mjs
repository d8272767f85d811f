import { createHash } from 'node:crypto'
import { readFile, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { root, show } from './run.mjs'

const LOCK = path.join(root, 'package-lock.json')
const STAMP = path.join(root, 'node_modules', '.installed')

/** Brings node_modules in line with package-lock.json; quick when it already is. */
export async function ensureInstalled() {
  const major = Number(process.versions.node.split('.')[0])
  if (major < 20)
    throw new Error(`Node 20 or newer is needed; this is ${process.version}. See https://nodejs.org`)

  const lock = await readFile(LOCK)
  const wanted = createHash('sha256').update(lock).digest('hex')
  const installed = await readFile(STAMP, 'utf8').catch(() => '')
  if (installed.trim() === wanted) return

  console.log('Installing dependencies (once, and again when package-lock.json changes)…')
  // Not `npm ci`: it stops where a mirror lacks the optional binaries of other platforms.
  // `--include=dev`: what builds the app is wanted under NODE_ENV=production too.
  const flags = [
    '--no-save',
    '--ignore-scripts',
    '--no-audit',
    '--no-fund',
    '--include=dev',
    '--loglevel=error',
  ]
  const code = await show('npm', ['install', ...flags])
  const isChanged = !lock.equals(await readFile(LOCK))
  if (isChanged) {
    await writeFile(LOCK, lock)
    console.warn('npm changed package-lock.json; it has been put back. `npm ls` shows what differs.')
  }
  if (code !== 0) throw new Error('npm install failed. Check the network and the registry, then try again.')
  await writeFile(STAMP, `${wanted}\n`)
}
