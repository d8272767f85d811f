import * as v from 'valibot'
import { commands } from '#domain/commands'
import { weekSchema } from '#domain/day'
import { happeningAt } from '#domain/evidence'
import { branchIdSchema } from '#domain/ids'
import { branchScope } from '#domain/scopes'
import { type Database, inTransaction } from '../storage/database'
import { lockScopes, readRecords, writeChanges } from '../storage/rows'

/** Closes the registers that are due, by the same rule as a secretary. */
export async function closeDue(database: Database, now: number): Promise<number> {
  const { rows } = await database.pool.query<{ scope: string; key: string }>({
    name: 'due',
    text: `SELECT scope, key FROM rows
      WHERE type = 'weekly-study' AND value->>'state' = 'open' AND (value->>'registerClosesAt')::bigint <= $1
      LIMIT 500`,
    values: [now],
  })
  let closed = 0
  for (const { scope, key } of rows) {
    const branchId = v.parse(branchIdSchema, scope.slice('branch:'.length))
    const week = v.parse(weekSchema, key)
    closed += await inTransaction(database, async (client) => {
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
      return 1
    })
  }
  return closed
}
