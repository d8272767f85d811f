import type { SyncAnswer } from '#protocol/sync'
import { buildApp } from '#server/app'
import { openDatabase } from '#server/storage/database'
import { secretary } from '#support/cast'
import { historyDatabase } from '#support/history'
import { testNow } from '#support/test-clock'
import { coreClient, countOf, fill, type Traffic } from './core-client'
import { median } from './median'

export interface FirstSync extends Traffic {
  /** Median of the runs, server and phone together on this machine. */
  readonly ms: number
  readonly answers: readonly SyncAnswer[]
}

const runs = 5
/** Enough for 10,000 records in a branch of the demo. */
const weeks = 216

/** The secretary of the demo's branch comes in on a new phone: all they may read, page by page, until
 *  it is in the copy. */
export async function firstSync(): Promise<FirstSync> {
  const { url, drop } = await historyDatabase(weeks)
  const database = openDatabase(url)
  const now = testNow
  const app = await buildApp({ database, now, isDemo: true, isLoopback: true, logLevel: 'silent' })
  await app.listen({ port: 0, host: '127.0.0.1' })
  try {
    const measured: FirstSync[] = []
    for (let run = 0; run < runs; run += 1) {
      const client = await coreClient({ app, database, now }, secretary.personId)
      const start = performance.now()
      await fill(client)
      measured.push({ ...client.traffic, ms: performance.now() - start, answers: client.answers })
      client.close()
      const kept = countOf(client.replica)
      if (kept !== client.traffic.records)
        throw new Error(`of ${client.traffic.records} records ${kept} are kept`)
    }
    const [first] = measured
    if (first === undefined) throw new Error('nothing was run')
    return { ...first, ms: median(measured.map(({ ms }) => ms)) }
  } finally {
    await app.close()
    await database.close()
    await drop()
  }
}
