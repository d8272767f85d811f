/** The simulator of synchronisation: how it is bundled, run on all processors, and made to find what was
 *  broken on purpose. */

import { spawn } from 'node:child_process'
import { readFile, writeFile } from 'node:fs/promises'
import { availableParallelism } from 'node:os'
import path from 'node:path'
import { root } from './run.mjs'

const out = path.join(root, 'dist/simulation')
const folder = path.join(root, 'tests/simulation')

/** So that a handful of records fills several pages. */
const reductions = [
  {
    name: 'small pages',
    file: 'src/sync/scope-cache.ts',
    changes: [
      ['const pageSize = 12 * 1024', 'const pageSize = 900'],
      ['const recentSize = 2 * 1024', 'const recentSize = 500'],
    ],
  },
]

const changing = (all) => ({
  name: 'changes',
  setup(build) {
    build.onLoad({ filter: /\.ts$/ }, async ({ path: loaded }) => {
      const here = all.filter(({ file }) => path.join(root, file) === loaded)
      if (here.length === 0) return undefined
      let contents = await readFile(loaded, 'utf8')
      for (const { name, file, changes } of here) {
        for (const [from, to] of changes) {
          if (contents.split(from).length !== 2)
            throw new Error(`«${name}»: ${file} has not one place\n${from}`)
          contents = contents.replace(from, () => to)
        }
      }
      return { contents, loader: 'ts' }
    })
  },
})

/** Prints what was found; returns how many seeds broke a promise. */
export async function simulate(schedules, seed = 1) {
  const file = await bundle('plain')
  const began = performance.now()
  const seeds = await keptSeeds()
  const kept = await Promise.all(seeds.map((old) => run(file, 'run', old, 1)))
  const workers = Math.min(availableParallelism(), schedules)
  const results = await Promise.all(
    Array.from({ length: workers }, (_, index) =>
      run(file, 'run', seed + index, Math.ceil((schedules - index) / workers), workers),
    ),
  )
  const ran = results.reduce((sum, result) => sum + result.ran, 0)
  const violations = [...kept, ...results].filter(({ message }) => message !== undefined)
  const seconds = ((performance.now() - began) / 1000).toFixed(0)
  console.log(`${ran} schedules and ${kept.length} kept seeds, ${violations.length} violations, ${seconds} s`)
  for (const { seed: bad, message } of violations) {
    console.log(`seed ${bad}: ${message}`)
    const { taken, message: plainer } = await run(file, 'shrink', bad)
    console.log(`  at its plainest (${taken.length} choices): ${plainer}\n  ${JSON.stringify(taken)}`)
    console.log(`  Once mended, keep it in tests/simulation/kept-seeds.json.`)
  }
  return violations.length
}

/** Breaks the code in one place after the other. The kept seeds come first, as in every run; before them,
 *  with `known`, the one that caught it before, and then only what was caught before is broken. Returns
 *  what was caught by which seed, and what was not. */
export async function huntMutants(schedules, { seed = 1, only = '', known } = {}) {
  const { mutants } = await import(await listOfMutants())
  const kept = await keptSeeds()
  const isMeant = ({ name }) => name.includes(only) && (known === undefined || name in known)
  const chosen = mutants.filter(isMeant)
  const waiting = [...chosen]
  const caught = new Map()
  const hunt = async () => {
    for (let mutant = waiting.shift(); mutant !== undefined; mutant = waiting.shift()) {
      const file = await bundle(`mutant-${mutants.indexOf(mutant)}`, mutant)
      const before = known === undefined ? kept : [known[mutant.name], ...kept]
      let found = {}
      for (let next = 0; next < before.length && found.message === undefined; next++)
        found = await run(file, 'run', before[next], 1)
      caught.set(mutant, found.message === undefined ? await run(file, 'run', seed, schedules) : found)
    }
  }
  await Promise.all(Array.from({ length: availableParallelism() }, hunt))
  const told = chosen.map((mutant) => ({ name: mutant.name, ...caught.get(mutant) }))
  return {
    caught: told.filter(({ message }) => message !== undefined),
    escaped: told.filter(({ message }) => message === undefined),
    left: mutants.filter((mutant) => !isMeant(mutant)).map(({ name }) => name),
  }
}

/** Of what was found once, as `kept-seeds.json` tells. */
const keptSeeds = async () => (await readJson('kept-seeds.json')).map(({ seed }) => seed)

/** Which seed catches which mutant, as last found. */
export const knownCatches = () => readJson('caught.json')

export const keepCatches = (catches) =>
  writeFile(path.join(folder, 'caught.json'), `${JSON.stringify(catches, undefined, 2)}\n`)

const readJson = async (name) => JSON.parse(await readFile(path.join(folder, name), 'utf8'))

async function listOfMutants() {
  const { build } = await import('esbuild')
  const outfile = path.join(out, 'mutants.mjs')
  await build({ entryPoints: [path.join(root, 'tests/simulation/mutants.ts')], outfile, format: 'esm' })
  return outfile
}

/** The simulator with the real code in it, or with one place of it changed. */
async function bundle(name, mutant) {
  const { build } = await import('esbuild')
  const outfile = path.join(out, `${name}.js`)
  await build({
    entryPoints: ['tests/simulation/main.ts'],
    absWorkingDir: root,
    bundle: true,
    platform: 'node',
    format: 'cjs',
    target: 'node20',
    packages: 'external',
    logLevel: 'warning',
    outfile,
    plugins: [changing([...reductions, ...(mutant === undefined ? [] : [mutant])])],
  })
  return outfile
}

function run(file, ...args) {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [file, ...args.map(String)], {
      cwd: root,
      stdio: ['ignore', 'pipe', 'pipe'],
    })
    let [text, said] = ['', '']
    child.stdout.on('data', (chunk) => {
      text += chunk
    })
    child.stderr.on('data', (chunk) => {
      said += chunk
    })
    child.once('error', reject)
    child.once('close', (code) => {
      if (code === 0) resolve(JSON.parse(text))
      else reject(new Error(`the simulator ended with ${code}: ${said}`))
    })
  })
}
