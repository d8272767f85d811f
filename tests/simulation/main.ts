import { runSchedule, shrunk } from './schedule'

/** One process of the simulator; `config/scripts/simulate.mjs` starts several. Prints a line of JSON. */
async function main([task, ...numbers]: readonly string[]): Promise<unknown> {
  const [first = 1, count = 1, step = 1] = numbers.map(Number)
  if (task === 'shrink') {
    const { violation, taken } = await shrunk(first)
    return { seed: first, message: violation?.message, taken }
  }
  let ran = 0
  for (let seed = first; ran < count; seed += step) {
    ran += 1
    const { violation } = await runSchedule(seed)
    if (violation !== undefined) return { ran, seed, message: violation.message }
  }
  return { ran }
}

main(process.argv.slice(2)).then(
  (result) => process.stdout.write(`${JSON.stringify(result)}\n`),
  (error: Error) => {
    process.stderr.write(`${error.stack}\n`)
    process.exitCode = 1
  },
)
