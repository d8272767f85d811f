import path from 'node:path'
import { organizationScope } from '#domain/scopes'
import { buildApp } from './app'
import { renderInWorker } from './exports/render-in-worker'
import { runJobs } from './jobs/run-jobs'
import { organizationOf } from './organization-of'
import { isLoopback, type Settings, settingsFrom } from './settings'
import { type Database, openDatabase } from './storage/database'
import { startEmbeddedPostgres } from './storage/embedded-postgres'
import { migrate } from './storage/migrations'
import { readRecords } from './storage/rows'

const say = (line: string) => process.stdout.write(`${line}\n`)

async function main(): Promise<void> {
  const settings = settingsFrom(process.env)
  const embedded =
    settings.databaseUrl === undefined
      ? await startEmbeddedPostgres({ dataDir: settings.dataDir, onLost: endWithout })
      : undefined
  try {
    await serve(settings, settings.databaseUrl ?? embedded?.url ?? '', async () => embedded?.stop())
  } catch (error) {
    await embedded?.stop()
    throw error
  }
}

async function serve(
  settings: Settings,
  databaseUrl: string,
  stopDatabase: () => Promise<void>,
): Promise<void> {
  const database = openDatabase(databaseUrl)
  await migrate(database)
  const isDemo = await prepareDemo(database, settings.demo)

  const app = await buildApp({
    database,
    now: Date.now,
    isDemo,
    isLoopback: isLoopback(settings.host),
    trustProxy: settings.trustProxy,
    publicUrl: settings.publicUrl,
    wechat: settings.wechat,
    metricsToken: settings.metricsToken,
    about: settings.about,
    limits: settings.limits,
    reminderMinutes: settings.reminderMinutes,
    site: path.resolve(process.cwd(), 'dist/h5'),
    render: renderInWorker(path.join(__dirname, 'exports/render-worker.js')),
    logLevel: settings.logLevel,
  })
  await app.listen({ port: settings.port, host: settings.host })
  const stopJobs = runJobs(database, Date.now, app.log, settings)

  let isStopping = false
  const stop = async () => {
    if (isStopping) return
    isStopping = true
    // What is under way is finished and answered; then the database goes.
    // A connection that has had its answer would be kept open for the phone's next request.
    const idle = setInterval(() => app.server.closeIdleConnections(), 100)
    await app.close()
    clearInterval(idle)
    await stopJobs()
    await database.close()
    await stopDatabase()
    process.exit(0)
  }
  process.on('SIGINT', () => void stop())
  process.on('SIGTERM', () => void stop())
  await greet(`http://${settings.host}:${settings.port}`, isDemo, await organizationOf(database))
}

/** The database broke off: a new start recovers it, going on would only refuse everybody. */
function endWithout(error: Error): void {
  process.stderr.write(`The database has stopped: ${error.message}. Start the server again.\n`)
  process.exit(1)
}

/** Fills an empty database and opens this week's study, where this is a demo; says whether it is.
 *  @throws when a demo was asked for on a real organisation's records */
async function prepareDemo(database: Database, demo: Settings['demo']): Promise<boolean> {
  if (demo === 'no') return false
  const { seedDemo } = await import('./demo/seed')
  const { keepDemoCurrent } = await import('./demo/keep-current')
  if ((await organizationOf(database)) === undefined) {
    say('Making the demo association …')
    const { branches, people, weeks, ms } = await seedDemo(database, { now: Date.now() })
    say(`  ${branches} branches, ${people} people, ${weeks} weeks, in ${(ms / 1000).toFixed(1)} s`)
  }
  if (!(await holdsDemo(database))) {
    if (demo === 'by-data') return false
    throw new Error('This database holds a real organisation: it cannot be a demo. Start without DEMO=1.')
  }
  await keepDemoCurrent(database, Date.now())
  return true
}

async function holdsDemo(database: Database): Promise<boolean> {
  const id = await organizationOf(database)
  if (id === undefined) return false
  const scope = organizationScope(id)
  const records = await readRecords(database.pool, [{ scope, type: 'organization', key: 'organization' }])
  return records.get(scope, 'organization', 'organization')?.isDemo ?? false
}

async function greet(url: string, isDemo: boolean, organization: string | undefined): Promise<void> {
  say('')
  say(`周汇朝学 is ready: ${url}`)
  if (organization === undefined) {
    say('There is no organisation yet. Create the first one:')
    say('  npm run organization -- create --name 名称 --admin 姓名')
  }
  if (!isDemo) return
  const { cast } = await import('./demo/cast')
  say('This is the demo. Open the app as one of these people:')
  for (const { personId, name, part, branchName } of cast) {
    say(`  ${url}/demo/${personId.padEnd(16)} ${name}，${part}${branchName === '' ? '' : `，${branchName}`}`)
  }
  say('Stop with Ctrl-C; nothing is lost.')
}

main().catch((error: Error) => {
  process.stderr.write(`${error.message}\n`)
  if (process.env.LOG_LEVEL === 'debug') process.stderr.write(`${error.stack}\n`)
  process.exit(1)
})
