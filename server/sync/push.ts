import type { PoolClient } from 'pg'
import * as v from 'valibot'
import type { Authority } from '#domain/authority'
import { prepare, voidCommand } from '#domain/commands'
import { memberScope } from '#domain/scopes'
import { type Outcome, outcomeSchema, type SentCommand, type SyncRequest } from '#protocol/sync'
import { audit } from '../audit'
import { loadAuthority } from '../authority'
import { type Database, isTransient } from '../storage/database'
import { lockScopes, readRecords, writeChanges } from '../storage/rows'
import { commit } from './commit'
import { contactsSchema, earliestOf, heard } from './contacts'

export interface Pushed {
  readonly last: number
  readonly outcomes: { id: number; result: Outcome }[]
}

/** After so many failures of one command for a reason of ours, it is kept aside. */
const triesBeforeSettingAside = 5

class CommandFailed extends Error {
  constructor(
    readonly command: SentCommand,
    override readonly cause: unknown,
  ) {
    super(`command ${command.command} failed`)
  }
}

interface DeviceRow {
  last: number
  contacts: unknown
  failing_id: number | null
  failures: number
}

/** Takes a phone's commands, in order, each decided once: effect, feed, outcome and `last` commit
 *  together. An id at or below `last` is answered from what was decided; a gap ends the list.
 *  @throws on anything that is no decision: nothing of the list is kept, the phone tries again */
export async function push(database: Database, request: SyncRequest, now: number): Promise<Pushed> {
  try {
    return await commit(database, (client) => takeAll(client, request, now))
  } catch (error) {
    if (!(error instanceof CommandFailed) || isTransient(error.cause)) throw error
    return await afterFailure(database, request, error, now)
  }
}

async function takeAll(client: PoolClient, request: SyncRequest, now: number): Promise<Pushed> {
  const scope = memberScope(request.actor)
  const device = await lockDevice(client, scope, request.device, now)
  const outcomes: Pushed['outcomes'] = await decidedBefore(client, scope, request, device.last)
  const contacts = v.parse(contactsSchema, device.contacts)
  let last = device.last

  const fresh = request.push.filter((command) => command.id > device.last).sort((a, b) => a.id - b.id)
  const actor = fresh.length > 0 ? await loadAuthority(client, request.actor, now) : undefined
  for (const command of fresh) {
    if (command.id !== last + 1) break
    const evidence = {
      earliest: earliestOf(contacts, command.id),
      receivedAt: now,
      claimedAt: command.claimedAt,
    }
    let result: Outcome
    try {
      await client.query('SAVEPOINT command')
      result =
        actor === undefined
          ? refused('not-allowed')
          : await take(client, command, actor, evidence, request.device)
      await client.query('RELEASE SAVEPOINT command')
    } catch (cause) {
      throw new CommandFailed(command, cause)
    }
    await keepOutcome(client, scope, request.device, command.id, result)
    outcomes.push({ id: command.id, result })
    last = command.id
  }
  if (fresh.length > 0) await forgetOutcomes(client, scope, request)
  await client.query({
    name: 'device-heard',
    text: `UPDATE devices SET last = $3, contacts = $4, seen_at = $5 WHERE scope = $1 AND device = $2`,
    values: [scope, request.device, last, JSON.stringify(heard(contacts, request.next, now, last)), now],
  })
  return { last, outcomes }
}

const refused = (
  code: 'not-allowed' | 'malformed' | 'unknown-command' | 'unreadable-on-device',
): Outcome => ({
  outcome: 'refused',
  refusal: { code },
})

async function take(
  client: PoolClient,
  command: SentCommand,
  actor: Authority,
  evidence: { earliest: number; receivedAt: number; claimedAt: number },
  device: string,
): Promise<Outcome> {
  if (command.command === voidCommand) return refused('unreadable-on-device')
  const prepared = prepare(command.command, command.scope, command.args, actor)
  if (typeof prepared === 'string') return refused(prepared)
  await lockScopes(client, [prepared.guard])
  const records = await readRecords(client, prepared.reads(actor.personId))
  const commandKey = `${device}.${String(command.id).padStart(8, '0')}`
  const decision = prepared.decide(records, { actor, evidence, commandKey })
  if (decision.outcome === 'refused') return { outcome: 'refused', refusal: decision.refusal }
  await writeChanges(client, decision.value)
  if (prepared.isOfficial) {
    const act = { at: evidence.receivedAt, by: actor.personId, act: command.command, about: commandKey }
    await audit(client, prepared.guard, act, decision.value)
  }
  return { outcome: decision.outcome }
}

