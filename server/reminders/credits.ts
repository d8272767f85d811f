import type { ClientBase, Pool } from 'pg'
import type { PersonId } from '#domain/ids'
import { mostReminders } from '#domain/reminder'
import { memberScope } from '#domain/scopes'
import { type Database, inTransaction } from '../storage/database'
import { lockScopes } from '../storage/rows'

/** Each agreement in WeChat allows one message. What was agreed to and what it was spent on is kept row by row,
 *  so that every message has its agreement. */
export interface Agreed {
  /** Made by the phone: an agreement that is told twice is one. */
  readonly id: string
  readonly templateId: string
}

/** Keeps an agreement; beyond {@link mostReminders} they are let go. */
export function giveCredit(
  database: Database,
  personId: PersonId,
  { id, templateId }: Agreed,
  now: number,
): Promise<void> {
  const scope = memberScope(personId)
  return inTransaction(database, async (client) => {
    await lockScopes(client, [scope])
    if ((await creditsLeft(client, personId, templateId)) >= mostReminders) return
    await client.query(
      `INSERT INTO reminder_credits (scope, id, template, given_at) VALUES ($1, $2, $3, $4)
        ON CONFLICT (scope, id) DO NOTHING`,
      [scope, id, templateId, now],
    )
  })
}

/** How many messages somebody may still be sent. */
export async function creditsLeft(
  client: ClientBase | Pool,
  personId: PersonId,
  templateId: string,
): Promise<number> {
  const { rows } = await client.query<{ count: number }>(
    'SELECT count(*) AS count FROM reminder_credits WHERE scope = $1 AND template = $2 AND ended_at IS NULL',
    [memberScope(personId), templateId],
  )
  return rows[0]?.count ?? 0
}

/** One message to one person about one gathering. */
export interface Reminder {
  readonly personId: PersonId
  /** 「branch-1/2026-W46」 */
  readonly gathering: string
  readonly templateId: string
}

/** Takes a credit for a message that is about to be sent: whoever else wants to send the same waits for the lock
 *  and then finds it taken. The credit's id; undefined when there is none, or the message is another's. */
export function spendCredit(
  database: Database,
  { personId, gathering, templateId }: Reminder,
  now: number,
): Promise<string | undefined> {
  const scope = memberScope(personId)
  return inTransaction(database, async (client) => {
    await lockScopes(client, [scope])
    const before = await client.query<{ state: string }>(
      'SELECT state FROM reminders WHERE scope = $1 AND gathering = $2',
      [scope, gathering],
    )
    if (before.rows.some(({ state }) => state !== 'waiting')) return undefined
    const { rows } = await client.query<{ id: string }>(
      `SELECT id FROM reminder_credits WHERE scope = $1 AND template = $2 AND ended_at IS NULL
        ORDER BY given_at, id LIMIT 1`,
      [scope, templateId],
    )
    const credit = rows[0]?.id
    if (credit === undefined) return undefined
    await client.query(
      'UPDATE reminder_credits SET ended_at = $3, ended_by = $4 WHERE scope = $1 AND id = $2',
      [scope, credit, now, gathering],
    )
    await client.query(
      `INSERT INTO reminders (scope, gathering, credit, state, tried_at) VALUES ($1, $2, $3, 'sending', $4)
        ON CONFLICT (scope, gathering) DO UPDATE
          SET credit = excluded.credit, state = 'sending', tried_at = excluded.tried_at, errcode = NULL`,
      [scope, gathering, credit, now],
    )
    return credit
  })
}

/** What became of a message. `refused`: WeChat says that the person has none left; ours go too. `malformed`,
 *  `failed`: not sent, and not tried again. `waiting`: not sent, to be tried again. `unclear`: it may have
 *  arrived, so the credit stays spent. */
export type Settled = 'sent' | 'refused' | 'malformed' | 'failed' | 'waiting' | 'unclear'

const givesBack: readonly Settled[] = ['malformed', 'failed', 'waiting']

export function settle(
  database: Database,
  { personId, gathering, templateId }: Reminder,
  { credit, as, errcode, now }: { credit: string; as: Settled; errcode?: number | undefined; now: number },
): Promise<void> {
  const scope = memberScope(personId)
  return inTransaction(database, async (client) => {
    await lockScopes(client, [scope])
    await client.query('UPDATE reminders SET state = $3, errcode = $4 WHERE scope = $1 AND gathering = $2', [
      scope,
      gathering,
      as,
      errcode ?? null,
    ])
    if (givesBack.includes(as))
      await client.query(
        'UPDATE reminder_credits SET ended_at = NULL, ended_by = NULL WHERE scope = $1 AND id = $2',
        [scope, credit],
      )
    if (as === 'refused')
      await client.query(
        `UPDATE reminder_credits SET ended_at = $3, ended_by = 'refused'
          WHERE scope = $1 AND template = $2 AND ended_at IS NULL`,
        [scope, templateId, now],
      )
  })
}

/** All of it: the person takes their agreement back, or WeChat does, or the account ends. */
export async function forgetReminders(client: ClientBase, personId: PersonId): Promise<void> {
  for (const table of ['reminder_credits', 'reminders'] as const) {
    await client.query(`DELETE FROM ${table} WHERE scope = $1`, [memberScope(personId)])
  }
}
