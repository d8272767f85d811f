import type { AddressInfo } from 'node:net'
import { buildApp } from '#server/app'
import { WeekPlanner } from '#server/jobs/plan-weeks'
import { keepOrganization } from '#server/organization-of'
import { inTransaction, openDatabase } from '#server/storage/database'
import { migrate } from '#server/storage/migrations'
import { association } from '../../server/demo/association'
import { BulkRows } from '../../server/demo/bulk-rows'
import { castBranch, demoOrganizationId } from '../../server/demo/cast'
import { keepDemoCurrent } from '../../server/demo/keep-current'
import { linXiao } from './cast'
import { freshDatabase, type TestDatabase } from './database'
import { until } from './phone'
import { signIn } from './sign-in'
import { testNow } from './test-clock'
import { builtWeapp } from './weapp/built-weapp'
import { type WeappPhone, weappPhone } from './weapp/weapp-phone'

/** What one check-in costs a phone, from the tap until the server has answered. Bytes are UTF-8, those of
 *  an answer with its head. */
export interface TapCosts {
  readonly setDataCalls: number
  readonly setDataBytes: number
  readonly storageWrites: number
  readonly storageBytes: number
  readonly requestBytes: number
  readonly answerBytes: number
}

/** What a cold start reads from the phone's storage: all of it that is this person's. */
export interface StartCosts {
  readonly storageReads: number
  readonly storageBytes: number
}

/** What a phone keeps, keys included, and how large its largest entry is. */
export interface Kept {
  readonly bytes: number
  readonly largestBytes: number
}

export function keptIn(storage: ReadonlyMap<string, string>): Kept {
  const sizes = [...storage].map(([key, entry]) => Buffer.byteLength(key) + Buffer.byteLength(entry))
  return { bytes: sumOf(sizes), largestBytes: Math.max(0, ...sizes) }
}

/** The cast's branch alone, with so many weeks behind it, this week's study open and a year planned.
 *  Nothing is connected to it any more. */
export async function historyDatabase(weeks: number): Promise<TestDatabase> {
  const created = await freshDatabase()
  const database = openDatabase(created.url)
  await migrate(database)
  const now = testNow()
  const demo = association({ seed: 'history', now, branches: 3, people: 80, weeks })
  await inTransaction(database, async (client) => {
    const bulk = await BulkRows.begin(client)
    await bulk.write(demo.shared())
    for (const roster of demo.rosters.filter(({ named }) => named.id === castBranch.id)) {
      await bulk.write(demo.ofBranch(roster))
    }
    await bulk.finish()
  })
  await keepOrganization(database, demoOrganizationId)
  await keepDemoCurrent(database, now)
  await new WeekPlanner(database, demoOrganizationId).pass(now)
  await database.close()
  return created
}

/** Lin Xiao's phone with so many weeks on it, all of them fetched from a real server: what her tap
 *  on 签到 costs with Home open and everything synchronised, what the next cold start reads, and what
 *  is kept after it all. */
export async function checkInCosts(
  weeks: number,
  dist = builtWeapp,
): Promise<{ tap: TapCosts; start: StartCosts; kept: Kept }> {
  const { url, drop } = await historyDatabase(weeks)
  const database = openDatabase(url)
  const app = await buildApp({ database, now: testNow, isDemo: true, isLoopback: true, logLevel: 'silent' })
  await app.listen({ port: 0, host: '127.0.0.1' })
  const answers: number[] = []
  app.server.on('request', (request, response) => {
    if (request.url !== '/v1/sync') return
    const { socket } = request
    const before = socket.bytesWritten
    response.on('finish', () => answers.push(socket.bytesWritten - before))
  })
  const { port } = app.server.address() as AddressInfo // it listens on TCP
  const phone = await weappPhone({ serverUrl: `http://127.0.0.1:${port}`, dist })
  const storage = countedStorage(phone)
  try {
    await signIn(phone, linXiao)
    await phone.sees('签到')
    await quiet(phone)
    requireWeeks(phone, weeks)

    const asked = phone.requests.length
    answers.length = 0
    phone.resetSetData()
    storage.reset()
    await phone.tap('签到')
    await phone.sees('已到会', 20_000)
    await quiet(phone)
    const requests = phone.requests.slice(asked)
    if (requests.length !== 1) throw new Error(`the tap was not alone: ${requests.length} requests`)
    const tap = {
      setDataCalls: phone.setData.calls,
      setDataBytes: phone.setData.bytes,
      storageWrites: storage.count.writes,
      storageBytes: storage.count.written,
      requestBytes: sumOf(requests.map(({ body }) => Buffer.byteLength(body))),
      answerBytes: sumOf(answers),
    }

    storage.reset()
    await phone.loseSignal()
    await phone.open()
    await phone.sees('已到会', 20_000)
    if (storage.count.writes > 0) throw new Error('a start without signal wrote to the storage')
    const start = { storageReads: storage.count.reads, storageBytes: storage.count.read }
    return { tap, start, kept: keptIn(phone.storage) }
  } finally {
    await phone.close()
    await app.close()
    await database.close()
    await drop()
  }
}

/** Waits until every request has its answer and nothing has been drawn or stored for a while. */
async function quiet(phone: WeappPhone): Promise<void> {
  const state = () =>
    JSON.stringify([phone.requests.length, phone.setData, [...phone.storage.values()].join()])
  let before = ''
  await until(
    async () => {
      const isSame = state() === before
      before = state()
      await new Promise((resolve) => setTimeout(resolve, 200))
      return isSame && phone.requests.every(({ outcome }) => outcome === 200) ? true : undefined
    },
    () => 'the phone does not come to rest',
    30_000,
  )
}

/** A phone without its history would cost the same as any other, and prove nothing. */
function requireWeeks(phone: WeappPhone, weeks: number): void {
  const own = `p/${linXiao.personId}/c/member:${linXiao.personId}/`
  const text = [...phone.storage].filter(([key]) => key.startsWith(own)).map(([, value]) => value)
  const lines = text.join().match(/register-line /g)?.length ?? 0
  if (lines < weeks * 0.8) throw new Error(`of ${weeks} weeks only ${lines} are on the phone`) // not each week is held
}

/** Counts what the app has wx keep and read back, as the strings it hands over. */
function countedStorage({ storage }: WeappPhone) {
  const count = { writes: 0, written: 0, reads: 0, read: 0 }
  const sizeOf = (key: string, entry: string) => {
    const { data } = JSON.parse(entry) as { data: unknown } // as wx-storage.ts keeps it
    return Buffer.byteLength(key) + Buffer.byteLength(String(data))
  }
  const { get, set, delete: remove } = storage
  storage.get = (key) => {
    const entry = get.call(storage, key)
    if (entry !== undefined) {
      count.reads += 1
      count.read += sizeOf(key, entry)
    }
    return entry
  }
  storage.set = (key, entry) => {
    count.writes += 1
    count.written += sizeOf(key, entry)
    return set.call(storage, key, entry)
  }
  storage.delete = (key) => {
    count.writes += 1
    return remove.call(storage, key)
  }
  const reset = () => Object.assign(count, { writes: 0, written: 0, reads: 0, read: 0 })
  return { count, reset }
}

const sumOf = (counts: readonly number[]) => counts.reduce((sum, each) => sum + each, 0)
