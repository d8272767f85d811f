import type { ClientBase, Pool, PoolClient } from 'pg'
import * as v from 'valibot'
import { outcomeSchema } from '#protocol/sync'
import { appendAudit, auditEnds } from '../audit'
import type { Device, DeviceName, SyncStore, SyncTransaction } from '../sync/store'
import { type Database, inTransaction, isTransient } from './database'
import { feedsOf, headsOf, lockScopes, readRecords, writeChanges } from './rows'

/** Synchronisation's half of the database, on PostgreSQL. */
export const syncStore = (database: Database): SyncStore => ({
  isTransient,
  transaction: (work) => inTransaction(database, (client) => work(transactionOf(client))),
  devices: (names) => readDevices(database.pool, names),
  records: (reads) => readRecords(database.pool, reads),
  heads: (scopes) => headsOf(database.pool, scopes),
  feeds: (asked) => feedsOf(database.pool, asked),
})

const transactionOf = (client: PoolClient): SyncTransaction => ({
  lockDevices: (names, now) => lockDevices(client, names, now),
  lockScopes: (scopes) => lockScopes(client, scopes),
  records: (reads) => readRecords(client, reads),
  writeRecords: (changes) => writeChanges(client, changes),
  auditEnds: (scopes) => auditEnds(client, scopes),
  appendAudit: (links) => appendAudit(client, links),
  saveDevices: (devices) => saveDevices(client, devices),
  async setAside(commands) {
    await client.query(
      `INSERT INTO set_aside (scope, device, id, command, error, at)
        SELECT * FROM unnest($1::text[], $2::text[], $3::bigint[], $4::jsonb[], $5::text[], $6::bigint[])`,
      [
        commands.map(({ scope }) => scope),
        commands.map(({ device }) => device),
        commands.map(({ command }) => command.id),
        commands.map(({ command }) => JSON.stringify(command)),
        commands.map(({ error }) => error),
        commands.map(({ at }) => at),
      ],
    )
  },
})

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
const namesOf = (names: readonly DeviceName[]) => [
  names.map(({ scope }) => scope),
  names.map(({ device }) => device),
]

async function readDevices(client: ClientBase | Pool, names: readonly DeviceName[]): Promise<Device[]> {
  const { rows } = await client.query<DeviceRow>({
    name: 'read-devices',
    text: `SELECT ${columns} FROM unnest($1::text[], $2::text[]) AS wanted(scope, device)
      JOIN devices ON devices.scope = wanted.scope AND devices.device = wanted.device`,
    values: namesOf(names),
  })
  return rows.map(deviceFrom)
}

async function lockDevices(client: ClientBase, names: readonly DeviceName[], now: number): Promise<Device[]> {
  const wanted = [...new Map(names.map((name) => [`${name.scope} ${name.device}`, name])).values()]
  const lock = {
    name: 'lock-devices',
    text: `SELECT ${columns} FROM unnest($1::text[], $2::text[]) AS wanted(scope, device)
      JOIN devices ON devices.scope = wanted.scope AND devices.device = wanted.device
      ORDER BY devices.scope, devices.device FOR UPDATE OF devices`,
    values: namesOf(wanted),
  }
  const found = await client.query<DeviceRow>(lock)
  if (found.rows.length === wanted.length) return found.rows.map(deviceFrom)
  await client.query(
    `INSERT INTO devices (scope, device, seen_at)
      SELECT scope, device, $3 FROM unnest($1::text[], $2::text[]) AS wanted(scope, device)
      ORDER BY scope, device ON CONFLICT (scope, device) DO NOTHING`,
    [...namesOf(wanted), now],
  )
  return (await client.query<DeviceRow>(lock)).rows.map(deviceFrom)
}

async function saveDevices(client: ClientBase, devices: readonly Device[]): Promise<void> {
  await client.query({
    name: 'save-devices',
    text: `UPDATE devices SET last = now.last, outcomes = now.outcomes,
        failures = now.failures, seen_at = now.seen_at
      FROM unnest($1::text[], $2::text[], $3::bigint[], $4::jsonb[], $5::integer[], $6::bigint[])
        AS now(scope, device, last, outcomes, failures, seen_at)
      WHERE devices.scope = now.scope AND devices.device = now.device`,
    values: [
      ...namesOf(devices),
      devices.map(({ last }) => last),
      devices.map(({ outcomes }) => JSON.stringify(outcomes)),
      devices.map(({ failures }) => failures),
      devices.map(({ seenAt }) => seenAt),
    ],
  })
}
