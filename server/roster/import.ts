import { createHash, randomBytes } from 'node:crypto'
import type { ClientBase } from 'pg'
import * as v from 'valibot'
import { dayOf } from '#domain/day'
import type { OrganizationId, PersonId } from '#domain/ids'
import { compareRoster, type ExistingRoster, type RosterPlan } from '#domain/roster'
import { parseRosterLines, type RosterSheet, rosterLineSchema } from '#domain/roster-lines'
import type { RosterImporter } from '#domain/roster-people'
import { branchScope, memberScope, organizationScope, reviewScope } from '#domain/scopes'
import { type RosterDone, type RosterPreview, shownItems } from '#protocol/roster'
import { audit } from '../audit'
import { type Database, inTransaction, isTransient } from '../storage/database'
import { lockScopes, writeChanges } from '../storage/rows'
import { existingRoster } from './existing'

/** Whose file it is: the admin's, or a secretary's for their own branch. */
export interface Uploader {
  readonly personId: PersonId
  readonly organizationId: OrganizationId
  readonly by: RosterImporter
}

const keptSchema = v.object({
  lines: v.array(rosterLineSchema),
  by: v.variant('is', [
    v.object({ is: v.literal('admin') }),
    v.object({ is: v.literal('secretary'), branchId: v.string() }),
  ]),
})

/** Reads a file's rows, keeps those that can be taken, and says what they would change. */
export async function uploadRoster(
  database: Database,
  uploader: Uploader,
  sheet: RosterSheet,
  now: number,
): Promise<RosterPreview> {
  const id = randomBytes(12).toString('base64url')
  const roster = parseRosterLines(sheet)
  const existing = await existingRoster(database.pool, uploader.organizationId)
  const plan = compareRoster({
    roster,
    existing,
    by: uploader.by,
    today: dayOf(now),
    newId: idsOf(id),
  })
  const scope = memberScope(uploader.personId)
  await inTransaction(database, async (client) => {
    await client.query('DELETE FROM roster_uploads WHERE scope = $1', [scope])
    if (plan.changes.length === 0) return
    await client.query(
      'INSERT INTO roster_uploads (scope, id, lines, digest, created_at) VALUES ($1, $2, $3, $4, $5)',
      [scope, id, JSON.stringify({ lines: roster.lines, by: uploader.by }), digestOf(plan, existing), now],
    )
  })
  return previewOf(plan, id)
}

/** Writes what was previewed, and exactly that. `changed`: somebody changed the same people meanwhile;
 *  nothing was written. */
export async function confirmRoster(
  database: Database,
  uploader: Uploader,
  id: string,
  now: number,
): Promise<RosterDone | 'unknown' | 'changed'> {
  for (let tries = 1; ; tries += 1) {
    try {
      return await inTransaction(database, (client) => confirmIn(client, uploader, id, now))
    } catch (error) {
      // It locks many branches at once and may meet a phone that holds one and wants another.
      if (!isTransient(error) || tries === 3) throw error
    }
  }
}

async function confirmIn(
  client: ClientBase,
  { personId, organizationId, by }: Uploader,
  id: string,
  now: number,
): Promise<RosterDone | 'unknown' | 'changed'> {
  const organization = organizationScope(organizationId)
  await lockScopes(client, [organization])
  const { rows } = await client.query<{ lines: unknown; digest: string }>(
    'DELETE FROM roster_uploads WHERE scope = $1 AND id = $2 RETURNING lines, digest',
    [memberScope(personId), id],
  )
  const row = rows[0]
  if (row === undefined) return 'unknown'
  const kept = v.parse(keptSchema, row.lines)
  // The office they had when they uploaded must be theirs still, and for the same branch.
  if (JSON.stringify(kept.by) !== JSON.stringify(by)) return 'unknown'
  const before = await existingRoster(client, organizationId)
  // A register that is being kept at this moment reads memberships under its branch's lock.
  await lockScopes(
    client,
    before.branches.map((branch) => reviewScope(branch.id)),
  )
  const plan = compareRoster({
    roster: { lines: kept.lines, problems: [], notices: [] },
    existing: before,
    by,
    today: dayOf(now),
    newId: idsOf(id),
  })
  if (digestOf(plan, before) !== row.digest) return 'changed'
  await writeChanges(client, plan.changes)
  await audit(client, organization, { at: now, by: personId, act: 'import-roster', about: id }, plan.changes)
  return {
    branches: plan.newBranches.length + plan.changedBranches.length,
    people: [plan.added, plan.changed, plan.transferred, plan.left].reduce(
      (sum, list) => sum + list.length,
      0,
    ),
  }
}

/** New ids follow from the upload, so that the preview and the confirmation speak of the same people. */
function idsOf(upload: string): (kind: 'p' | 'b') => string {
  let count = 0
  return (kind) => {
    count += 1
    const hash = createHash('sha256').update(`${upload} ${kind} ${count}`).digest('hex')
    return `${kind}-${hash.slice(0, 16)}`
  }
}

/** Of what is written, and of how those whom it is about are now. */
function digestOf({ changes }: RosterPlan, { people, branches }: ExistingRoster): string {
  const touched = new Set(changes.map(({ scope }) => scope))
  const before = [
    ...people.filter(({ profile }) => touched.has(memberScope(profile.personId))),
    ...branches.filter(({ id }) => touched.has(branchScope(id))),
  ]
  return createHash('sha256')
    .update(JSON.stringify([changes, before]))
    .digest('base64url')
}

function previewOf(plan: RosterPlan, id: string): RosterPreview {
  const list = <Item>(items: readonly Item[]) => ({ count: items.length, items: items.slice(0, shownItems) })
  return {
    ...(plan.changes.length === 0 ? {} : { id }),
    notices: [...plan.notices],
    problems: list(plan.problems),
    newBranches: list(plan.newBranches),
    changedBranches: list(
      plan.changedBranches.map((each) => ({ ...each, differences: [...each.differences] })),
    ),
    added: list(plan.added.map(plain)),
    changed: list(plan.changed.map(plain)),
    transferred: list(
      plan.transferred.map((each) => ({
        ...plain(each),
        differences: [`${each.from} → ${each.branchName}，自 ${each.on}`, ...each.differences],
      })),
    ),
    left: list(plan.left.map((each) => ({ ...plain(each), differences: [`${each.on} 起离开`] }))),
    unchanged: plan.unchanged,
    notInFile: plan.notInFile,
  }
}

const plain = ({ row, name, number, branchName, differences }: RosterPlan['added'][number]) => ({
  row,
  name,
  number,
  branchName,
  differences: [...differences],
})