async function lockDevice(
  client: PoolClient,
  scope: string,
  device: string,
  now: number,
): Promise<DeviceRow> {
  const select = {
    name: 'lock-device',
    text: `SELECT last, contacts, failing_id, failures FROM devices WHERE scope = $1 AND device = $2 FOR UPDATE`,
    values: [scope, device],
  }
  const found = (await client.query<DeviceRow>(select)).rows[0]
  if (found !== undefined) return found
  await client.query(
    `INSERT INTO devices (scope, device, seen_at) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING`,
    [scope, device, now],
  )
  const made = (await client.query<DeviceRow>(select)).rows[0]
  if (made === undefined) throw new Error('the device row is not there after it was made')
  return made
}

/** What was decided earlier is told again, and forgotten once the phone has it safe. */
async function decidedBefore(
  client: PoolClient,
  scope: string,
  request: SyncRequest,
  last: number,
): Promise<Pushed['outcomes']> {
  const asked = request.push.filter((command) => command.id <= last).map((command) => command.id)
  if (asked.length === 0) return []
  const { rows } = await client.query<{ id: number; result: unknown }>({
    name: 'outcomes-of',
    text: `SELECT id, result FROM outcomes WHERE scope = $1 AND device = $2 AND id = ANY($3) ORDER BY id`,
    values: [scope, request.device, asked],
  })
  return rows.map(({ id, result }) => ({ id, result: v.parse(outcomeSchema, result) }))
}

async function keepOutcome(client: PoolClient, scope: string, device: string, id: number, result: Outcome) {
  await client.query({
    name: 'keep-outcome',
    text: `INSERT INTO outcomes (scope, device, id, result) VALUES ($1, $2, $3, $4)`,
    values: [scope, device, id, JSON.stringify(result)],
  })
}

/** What the phone has safe need not be told again. */
async function forgetOutcomes(client: PoolClient, scope: string, request: SyncRequest) {
  await client.query({
    name: 'forget-outcomes',
    text: `DELETE FROM outcomes WHERE scope = $1 AND device = $2 AND id <= $3`,
    values: [scope, request.device, request.acked],
  })
}

/** The whole list was rolled back. The failure is counted; the fifth of the same command keeps its
 *  content here and lets the queue move on. Until then the phone tries again. */
async function afterFailure(
  database: Database,
  request: SyncRequest,
  failure: CommandFailed,
  now: number,
): Promise<Pushed> {
  const scope = memberScope(request.actor)
  const { command, cause } = failure
  // The commands before it are sound: they must not wait for it.
  const before = request.push.filter((each) => each.id < command.id)
  const earlier = await commit(database, (client) => takeAll(client, { ...request, push: before }, now))
  const pushed = await commit(database, async (client): Promise<Pushed | undefined> => {
    const device = await lockDevice(client, scope, request.device, now)
    if (device.last !== command.id - 1) return undefined // another request was quicker
    const failures = device.failing_id === command.id ? device.failures + 1 : 1
    if (failures < triesBeforeSettingAside) {
      await client.query(
        `UPDATE devices SET failing_id = $3, failures = $4 WHERE scope = $1 AND device = $2`,
        [scope, request.device, command.id, failures],
      )
      return undefined
    }
    const result: Outcome = { outcome: 'set-aside' }
    await client.query(
      `INSERT INTO set_aside (scope, device, id, command, error, at) VALUES ($1, $2, $3, $4, $5, $6)`,
      [scope, request.device, command.id, JSON.stringify(command), String(cause), now],
    )
    await keepOutcome(client, scope, request.device, command.id, result)
    await client.query(
      `UPDATE devices SET last = $3, failing_id = NULL, failures = 0 WHERE scope = $1 AND device = $2`,
      [scope, request.device, command.id],
    )
    return { last: command.id, outcomes: [...earlier.outcomes, { id: command.id, result }] }
  })
  if (pushed === undefined) throw cause
  return pushed
}
