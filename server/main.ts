import path from 'node:path'
import { organizationScope } from '#domain/scopes'
import { buildApp } from './app'
import { runJobs } from './jobs/run-jobs'
import { organizationOf } from './organization-of'
import { settingsFrom } from './settings'
import { openDatabase } from './storage/database'
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
  const database = openDatabase(settings.databaseUrl ?? embedded?.url ?? '')
  await migrate(database)
  if (settings.isDemo) await prepareDemo(database)

  const isLoopback = ['127.0.0.1', '::1', 'localhost'].includes(settings.host)
  const site = path.resolve(process.cwd(), 'dist/h5')
  const { isDemo, logLevel } = settings
  const app = await buildApp({ database, now: Date.now, isDemo, isLoopback, site, logLevel })
  await app.listen({ port: settings.port, host: settings.host })
  const stopJobs = runJobs(database, Date.now, app.log)

  let isStopping = false
  const stop = async () => {
    if (isStopping) return
    isStopping = true
    // What is under way is finished and answered; then the database goes.
    await app.close()
    await stopJobs()
    await database.close()
    await embedded?.stop()
    process.exit(0)
  }
  process.on('SIGINT', () => void stop())
  process.on('SIGTERM', () => void stop())
  await greet(`http://${settings.host}:${settings.port}`, settings.isDemo, await organizationOf(database))
}

/** The database broke off: a new start recovers it, going on would only refuse everybody. */
function endWithout(error: Error): void {
  process.stderr.write(`The database has stopped: ${error.message}. Start the server again.\n`)
  process.exit(1)
}

async function prepareDemo(database: ReturnType<typeof openDatabase>): Promise<void> {
  const { seedDemo } = await import('./demo/seed')
  const { keepDemoCurrent } = await import('./demo/keep-current')
  if ((await organizationOf(database)) === undefined) {
    say('Making the demo association …')
    const { branches, people, weeks, ms } = await seedDemo(database, { now: Date.now() })
    say(`  ${branches} branches, ${people} people, ${weeks} weeks, in ${(ms / 1000).toFixed(1)} s`)
  }
  const id = await organizationOf(database)
  const scope = id && organizationScope(id)
  const records =
    scope && (await readRecords(database.pool, [{ scope, type: 'organization', key: 'organization' }]))
  if (!scope || !records?.get(scope, 'organization', 'organization')?.isDemo) {
    throw new Error(
      'This database holds a real organisation: it cannot be opened as a demo. Start without DEMO=1.',
    )
  }
  await keepDemoCurrent(database, Date.now())
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
