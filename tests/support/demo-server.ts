import type { AddressInfo } from 'node:net'
import path from 'node:path'
import { buildApp } from '#server/app'
import { keepDemoCurrent } from '#server/demo/keep-current'
import { seedDemo } from '#server/demo/seed'
import { runJobs } from '#server/jobs/run-jobs'
import { type Database, openDatabase } from '#server/storage/database'
import { migrate } from '#server/storage/migrations'
import { freshDatabase } from './database'
import { testNow } from './test-clock'

export interface DemoServer {
  readonly url: string
  readonly database: Database
  close(): Promise<void>
}

/** The demo of three branches and 120 people, served with the built H5 app as `npm start` does. */
export async function demoServer(): Promise<DemoServer> {
  const { url: databaseUrl, drop } = await freshDatabase()
  const database = openDatabase(databaseUrl)
  await migrate(database)
  await seedDemo(database, { now: testNow(), scale: 'small' })
  await keepDemoCurrent(database, testNow())
  const site = path.resolve('dist/h5')
  const app = await buildApp({
    database,
    now: testNow,
    isDemo: true,
    isLoopback: true,
    publicUrl: 'https://study.example.org', // goes into invitations alone
    site,
    logLevel: 'silent',
  })
  await app.listen({ port: 0, host: '127.0.0.1' })
  const stopJobs = runJobs(database, testNow, app.log)
  return {
    url: `http://127.0.0.1:${(app.server.address() as AddressInfo).port}`, // it listens on TCP
    database,
    async close() {
      await stopJobs()
      await app.close()
      await database.close()
      await drop()
    },
  }
}
