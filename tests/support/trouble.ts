import { readFile } from 'node:fs/promises'
import path from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { runningEmbeddedPostgres } from '#server/storage/embedded-postgres'
import { Crowd } from './crowd'
import { expectWhole } from './crowd-audit'
import { OwnPostgres, type OwnPostgresOptions } from './own-postgres'
import { type DatabaseSetting, ServerProcess } from './server-process'
import { within } from './within'

/** Ends everything a test began, in reverse. */
const endings: (() => Promise<unknown>)[] = []
export const atTheEnd = (end: () => Promise<unknown>): unknown => endings.push(end)
export async function endEverything(): Promise<void> {
  for (const end of endings.splice(0).reverse()) await end()
}

export async function ownPostgres(options: OwnPostgresOptions = {}): Promise<OwnPostgres> {
  const postgres = await OwnPostgres.start(options)
  atTheEnd(() => postgres.remove())
  return postgres
}

export async function serverOn(database: DatabaseSetting): Promise<ServerProcess> {
  const server = await ServerProcess.prepare(database)
  atTheEnd(() => server.stop())
  await server.start()
  return server
}

/** Checks in already when this resolves. */
export async function crowdAt(server: ServerProcess, databaseUrl: string): Promise<Crowd> {
  const crowd = await Crowd.prepare({ databaseUrl, addresses: [server.url], restMs: 50 })
  atTheEnd(() => crowd.leave())
  crowd.checkIns()
  await crowd.goesOn()
  return crowd
}

/** What the server wrote that is neither of a request to be made again nor of a job to be run again. */
const unexpected = ({ complaints }: ServerProcess) =>
  complaints.filter((line) => !/"code":"overloaded"|a job failed; it will run again/.test(line))

export async function expectRecovered(server: ServerProcess, crowd: Crowd): Promise<void> {
  expect(await crowd.settle()).toBe(true)
  await expectWhole(crowd)
  expect(unexpected(server)).toEqual([])
}

/** As whoever runs it does: again and again, while what is left of the old PostgreSQL goes. */
export async function startAgain(server: ServerProcess): Promise<void> {
  await within(
    () =>
      server.start().then(
        () => true,
        () => sleep(500, false),
      ),
    () => `the server does not start: ${server.complaints.join('\n')}`,
  )
  server.complaints.length = 0
}

/** Of a server that runs its own PostgreSQL there. */
export async function embeddedUrl(dataDir: string): Promise<string> {
  const url = await runningEmbeddedPostgres(dataDir)
  if (url === undefined) throw new Error(`no PostgreSQL is running in ${dataDir}`)
  return url
}

export async function embeddedPid(dataDir: string): Promise<number> {
  const text = await readFile(path.join(dataDir, 'postgres', 'postmaster.pid'), 'utf8')
  return Number(text.split('\n')[0])
}

/** Ends the PostgreSQL that a server left behind there, if any. */
export async function endLeftOver(dataDir: string): Promise<void> {
  if ((await runningEmbeddedPostgres(dataDir)) === undefined) return
  process.kill(await embeddedPid(dataDir), 'SIGQUIT')
  await within(
    async () => (await runningEmbeddedPostgres(dataDir)) === undefined,
    () => `PostgreSQL in ${dataDir} does not end`,
  )
}
