import { createHash } from 'node:crypto'
import { existsSync } from 'node:fs'
import { cp, mkdir, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { packFiles, removePacked } from './packed-files.mjs'
import { hush, root, tool } from './run.mjs'

const APP = [
  'src',
  'config',
  'types',
  'package.json',
  'package-lock.json',
  'tsconfig.json',
  'babel.config.js',
]
const ENVIRONMENT = ['SERVER_URL', 'CLOUD_ENV', 'CLOUD_SERVICE', 'NODE_ENV']
const dist = path.join(root, 'dist')
const stampOf = (name) => path.join(dist, '.stamps', name)

export const serverBundle = {
  entryPoints: [
    'server/main.ts',
    'server/exports/render-worker.ts',
    'server/organization.ts',
    'server/verify-audit.ts',
    'server/operations/backup.ts',
    'server/operations/restore.ts',
    'server/operations/set-aside.ts',
  ],
  absWorkingDir: root,
  bundle: true,
  platform: 'node',
  format: 'cjs',
  target: 'node20',
  packages: 'external',
  sourcemap: true,
  outdir: 'dist/server',
  logLevel: 'warning',
}

export function buildServer() {
  return whenChanged('server', [...APP, 'server'], 'server/main.js', async () => {
    const { build } = await import('esbuild')
    await build(serverBundle)
  })
}

/** @param {'h5' | 'weapp'} type */
export function buildTaro(type) {
  const sources = type === 'weapp' ? [...APP, 'project.config.json'] : APP
  const result = type === 'weapp' ? 'weapp/app.json' : 'h5/sw.js'
  return whenChanged(type, sources, result, async () => {
    const env = { ...process.env, NODE_ENV: 'production', TARO_ENV: type }
    const { code, output } = await hush(
      process.execPath,
      [tool('taro'), 'build', '--type', type, '--no-check'],
      { env },
    )
    const isMade = existsSync(path.join(dist, type, type === 'weapp' ? 'app.json' : 'index.html'))
    if (code !== 0 || !isMade)
      throw new Error(`${errorsIn(output)}\n\nThe ${type} build failed; its log is above.`)
    await removeNoise(path.join(dist, type))
    if (type === 'h5') await finishSite(path.join(dist, 'h5'))
  })
}

/** Taro's log is mostly its progress: what went wrong starts at a heading of its own. */
function errorsIn(output) {
  const heading = output.lastIndexOf('✖ Errors')
  const lines = output.slice(Math.max(heading, 0)).split('\n')
  return (heading < 0 ? lines.slice(-60) : lines.slice(0, 60)).join('\n')
}

async function removeNoise(folder) {
  for (const entry of await readdir(folder, { recursive: true })) {
    if (/(\.map|LICENSE\.txt)$/.test(entry)) await rm(path.join(folder, entry))
  }
}

/** What a browser asks for at the root, then the service worker, which lists all there is, and then
 *  all of it packed. */
async function finishSite(site) {
  await cp(path.join(root, 'src', 'static'), site, { recursive: true })
  const { writeServiceWorker } = await import('../service-worker.mjs')
  await writeServiceWorker(site)
  await packFiles(site)
}

/** Resolves to whether there was anything to build. */
async function whenChanged(name, sources, result, build) {
  const stamp = stampOf(name)
  const wanted = await fingerprint(sources)
  const isCurrent = (await readFile(stamp, 'utf8').catch(() => '')) === wanted
  if (isCurrent && existsSync(path.join(dist, result))) return false

  await forgetBuild(name)
  await rm(path.join(dist, name), { recursive: true, force: true })
  await build()
  await mkdir(path.dirname(stamp), { recursive: true })
  await writeFile(stamp, wanted)
  return true
}

/** For what builds into dist by other means: the next build starts over. */
export async function forgetBuild(name) {
  await rm(stampOf(name), { force: true })
  await removePacked(path.join(dist, name))
}

async function fingerprint(sources) {
  const hash = createHash('sha256')
  for (const name of ENVIRONMENT) hash.update(`${name}=${process.env[name] ?? ''}\0`)
  for (const source of sources) {
    for (const file of await filesOf(source))
      hash.update(`${file}\0`).update(await readFile(path.join(root, file)))
  }
  return hash.digest('hex')
}

async function filesOf(source) {
  const stats = await stat(path.join(root, source)).catch(() => undefined)
  if (!stats) return []
  if (stats.isFile()) return [source]
  const names = (await readdir(path.join(root, source))).sort()
  return (await Promise.all(names.map((name) => filesOf(path.posix.join(source, name))))).flat()
}
