import type { ClientBase, Pool } from 'pg'
import type { Member } from './association'

/** What PostgreSQL holds of the check-ins of some people, beside what was acknowledged to them. */
export interface Kept {
  /** In the registers. */
  readonly lines: number
  /** Acknowledged, and missing at the person, in the register or in the devices' own numbers. */
  readonly lost: number
  /** There, and not acknowledged: written twice, or its answer never arrived. */
  readonly beyond: number
  /** At some of the three places only: half a check-in. */
  readonly halves: number
}

/** @param acknowledged how many, for each of them */
export async function keptOf(
  client: ClientBase | Pool,
  members: readonly Member[],
  acknowledged: readonly number[],
): Promise<Kept> {
  const { rows } = await client.query<{ own: number; register: number; last: number }>(
    `SELECT coalesce(own.count, 0)::int AS own, coalesce(register.count, 0)::int AS register,
      coalesce(devices.last, 0)::int AS last
    FROM unnest($1::text[], $2::text[]) WITH ORDINALITY AS member(person, branch, at)
    LEFT JOIN (SELECT scope, sum((value->>'version')::int) AS count FROM rows
      WHERE type = 'register-line' AND scope LIKE 'member:%' GROUP BY 1) AS own
      ON own.scope = 'member:' || member.person
    LEFT JOIN (SELECT scope, split_part(key, '/', 2) AS person, sum((value->>'version')::int) AS count FROM rows
      WHERE type = 'register-line' AND scope LIKE 'review:%' GROUP BY 1, 2) AS register
      ON register.scope = 'review:' || member.branch AND register.person = member.person
    LEFT JOIN (SELECT scope, sum(last) AS last FROM devices GROUP BY 1) AS devices
      ON devices.scope = 'member:' || member.person
    ORDER BY at`,
    [members.map(({ person }) => person), members.map(({ branch }) => branch)],
  )
  const sum = (of: (counts: number[], acknowledged: number) => number) =>
    rows.reduce(
      (total, { own, register, last }, at) => total + of([own, register, last], acknowledged[at] ?? 0),
      0,
    )
  return {
    lines: rows.reduce((total, { register }) => total + register, 0),
    lost: sum((counts, count) => Math.max(0, count - Math.min(...counts))),
    beyond: sum((counts, count) => Math.max(0, Math.max(...counts) - count)),
    halves: sum((counts) => Math.max(...counts) - Math.min(...counts)),
  }
}

/** The same count with one line taken away and another written twice.
 *  @throws when it finds nothing wrong with that */
export async function proveCount(
  pool: Pool,
  members: readonly Member[],
  acknowledged: readonly number[],
): Promise<void> {
  const client = await pool.connect()
  try {
    const before = await keptOf(client, members, acknowledged)
    await client.query('BEGIN')
    const [first, second] = members.map(({ person }) => `member:${person}`)
    const oneLine = `ctid = (SELECT min(ctid) FROM rows WHERE scope = $1 AND type = 'register-line')`
    await client.query(`DELETE FROM rows WHERE ${oneLine}`, [first])
    await client.query(`UPDATE rows SET value = jsonb_set(value, '{version}', '2') WHERE ${oneLine}`, [
      second,
    ])
    const { lost, beyond } = await keptOf(client, members, acknowledged)
    if (lost !== before.lost + 1 || beyond !== before.beyond + 1)
      throw new Error('the count does not notice what is lost or doubled')
  } finally {
    await client.query('ROLLBACK')
    client.release()
  }
}
