import type { ClientBase, Pool, PoolClient } from 'pg'
import * as v from 'valibot'
import { outcomeSchema } from '#protocol/sync'
import { allInOrder } from '../all-in-order'
import { appendAudit, auditEnds } from '../audit'
import type { Device, DeviceName, SetAside, SyncStore, SyncTransaction } from '../sync/store'
import { concluding, type Database, isTransient } from './database'
import { manyOf } from './many'
import { feedsOf, headsOf, lockScopes, readRecords, writeNumbered } from './rows'

/** Synchronisation's half of the database, on PostgreSQL. */
export const syncStore = (database: Database): SyncStore => ({
  isTransient,
  transaction: (work) =>
    concluding(database, async (client) => {
      const { result, writes } = await work(transactionOf(client))
      const { changes = [], links = [], devices = [], aside = [] } = writes
      return async () => {
        const [written] = await allInOrder([
          writeNumbered(client, changes),
          links.length > 0 && appendAudit(client, links),
          devices.length > 0 && saveDevices(client, devices),
          aside.length > 0 && keepAside(client, aside),
        ])
        return { result, written }
      }
    }),
  devices: (names) => readDevices(database.pool, names),
  records: (reads) => readRecords(database.pool, reads),
  heads: (scopes) => headsOf(database.pool, scopes),
  feeds: (asked) => feedsOf(database.pool, asked),
})

const transactionOf = (client: PoolClient): SyncTransaction => ({
  lockDevices: (names, now) => lockDevices(client, names, now),
  lockScopes: (scopes) => lockScopes(client, scopes),
  records: (reads) => readRecords(client, reads),
  auditEnds: (scopes) => auditEnds(client, scopes),
  heads: (scopes) => headsOf(client, scopes),
})

async function keepAside(client: ClientBase, commands: readonly SetAside[]): Promise<void> {
  await client.query(
    `INSERT INTO set_aside (scope, device, id, command, error, at)
      SELECT kept->>0, kept->>1, (kept->2)::bigint, kept->3, kept->>4, (kept->5)::bigint
      FROM jsonb_array_elements($1::jsonb) AS kept`,
    [
      manyOf(
        commands.map(({ scope, device, command, error, at }) => [
          scope,
          device,
          command.id,
          command,
          error,
          at,
        ]),
      ),
    ],
  )
}

const outcomesSchema = v.array(v.object({ id: v.number(), result: outcomeSchema }))

interface DeviceRow {
  scope: Device['scope']
  device: string
  last: number
  outcomes: unknown
  failures: number
  seen_at: number
}

const deviceFrom = (row: DeviceRow): Device => ({
  scope: row.scope,
  device: row.device,
  last: row.last,
  outcomes: v.parse(outcomesSchema, row.outcomes),
  failures: row.failures,
  seenAt: row.seen_at,
})

const columns = 'devices.scope, devices.device, last, outcomes, failures, seen_at'
const namesOf = (names: readonly DeviceName[]) => manyOf(names.map(({ scope, device }) => [scope, device]))
const wanted = `jsonb_array_elements($1::jsonb) AS wanted
      JOIN devices ON devices.scope = wanted->>0 AND devices.device = wanted->>1`

async function readDevices(client: ClientBase | Pool, names: readonly DeviceName[]): Promise<Device[]> {
  const { rows } = await client.query<DeviceRow>({
    name: 'read-devices',
    text: `SELECT ${columns} FROM ${wanted}`,
    values: [namesOf(names)],
  })
  return rows.map(deviceFrom)
}

async function lockDevices(client: ClientBase, names: readonly DeviceName[], now: number): Promise<Device[]> {
  const different = [...new Map(names.map((name) => [`${name.scope} ${name.device}`, name])).values()]
  const lock = {
    name: 'lock-devices',
    text: `SELECT ${columns} FROM ${wanted} ORDER BY devices.scope, devices.device FOR UPDATE OF devices`,
    values: [namesOf(different)],
  }
  const found = await client.query<DeviceRow>(lock)
  if (found.rows.length === different.length) return found.rows.map(deviceFrom)
  const make = {
    name: 'make-devices',
    text: `INSERT INTO devices (scope, device, seen_at)
      SELECT wanted->>0, wanted->>1, $2 FROM jsonb_array_elements($1::jsonb) AS wanted
      ORDER BY wanted->>0, wanted->>1 ON CONFLICT (scope, device) DO NOTHING`,
    values: [namesOf(different), now],
  }
  const [, made] = await allInOrder([client.query(make), client.query<DeviceRow>(lock)])
  return made.rows.map(deviceFrom)
}

async function saveDevices(client: ClientBase, devices: readonly Device[]): Promise<void> {
  await client.query({
    name: 'save-devices',
    text: `UPDATE devices SET last = (now->2)::bigint, outcomes = now->3,
        failures = (now->4)::integer, seen_at = (now->5)::bigint
      FROM jsonb_array_elements($1::jsonb) AS now
      WHERE devices.scope = now->>0 AND devices.device = now->>1`,
    values: [
      manyOf(
        devices.map(({ scope, device, last, outcomes, failures, seenAt }) => [
          scope,
          device,
          last,
          outcomes,
          failures,
          seenAt,
        ]),
      ),
    ],
  })
}
