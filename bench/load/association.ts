import { dayOf, type Week, weeksFrom } from '#domain/day'
import { type BranchId, branchId, type PersonId, personId } from '#domain/ids'
import type { Change } from '#domain/records'
import { branchScope } from '#domain/scopes'
import { WeekPlanner } from '#server/jobs/plan-weeks'
import { keepOrganization } from '#server/organization-of'
import { inTransaction, openDatabase } from '#server/storage/database'
import { migrate } from '#server/storage/migrations'
import { association, home, TestBranch } from '#support/branch'
import { changesOf } from '#support/server'
import { BulkRows } from '../../server/demo/bulk-rows'

export interface Member {
  readonly person: PersonId
  readonly branch: BranchId
  readonly isSecretary?: boolean
}

/** Who is in the association that checks in. */
export interface Association {
  /** Of all branches; the branches follow each other, as people do who check in anywhere. */
  readonly spread: readonly Member[]
  readonly inOneBranch: readonly Member[]
  /** One for each of the first branches. */
  readonly secretaries: readonly Member[]
  /** The studies that are open, one after the other. */
  readonly weeks: readonly Week[]
}

const hour = 3_600_000
const oneBranch = branchId('branch-of-many')

/** Long past, so that no job plans them; held today and open for hours. */
export function associationOf(size: {
  branches: number
  perBranch: number
  inOneBranch: number
  secretaries: number
  weeks: number
}): Association {
  const branches = Array.from({ length: size.branches }, (_, at) => branchId(`branch-no-${at + 1}`))
  const spread = Array.from({ length: size.perBranch }, (_, seat) =>
    branches.map((branch) => ({ person: personId(`member-${seat + 1}-of-${branch}`), branch })),
  ).flat()
  return {
    spread,
    inOneBranch: Array.from({ length: size.inOneBranch }, (_, at) => ({
      person: personId(`one-of-many-${at + 1}`),
      branch: oneBranch,
    })),
    secretaries: branches
      .slice(0, size.secretaries)
      .map((branch) => ({ person: personId(`secretary-of-${branch}`), branch, isSecretary: true })),
    weeks: weeksFrom('1900-W01', size.weeks),
  }
}

/** Writes them into an empty database, with the coming weeks planned as the server's job would:
 *  nothing is left for it to write while somebody measures. */
export async function writeAssociation(url: string, { spread, ...rest }: Association): Promise<void> {
  const database = openDatabase(url, { connections: 4 })
  try {
    await migrate(database)
    await keepOrganization(database, association)
    const people = new TestBranch()
    const model = people.records.get(branchScope(home), 'branch', 'branch')
    if (model === undefined) throw new Error('there is no branch to copy')
    for (const { person, branch } of [...spread, ...rest.inOneBranch])
      people.enrol(person, { branchId: branch })
    for (const { person, branch } of rest.secretaries)
      people.enrol(person, { branchId: branch }, [{ role: 'secretary', branchId: branch }])
    const branches = [...new Set([...spread, ...rest.inOneBranch].map(({ branch }) => branch))]
    const changes = branches.map(
      (id): Change => ({
        scope: branchScope(id),
        type: 'branch',
        key: 'branch',
        value: { ...model, id, name: id },
      }),
    )
    const studies = branches.flatMap((id) => studiesOf(id, people, rest.weeks))
    await inTransaction(database, async (client) => {
      const bulk = await BulkRows.begin(client)
      await bulk.write([...changesOf(people), ...changes, ...studies])
      await bulk.finish()
    })
    await new WeekPlanner(database, association).pass(Date.now())
    await database.pool.query('VACUUM ANALYZE') // as the database does by itself before long
  } finally {
    await database.close()
  }
}

/** As the test branch's own study of another week, for every week. */
function studiesOf(id: BranchId, people: TestBranch, weeks: readonly Week[]): Change[] {
  const model = people.study()
  if (model.state !== 'open') throw new Error('the study to copy is not open')
  const now = Date.now()
  const [begins, ends] = [now - hour, now + 6 * hour]
  const times = { opensAt: begins, startsAt: begins, onTimeUntil: ends, endsAt: ends, closesAt: ends }
  const value = {
    ...model,
    ...times,
    heldOn: dayOf(now),
    registerClosesAt: ends,
    graceEndsAt: ends,
    isOverridden: true,
  }
  return weeks.map((week) => ({
    scope: branchScope(id),
    type: 'weekly-study',
    key: week,
    value: { ...value, week },
  }))
}
