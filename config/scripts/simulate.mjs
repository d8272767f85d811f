/** `npm run simulate -- --schedules N --seed S`: many Mondays of the real synchronisation, phones and
 *  server, under every fault, on all processors. `--mutants` breaks the code on purpose, one way after
 *  the other, and says after how many schedules each was caught. */

import { spawn } from 'node:child_process'
import { mkdir, readFile } from 'node:fs/promises'
import { availableParallelism } from 'node:os'
import path from 'node:path'
import { parseArgs } from 'node:util'
import { ensureInstalled } from './lib/install.mjs'
import { command, root } from './lib/run.mjs'

const out = path.join(root, 'dist/simulation')

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

await command(async () => {
  const { values } = parseArgs({
    options: {
      schedules: { type: 'string', default: '10000' },
      seed: { type: 'string', default: '1' },
      mutants: { type: 'boolean', default: false },
      only: { type: 'string' },
    },
  })
  const [schedules, seed] = [values.schedules, values.seed].map(Number)
  if (!(Number.isInteger(schedules) && schedules > 0 && Number.isInteger(seed)))
    throw new Error('npm run simulate -- [--schedules 10000] [--seed 1] [--mutants [--only WORDS]]')

  await ensureInstalled()
  await mkdir(out, { recursive: true })
  if (values.mutants) await huntMutants(schedules, seed, values.only)
  else await simulate(schedules, seed)
})

async function simulate(schedules, seed) {
  const file = await bundle('plain')
  const kept = JSON.parse(await readFile(path.join(root, 'tests/simulation/kept-seeds.json'), 'utf8'))
  const began = performance.now()
  for (const { seed: old } of kept) report(await run(file, 'run', old, 1))
  const workers = Math.min(availableParallelism(), schedules)
  const results = await Promise.all(
    Array.from({ length: workers }, (_, index) =>
      run(file, 'run', seed + index, Math.ceil((schedules - index) / workers), workers),
    ),
  )
  const ran = results.reduce((sum, result) => sum + result.ran, 0)
  const violations = results.filter(({ message }) => message !== undefined)
  const seconds = ((performance.now() - began) / 1000).toFixed(0)
  console.log(`${ran} schedules and ${kept.length} kept seeds, ${violations.length} violations, ${seconds} s`)
  for (const { seed: bad, message } of violations) {
    console.log(`seed ${bad}: ${message}`)
    const { taken, message: plainer } = await run(file, 'shrink', bad)
    console.log(`  at its plainest (${taken.length} choices): ${plainer}\n  ${JSON.stringify(taken)}`)
    console.log(`  Once mended, keep it: {"seed": ${bad}, "was": "…"} in tests/simulation/kept-seeds.json`)
  }
  if (violations.length > 0) process.exitCode = 1
}

function report({ seed, message }) {
  if (message === undefined) return
  console.log(`kept seed ${seed}: ${message}`)
  process.exitCode = 1
}

async function huntMutants(schedules, seed, only) {
  const { mutants } = await import(await listOfMutants())
  const chosen = mutants.filter(({ name }) => only === undefined || name.includes(only))
  const waiting = [...chosen]
  const caught = new Map()
  const hunt = async () => {
    for (let mutant = waiting.shift(); mutant !== undefined; mutant = waiting.shift()) {
      const file = await bundle(`mutant-${mutants.indexOf(mutant)}`, mutant)
      caught.set(mutant, await run(file, 'run', seed, schedules))
    }
  }
  await Promise.all(Array.from({ length: availableParallelism() }, hunt))
  const escaped = chosen.filter((mutant) => caught.get(mutant).message === undefined)
  for (const mutant of chosen) {
    const { ran, message } = caught.get(mutant)
    const how = message === undefined ? 'ESCAPED' : `caught after ${String(ran).padStart(5)}`
    console.log(`${how}  ${mutant.name}${message === undefined ? '' : `  [${message.slice(0, 60)}]`}`)
  }
  console.log(`${chosen.length} mutants, ${escaped.length} not caught within ${schedules} schedules`)
  if (escaped.length > 0) process.exitCode = 1
}

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
