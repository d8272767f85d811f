import type { ClientBase } from 'pg'
import * as v from 'valibot'
import { type PersonId, personIdSchema } from '#domain/ids'
import {
  deskScope,
  memberScope,
  organizationScope,
  readerScope,
  reviewScope,
  type Scope,
  secretaryScope,
} from '#domain/scopes'
import { audit } from '../audit'
import { forgetInvitations } from '../invitations'
import { forgetReminders } from '../reminders/credits'
import { endSessions } from '../sessions'
import { type Database, inTransaction } from '../storage/database'
import { lockScopes, readRecords, removeRecords, type StoredName, writeChanges } from '../storage/rows'

/** Ends the accounts whose cooling-off is over; returns how many. What is the person's alone goes:
 *  sessions, WeChat binding, agreements, reminders, letters, kinds and notes of leave, words of make-ups, the secretary's note of care, what
 *  their devices left.
 *  What the branch must keep stays as it was: its roster and its registers. */
export async function endDueAccounts(database: Database, now: number): Promise<number> {
  const { rows } = await database.pool.query<{ scope: string }>(
    `SELECT scope FROM rows WHERE type = 'cancellation' AND value->>'state' = 'asked'
      AND (value->>'dueAt')::bigint <= $1 LIMIT 100`,
    [now],
  )
  for (const { scope } of rows) {
    await endAccount(database, v.parse(personIdSchema, scope.slice('member:'.length)), now)
  }
  return rows.length
}

/** Only the person's, in their own scope and in the scopes of those they wrote to. */
const ownTypes = [
  'consent',
  'leave',
  'make-up',
  'correction',
  'ticket',
  'reading-progress',
  'reading-note',
] as const

/** Whoever decides something over what is to go holds one of these, and would write it anew. */
async function guardsOf(client: ClientBase, personId: PersonId): Promise<Scope[]> {
  const own = memberScope(personId)
  const records = await readRecords(client, [
    { scope: own, type: 'profile', key: 'profile' },
    { scope: own, type: 'membership', prefix: '' },
  ])
  const organizationId = records.get(own, 'profile', 'profile')?.organizationId
  return [
    readerScope(personId),
    ...(organizationId === undefined ? [] : [deskScope(organizationId), organizationScope(organizationId)]),
    ...records
      .list(own, 'membership', '')
      .flatMap(({ branchId }) => [reviewScope(branchId), secretaryScope(branchId)]),
  ]
}

async function endAccount(database: Database, personId: PersonId, now: number): Promise<void> {
  const own = memberScope(personId)
  await inTransaction(database, async (client) => {
    await client.query('SELECT FROM devices WHERE scope = $1 ORDER BY device FOR UPDATE', [own])
    await lockScopes(client, await guardsOf(client, personId))
    await lockScopes(client, [own])
    const records = await readRecords(client, [
      { scope: own, type: 'cancellation', key: 'cancellation' },
      { scope: own, type: 'profile', key: 'profile' },
    ])
    const cancellation = records.get(own, 'cancellation', 'cancellation')
    if (cancellation?.state !== 'asked' || cancellation.dueAt > now) return
    const { rows } = await client.query<StoredName>(
      `SELECT scope, type, key FROM rows WHERE value IS NOT NULL AND (
          (scope = $1 AND type = ANY($2))
          OR (type = 'leave' AND scope LIKE 'leave:%' AND value->>'memberId' = $3)
          OR (type IN ('correction', 'make-up', 'care-note') AND scope LIKE 'secretary:%' AND value->>'memberId' = $3)
          OR (type = 'ticket' AND scope LIKE 'desk:%' AND value->>'by' = $3))`,
      [own, ownTypes, personId],
    )
    await removeRecords(client, rows)
    await writeChanges(client, [
      { scope: own, type: 'cancellation', key: 'cancellation', value: { ...cancellation, state: 'done' } },
    ])
    await endSessions(client, personId, now)
    await forgetInvitations(client, personId)
    await forgetReminders(client, personId)
    await client.query('DELETE FROM wechat_accounts WHERE person_id = $1', [personId])
    // `devices` stays: it only counts, and a phone that is invited again goes on from there.
    await client.query(`UPDATE devices SET outcomes = '[]' WHERE scope = $1`, [own])
    for (const table of ['set_aside', 'sessions'] as const) {
      await client.query(`DELETE FROM ${table} WHERE scope = $1`, [own])
    }
    const profile = records.get(own, 'profile', 'profile')
    if (profile === undefined) return
    await audit(
      client,
      organizationScope(profile.organizationId),
      { at: now, act: 'end-account', about: personId },
      [],
    )
  })
}
