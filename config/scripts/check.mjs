import { runChecks, runTests } from './lib/checks.mjs'
import { ensureInstalled } from './lib/install.mjs'
import { command } from './lib/run.mjs'
import { printSummary } from './lib/summary.mjs'

/** What to run while working: quick, and needs neither a database nor a browser. */
await command(async () => {
  await ensureInstalled()
  const counts = await runChecks()
  if (counts.every(({ failed }) => failed === 0)) {
    for (const layer of ['unit', 'ui']) counts.push(await runTests(layer))
  }
  printSummary(counts)
  if (counts.some(({ failed }) => failed > 0)) process.exitCode = 1
})
