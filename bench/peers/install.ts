import { spawn } from 'node:child_process'
import { createHash } from 'node:crypto'
import { once } from 'node:events'
import { readFile, writeFile } from 'node:fs/promises'
import path from 'node:path'

export const peersFolder = path.resolve('bench/peers')

/** Brings the peers in line with their own package-lock.json; quick when they already are. None of
 *  their install scripts is needed: LevelDB comes built.
 *  @throws where npm cannot install them */
export async function installPeers(): Promise<void> {
  const stamp = path.join(peersFolder, 'node_modules', '.installed')
  const lock = await readFile(path.join(peersFolder, 'package-lock.json'))
  const wanted = createHash('sha256').update(lock).digest('hex')
  if ((await readFile(stamp, 'utf8').catch(() => '')) === wanted) return

  console.log('Installing the peers (once, 250 MB)…')
  const flags = ['--no-save', '--ignore-scripts', '--no-audit', '--no-fund', '--loglevel=error']
  const npm = spawn('npm', ['install', ...flags], {
    cwd: peersFolder,
    stdio: ['ignore', 'ignore', 'inherit'],
  })
  const [code] = await once(npm, 'close')
  if (code !== 0) throw new Error('npm install failed in bench/peers. Check the network and the registry.')
  await writeFile(stamp, wanted)
}
