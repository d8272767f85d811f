import * as v from 'valibot'
import { commands, wireName } from '#domain/commands'
import { weekSchema } from '#domain/day'
import { happeningAt } from '#domain/evidence'
import { branchIdSchema } from '#domain/ids'
import { branchScope } from '#domain/scopes'
import { audit } from '../audit'
import { type Database, inTransaction } from '../storage/database'
import { lockScopes, readRecords, writeChanges } from '../storage/rows'

/** Closes the registers that are due, by the same rule as a secretary. One that cannot be closed is
 *  told to `onFailure`, and the others are closed all the same. */
export async function closeDue(
  database: Database,
  now: number,
  onFailure: (error: Error) => void = rethrow,
): Promise<number> {
  const { rows } = await database.pool.query<{ scope: string; key: string }>({
    name: 'due',
    text: `SELECT scope, key FROM rows
      WHERE type = 'weekly-study' AND value->>'state' = 'open' AND (value->>'registerClosesAt')::bigint <= $1
      LIMIT 500`,
    values: [now],
  })
  let closed = 0
  for (const { scope, key } of rows) {
    closed += await closeOne(database, scope, key, now).catch((error: Error) => {
      onFailure(error)
      return 0
    })
  }
  return closed
}

function rethrow(error: Error): never {
  throw error
}

async function closeOne(database: Database, scope: string, key: string, now: number): Promise<number> {
  const branchId = v.parse(branchIdSchema, scope.slice('branch:'.length))
  const week = v.parse(weekSchema, key)
  return inTransaction(database, async (client) => {
    const studyKey = { scope: branchScope(branchId), type: 'weekly-study', key: week } as const
    const seen = (await readRecords(client, [studyKey])).get(studyKey.scope, studyKey.type, week)
    const command = commands['close-register'].prepare(
      { kind: 'branch', branchId },
      { week, version: seen?.version ?? 0 },
    )
    if (command === undefined) throw new Error('the closing of a register was not understood')
    await lockScopes(client, [command.guard])
    const records = await readRecords(client, command.reads(undefined))
    const occasion = {
      actor: undefined,
      evidence: happeningAt(now),
      commandKey: `closing.${seen?.version ?? 0}`,
    }
    const decision = command.decide(records, occasion)
    if (decision.outcome === 'refused') return 0 // somebody was quicker, or reopened it
    await writeChanges(client, decision.value)
    const act = { at: now, act: wireName('close-register'), about: occasion.commandKey }
    await audit(client, command.guard, act, decision.value)
    return 1
  })
}
