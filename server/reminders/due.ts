import * as v from 'valibot'
import { lineKey } from '#domain/attendance'
import { gatheringOf } from '#domain/gathering'
import { type GatheringKey, gatheringKeySchema, isMeetingId } from '#domain/gathering-key'
import { type BranchId, branchIdSchema, type PersonId, personIdSchema } from '#domain/ids'
import type { Read } from '#domain/records'
import { gatheringName, isToRemind } from '#domain/reminder'
import { branchScope, leaveScope, reviewScope } from '#domain/scopes'
import type { Database } from '../storage/database'
import { readRecords } from '../storage/rows'
import { openidSchema } from '../wechat/openid'

/** One gathering that begins soon, and who is to be reminded of it. */
export interface DueGathering {
  readonly branchId: BranchId
  readonly key: GatheringKey
  readonly name: string
  readonly startsAt: number
  readonly place: string
  readonly people: readonly { readonly personId: PersonId; readonly openid: string }[]
}

const candidateSchema = v.object({
  branch: branchIdSchema,
  key: gatheringKeySchema,
  person: personIdSchema,
  openid: openidSchema,
})
type Candidate = v.InferOutput<typeof candidateSchema>

/** What begins after `now` and up to `until`, with those who agreed to a message, have none of this gathering
 *  yet, and are to be reminded by the rule as things stand. */
export async function dueGatherings(
  database: Database,
  templateId: string,
  now: number,
  until: number,
): Promise<DueGathering[]> {
  const { rows } = await database.pool.query<{ [name in keyof Candidate]: string }>(
    `SELECT substr(due.scope, 8) AS branch, due.key, member.key AS person, account.openid
      FROM rows AS due
      JOIN rows AS member ON member.scope = 'review:' || substr(due.scope, 8) AND member.type = 'membership'
      JOIN wechat_accounts AS account ON account.person_id = member.key
      WHERE due.type IN ('weekly-study', 'meeting') AND due.value->>'state' = 'open'
        AND (due.value->>'startsAt')::bigint > $1 AND (due.value->>'startsAt')::bigint <= $2
        AND EXISTS (SELECT FROM reminder_credits AS credit
          WHERE credit.scope = 'member:' || member.key AND credit.template = $3 AND credit.ended_at IS NULL)
        AND NOT EXISTS (SELECT FROM reminders AS reminder
          WHERE reminder.scope = 'member:' || member.key
            AND reminder.gathering = substr(due.scope, 8) || '/' || due.key AND reminder.state <> 'waiting')
      ORDER BY (due.value->>'startsAt')::bigint, due.scope, due.key, member.key`,
    [now, until, templateId],
  )
  const groups = new Map<string, Candidate[]>()
  for (const row of rows) {
    const candidate = v.parse(candidateSchema, row)
    const name = `${candidate.branch}/${candidate.key}`
    groups.set(name, [...(groups.get(name) ?? []), candidate])
  }
  const due: DueGathering[] = []
  for (const group of groups.values()) {
    const gathering = await amongThem(database, group)
    if (gathering !== undefined) due.push(gathering)
  }
  return due
}

/** Of one gathering's candidates those whom the rule names. */
async function amongThem(
  database: Database,
  candidates: readonly Candidate[],
): Promise<DueGathering | undefined> {
  const [first] = candidates
  if (first === undefined) return undefined
  const { branch: branchId, key } = first
  const review = reviewScope(branchId)
  const leaves = leaveScope(branchId)
  const records = await readRecords(database.pool, [
    { scope: branchScope(branchId), type: isMeetingId(key) ? 'meeting' : 'weekly-study', key },
    ...candidates.flatMap(({ person }): Read[] => [
      { scope: review, type: 'membership', key: person },
      { scope: review, type: 'register-line', key: lineKey(key, person) },
      { scope: leaves, type: 'leave', key: lineKey(key, person) },
    ]),
  ])
  const found = gatheringOf(records, branchId, key)
  if ('refusal' in found) return undefined
  const { gathering } = found
  const people = candidates.filter(({ person }) => {
    const membership = records.get(review, 'membership', person)
    const line = records.get(review, 'register-line', lineKey(key, person))
    const leave = records.get(leaves, 'leave', lineKey(key, person))
    return membership !== undefined && isToRemind(gathering, membership, { line, leave })
  })
  return {
    branchId,
    key,
    name: gatheringName(gathering),
    startsAt: gathering.startsAt,
    place: gathering.place,
    people: people.map(({ person: personId, openid }) => ({ personId, openid })),
  }
}
