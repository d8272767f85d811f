import type { Database } from '../storage/database'

const day = 86_400_000

/** How long what nobody needs any more is kept, after it was of use. Records of the branch are not
 *  here: they are kept as long as the branch keeps its register. Neither is a device's row, which
 *  says how far the server is with it: a phone that came back without one would send again what it
 *  still has, and be told refusals of what was taken long ago. */
export const retention = {
  /** Ended sessions and sessions nobody used. */
  sessionsMs: 30 * day,
  unusedSessionsMs: 210 * day,
  /** Used or expired invitations. */
  invitationsMs: 30 * day,
  /** WeChat accounts that were looked at and never bound. */
  unboundWechatMs: 7 * day,
  wrongTriesMs: day,
  /** Roster files that were read and never confirmed. */
  uploadsMs: day,
  /** Files that were made for somebody: they can be made anew. */
  exportsMs: day,
  /** Reminders, and the agreements that were spent on them. One that is not spent is the person's to use. */
  remindersMs: 30 * day,
  /** What a phone was told, and has not said that it knows. A refusal stays until it has been told. */
  outcomesMs: 365 * day,
} as const

/** In PostgreSQL's path language for JSON. */
const wentWell = '@.result.outcome == "accepted" || @.result.outcome == "held"'

/** Deletes what is past its time; returns how much. */
export async function deleteExpired(database: Database, now: number): Promise<number> {
  const deletions: readonly (readonly [string, number[]])[] = [
    [
      'DELETE FROM sessions WHERE ended_at < $1 OR used_at < $2',
      [now - retention.sessionsMs, now - retention.unusedSessionsMs],
    ],
    ['DELETE FROM invitations WHERE expires_at < $1', [now - retention.invitationsMs]],
    [
      'DELETE FROM wechat_accounts WHERE person_id IS NULL AND seen_at < $1',
      [now - retention.unboundWechatMs],
    ],
    ['DELETE FROM wrong_tries WHERE since < $1', [now - retention.wrongTriesMs]],
    ['DELETE FROM roster_uploads WHERE created_at < $1', [now - retention.uploadsMs]],
    ['DELETE FROM exports WHERE created_at < $1', [now - retention.exportsMs]],
    ['DELETE FROM reminders WHERE tried_at < $1', [now - retention.remindersMs]],
    ['DELETE FROM reminder_credits WHERE ended_at < $1', [now - retention.remindersMs]],
    [
      `UPDATE devices SET outcomes = jsonb_path_query_array(outcomes, '$[*] ? (!(${wentWell}))')
        WHERE seen_at < $1 AND jsonb_path_exists(outcomes, '$[*] ? (${wentWell})')`,
      [now - retention.outcomesMs],
    ],
  ]
  let deleted = 0
  for (const [text, values] of deletions) {
    deleted += (await database.pool.query(text, values)).rowCount ?? 0
  }
  return deleted
}
