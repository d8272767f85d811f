import type { ClientBase } from 'pg'
import { appointed, type CannotAssign, type Transfer, transferred } from '#domain/assignment'
import type { Authority } from '#domain/authority'
import { dayOf } from '#domain/day'
import type { BranchId, PersonId } from '#domain/ids'
import { type BranchRole, changesBetween, type PersonRecords } from '#domain/person'
import { branchScope, memberScope, organizationScope, reviewScope } from '#domain/scopes'
import { audit } from '../audit'
import { readAuthority } from '../authority'
import { type Database, inTransaction } from '../storage/database'
import { lockScopes, readRecords, writeChanges } from '../storage/rows'

/** Who does it, to whom. */
export interface Assigned {
  readonly admin: Authority
  readonly person: PersonId
}

/** `not-found`: no such person or branch in the admin's organisation. */
export type AssignOutcome = 'done' | 'not-found' | CannotAssign

/** 组织关系转接. Their offices in the branch they leave end with it. */
export const transfer = (
  database: Database,
  who: Assigned,
  what: Transfer,
  now: number,
): Promise<AssignOutcome> =>
  assign(database, who, now, {
    act: 'transfer',
    branches: [what.from, what.to],
    decide: (person) => transferred(person, what, dayOf(now)),
  })

/** 任免支部职务 */
export const appoint = (
  database: Database,
  who: Assigned,
  what: { readonly branchId: BranchId; readonly role: BranchRole },
  now: number,
): Promise<AssignOutcome> =>
  assign(database, who, now, {
    act: 'appoint',
    branches: [what.branchId],
    decide: (person) => appointed(person, what, dayOf(now)),
  })

interface Assignment {
  readonly act: 'transfer' | 'appoint'
  readonly branches: readonly BranchId[]
  readonly decide: (person: PersonRecords) => PersonRecords | CannotAssign
}

const assign = (
  database: Database,
  { admin, person: id }: Assigned,
  now: number,
  { act, branches, decide }: Assignment,
): Promise<AssignOutcome> =>
  inTransaction(database, async (client) => {
    const organization = organizationScope(admin.organizationId)
    await lockScopes(client, [organization])
    // A register that is being kept at this moment reads memberships under its branch's lock.
    await lockScopes(client, branches.map(reviewScope))
    const before = await personIn(client, admin, id, branches)
    if (before === undefined) return 'not-found'
    const after = decide(before)
    if (typeof after === 'string') return after
    const changes = changesBetween(before, after, dayOf(now))
    if (changes.length === 0) return 'done'
    await writeChanges(client, changes)
    await audit(client, organization, { at: now, by: admin.personId, act, about: id }, changes)
    return 'done'
  })

/** The person's records, where they and all these branches are of the admin's organisation. */
async function personIn(
  client: ClientBase,
  { organizationId }: Authority,
  id: PersonId,
  branches: readonly BranchId[],
): Promise<PersonRecords | undefined> {
  const records = await readRecords(client, [
    ...readAuthority(id),
    ...branches.map((branch) => ({ scope: branchScope(branch), type: 'branch', key: 'branch' }) as const),
  ])
  const isOurs = (branch: BranchId) =>
    records.get(branchScope(branch), 'branch', 'branch')?.organizationId === organizationId
  const profile = records.get(memberScope(id), 'profile', 'profile')
  if (profile?.organizationId !== organizationId || !branches.every(isOurs)) return undefined
  return { profile, memberships: records.list(memberScope(id), 'membership', '') }
}
