import { reviewScope } from '#domain/scopes'
import type { Database } from '#server/storage/database'
import { elsewhere, home, outsider, zhouSecretary } from '#support/branch'

/** Two branches of one server, told apart only by how many weeks lie behind them. */
export const few = { branch: home, secretary: zhouSecretary }
export const many = { branch: elsewhere, secretary: outsider }

/** Fills a branch's register up to so many lines, as check-ins leave them, from a hundred people each
 *  week. They belong to nobody: what counts is that they lie in the scope. */
export async function fillRegister(database: Database, branch: string, count: number): Promise<void> {
  const scope = reviewScope(branch as typeof home) // the tests' own branches
  await database.pool.query('INSERT INTO scopes (scope) VALUES ($1) ON CONFLICT DO NOTHING', [scope])
  await database.pool.query(
    `WITH had AS (SELECT count(*) AS lines FROM rows WHERE scope = $1 AND type = 'register-line' AND key < '2025'),
      head AS (SELECT head FROM scopes WHERE scope = $1)
    INSERT INTO rows (scope, type, key, seq, value)
    SELECT $1, 'register-line', week || '/' || person, head + number - lines + 1,
      jsonb_build_object('week', week, 'branchId', $2::text, 'memberId', person, 'standing', 'on-time',
        'via', 'own', 'source', 'on-site', 'earliest', at - 60000, 'claimedAt', at, 'receivedAt', at + 400,
        'isLateSync', false, 'isBackfilled', false, 'isAmended', false, 'version', 1)
    FROM had, head, generate_series(lines, $3::bigint - 1) AS number,
      to_char(date '1000-01-06' + 7 * (number / 100)::int, 'IYYY-"W"IW') AS week,
      concat('p-', substr(md5((number % 100)::text), 1, 10)) AS person,
      LATERAL (SELECT 1700000000000 + number * 997 AS at) AS moment`,
    [scope, branch, count],
  )
  await database.pool.query(
    'UPDATE scopes SET head = (SELECT coalesce(max(seq), 0) FROM rows WHERE scope = $1) WHERE scope = $1',
    [scope],
  )
}
