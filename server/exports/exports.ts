import { randomUUID } from 'node:crypto'
import type { PoolClient } from 'pg'
import * as v from 'valibot'
import { type Authority, hasRole } from '#domain/authority'
import { formatInstant } from '#domain/day'
import type { PersonId } from '#domain/ids'
import type { Records } from '#domain/records'
import { memberScope, organizationScope, personOf, reviewScope, type Scope } from '#domain/scopes'
import { type Export, type ExportAsked, exportAskedSchema } from '#protocol/export'
import { auditEnds } from '../audit'
import { loadAuthority } from '../authority'
import { branchesOf } from '../branches'
import { type Database, inTransaction } from '../storage/database'
import { readRecords } from '../storage/rows'
import { type Basis, branchNameOf } from './basis'
import { minutesPaper } from './compose-minutes'
import { organizationWorkbook, readOrganizationLedger } from './compose-organization'
import { handbook, signInSheet, studyRecord } from './compose-papers'
import { ledgerWorkbook, registerWorkbook } from './compose-workbooks'
import type { Document } from './document'
import { type BranchAsked, readsOf } from './reads'
import type { Render } from './render'

/** A process that stopped in the middle of one: another takes it up again. */
const abandonedAfterMs = 120_000
const mostTries = 3

interface Job {
  readonly id: string
  readonly personId: PersonId
  readonly asked: ExportAsked
}

export interface ExportsOptions {
  readonly database: Database
  readonly now: () => number
  readonly render: Render
  readonly onFailure: (error: Error) => void
}

/** Files made of the records: asked for, made one at a time by whichever process comes first, fetched by
 *  who asked. Whether they may is looked at when it is asked for, made and fetched. */
export class Exports {
  private working: Promise<void> | undefined
  private isStopped = false

  constructor(private readonly options: ExportsOptions) {}

  /** @returns undefined when this person may not have it */
  async ask(personId: PersonId, asked: ExportAsked): Promise<Export | undefined> {
    const { database, now } = this.options
    if (!mayHave(await loadAuthority(database.pool, personId, now()), asked)) return undefined
    const id = randomUUID()
    await database.pool.query(
      `INSERT INTO exports (scope, id, asked, state, tries, created_at) VALUES ($1, $2, $3, 'asked', 0, $4)`,
      [memberScope(personId), id, JSON.stringify(asked), now()],
    )
    this.work()
    return { id, state: 'asked' }
  }

  /** @returns undefined for another's, and for one that is gone */
  async look(personId: PersonId, id: string): Promise<Export | undefined> {
    const { rows } = await this.options.database.pool.query<{ state: string; file_name: string | null }>(
      'SELECT state, file_name FROM exports WHERE scope = $1 AND id = $2',
      [memberScope(personId), id],
    )
    const [found] = rows
    if (found === undefined) return undefined
    if (found.state === 'failed') return { id, state: 'failed' }
    if (found.state === 'done') return { id, state: 'done', fileName: found.file_name ?? '' }
    this.work() // should the process that was at it have stopped
    return { id, state: 'asked' }
  }

  /** @returns undefined for what is not theirs (any more), not made yet, or gone */
  async file(personId: PersonId, id: string): Promise<{ fileName: string; bytes: Buffer } | undefined> {
    const { database, now } = this.options
    const { rows } = await database.pool.query<{ asked: unknown; file_name: string; bytes: Buffer }>(
      `SELECT asked, file_name, bytes FROM exports WHERE scope = $1 AND id = $2 AND state = 'done'`,
      [memberScope(personId), id],
    )
    const [found] = rows
    if (found === undefined) return undefined
    const authority = await loadAuthority(database.pool, personId, now())
    if (!mayHave(authority, v.parse(exportAskedSchema, found.asked))) return undefined
    return { fileName: found.file_name, bytes: found.bytes }
  }

  /** Makes all that is waiting, unless this process is at it already. */
  work(): void {
    if (this.isStopped) return
    this.working ??= this.makeAll()
      .catch((error: Error) => this.options.onFailure(error))
      .finally(() => {
        this.working = undefined
      })
  }

  /** What is under way is finished; the rest is left to the next process. */
  async stop(): Promise<void> {
    this.isStopped = true
    await this.working
  }

  private async makeAll(): Promise<void> {
    const { database, now } = this.options
    await database.pool.query(
      `UPDATE exports SET state = 'failed' WHERE state = 'making' AND started_at < $1 AND tries >= $2`,
      [now() - abandonedAfterMs, mostTries],
    )
    for (let job = await this.take(); job !== undefined && !this.isStopped; job = await this.take()) {
      await this.make(job)
    }
  }

