import { readFile } from 'node:fs/promises'
import path from 'node:path'
import { serverBundle } from './build.mjs'
import { root } from './run.mjs'

/** The packages that package-lock.json names, by the folder each is installed in. */
export async function lockedPackages() {
  const { packages } = JSON.parse(await readFile(path.join(root, 'package-lock.json'), 'utf8'))
  return packages
}

/** The folders of the named packages and of all they depend on, as Node would find them. */
export function closureOf(packages, names) {
  const found = new Set()
  const add = (name, from) => {
    const folder = folderOf(packages, name, from)
    if (folder === undefined) throw new Error(`${name} is not in package-lock.json`)
    if (found.has(folder)) return
    found.add(folder)
    for (const dependency of Object.keys(packages[folder].dependencies ?? {})) add(dependency, folder)
  }
  for (const name of names) add(name, '')
  return [...found].sort()
}

/** The nearest one, from the folder that asks for it upwards. */
function folderOf(packages, name, from) {
  const folder = path.posix.join(from, 'node_modules', name)
  if (folder in packages) return folder
  if (from === '') return undefined
  return folderOf(packages, name, from.slice(0, Math.max(from.lastIndexOf('node_modules/') - 1, 0)))
}

/** The packages that the server's bundle asks for when it runs. */
export async function serverImports() {
  const { build } = await import('esbuild')
  const { metafile } = await build({ ...serverBundle, write: false, metafile: true })
  return packagesIn(Object.values(metafile.outputs).flatMap(({ imports }) => imports))
}

/** The packages that the app's own code imports, in either build. */
export async function appImports() {
  const { build } = await import('esbuild')
  const { metafile } = await build({
    entryPoints: ['src/**/*.ts', 'src/**/*.tsx'],
    absWorkingDir: root,
    bundle: true,
    packages: 'external',
    loader: { '.css': 'empty' },
    format: 'esm',
    outdir: 'dist/imports',
    write: false,
    metafile: true,
    logLevel: 'error',
  })
  return packagesIn(Object.values(metafile.outputs).flatMap(({ imports }) => imports))
}

function packagesIn(imports) {
  const names = imports
    .filter(({ path: name, external }) => external && !name.startsWith('node:'))
    .map(({ path: name }) => name.split('/', name.startsWith('@') ? 2 : 1).join('/'))
  return [...new Set(names)].sort()
}
