/** `npm run simulate -- --schedules N --seed S`: many Mondays of the real synchronisation, phones and
 *  server, under every fault, on all processors. `--mutants` breaks the code on purpose, one way after
 *  the other, says after how many schedules each was caught, and keeps the seeds for `npm test`. */

import { parseArgs } from 'node:util'
import { ensureInstalled } from './lib/install.mjs'
import { command } from './lib/run.mjs'
import { huntMutants, keepCatches, knownCatches, simulate } from './lib/simulation.mjs'

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
  if (!values.mutants) {
    if ((await simulate(schedules, seed)) > 0) process.exitCode = 1
    return
  }
  const { caught, escaped } = await huntMutants(schedules, { seed, only: values.only })
  for (const { name, ran, message } of caught)
    console.log(`caught after ${String(ran).padStart(5)}  ${name}  [${message.slice(0, 60)}]`)
  for (const { name } of escaped) console.log(`ESCAPED             ${name}`)
  console.log(`${caught.length} caught, ${escaped.length} not caught within ${schedules} schedules`)
  const seeds = Object.fromEntries(caught.map(({ name, seed: by }) => [name, by]))
  await keepCatches({ ...(await knownCatches()), ...seeds })
  if (escaped.length > 0) process.exitCode = 1
})