  private async take(): Promise<Job | undefined> {
    const { database, now } = this.options
    const { rows } = await database.pool.query<{ scope: Scope; id: string; asked: unknown }>(
      `UPDATE exports SET state = 'making', started_at = $1, tries = tries + 1
        WHERE (scope, id) = (SELECT scope, id FROM exports
          WHERE (state = 'asked' OR (state = 'making' AND started_at < $2)) AND tries < $3
          ORDER BY created_at LIMIT 1 FOR UPDATE SKIP LOCKED)
        RETURNING scope, id, asked`,
      [now(), now() - abandonedAfterMs, mostTries],
    )
    const [row] = rows
    const personId = row && personOf(row.scope)
    return personId && { id: row.id, personId, asked: v.parse(exportAskedSchema, row.asked) }
  }

  private async make({ id, personId, asked }: Job): Promise<void> {
    const { database, now, render, onFailure } = this.options
    let made: { fileName: string; bytes: Uint8Array } | undefined
    try {
      const document = await compose(database, personId, asked, now())
      made = document && { fileName: document.fileName, bytes: await render(document) }
    } catch (error) {
      onFailure(error as Error) // of the database, the rules or the libraries, which throw nothing else
    }
    await database.pool.query(
      `UPDATE exports SET state = $3, file_name = $4, bytes = $5 WHERE scope = $1 AND id = $2`,
      made === undefined
        ? [memberScope(personId), id, 'failed', null, null]
        : [memberScope(personId), id, 'done', made.fileName, Buffer.from(made.bytes)],
    )
  }
}

/** The register is the keepers'; figures of all branches are those of who oversees them. */
function mayHave(authority: Authority | undefined, asked: ExportAsked): authority is Authority {
  if (authority === undefined) return false
  if (asked.kind === 'organization-ledger') {
    const { organizationId } = asked
    return hasRole(authority, ['admin', 'inspector'], { kind: 'organization', organizationId })
  }
  return hasRole(authority, ['secretary', 'committee-member'], { kind: 'branch', branchId: asked.branchId })
}

/** What the file says, of one state of the records. @returns undefined where there is nothing to make it of */
export async function compose(
  database: Database,
  personId: PersonId,
  asked: ExportAsked,
  asOf: number,
): Promise<Document | undefined> {
  return inTransaction(database, async (client) => {
    // All reads see the same moment, and the chain's end belongs to it.
    await client.query('SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY')
    const authority = await loadAuthority(client, personId, asOf)
    if (!mayHave(authority, asked)) return undefined
    if (asked.kind === 'organization-ledger') {
      const { organizationId, period } = asked
      const branches = await branchesOf(database, organizationId)
      const records = await readRecords(client, readOrganizationLedger(organizationId, branches, period))
      const footer = await footerOf(client, organizationScope(organizationId), asOf)
      return organizationWorkbook(records, branches, { organizationId, period, asOf, footer })
    }
    const { branchId } = asked
    const place = { kind: 'branch', branchId } as const
    const withLeaves = hasRole(authority, ['secretary'], place)
    const records = await readRecords(client, readsOf(asked, { withLeaves }))
    const branchName = branchNameOf(records, branchId)
    const footer = await footerOf(client, reviewScope(branchId), asOf)
    return documentOf(records, { branchId, branchName, asOf, footer }, asked)
  })
}

function documentOf(records: Records, basis: Basis, asked: BranchAsked): Document | undefined {
  switch (asked.kind) {
    case 'register':
      return registerWorkbook(records, basis, asked.week)
    case 'sign-in-sheet':
      return signInSheet(records, basis, asked.week)
    case 'minutes':
      return minutesPaper(records, basis, asked.meeting)
    case 'study-record':
      return studyRecord(records, basis, asked.week)
    case 'ledger':
      return ledgerWorkbook(records, basis, asked.period)
    case 'handbook':
      return handbook(records, basis, asked.period)
  }
}

/** As of when, and the end of the chain that shows later whether the records behind it were changed. */
async function footerOf(client: PoolClient, scope: Scope, asOf: number): Promise<string[]> {
  const end = (await auditEnds(client, [scope])).get(scope)
  return [
    `截至 ${formatInstant(asOf)}，由登记簿生成；数字与登记簿不一致时以登记簿为准`,
    end === undefined ? '审计链：还没有记录' : `审计链：第 ${end.seq} 条，${end.hash}`,
  ]
}
