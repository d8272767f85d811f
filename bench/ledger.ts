/** How long somebody waits for a year's ledger: of the demo's largest branch, and of its 110 branches
 *  together, from the records to the bytes, packed in a thread of its own as the server does. And whether
 *  memory grows with how many are made. */

import { mkdtemp, rm } from 'node:fs/promises'
import { cpus, loadavg, tmpdir } from 'node:os'
import path from 'node:path'
import * as v from 'valibot'
import { instantOf } from '#domain/day'
import { type BranchId, branchIdSchema, type PersonId, personIdSchema } from '#domain/ids'
import type { ExportAsked } from '#protocol/export'
import { compose } from '#server/exports/exports'
import { renderInWorker } from '#server/exports/render-in-worker'
import { type Database, openDatabase } from '#server/storage/database'
import { startEmbeddedPostgres } from '#server/storage/embedded-postgres'
import { migrate } from '#server/storage/migrations'
import { cast, demoOrganizationId } from '../server/demo/cast'
import { seedDemo } from '../server/demo/seed'
import { ratioText, table } from './table'

const now = instantOf('2026-12-31', '18:00')
const period = { year: 2026 }
const runs = 7
/** Milliseconds that somebody may be kept waiting. */
const limits = { branch: 1_000, organization: 20_000 }
/** What is kept after many, in multiples of what is kept after the first few. */
const memoryGate = 1.1

const render = renderInWorker(path.resolve('dist/server/exports/render-worker.js'))

async function main(): Promise<void> {
  const dataDir = path.join(await mkdtemp(path.join(tmpdir(), 'study-bench-')), 'data')
  const postgres = await startEmbeddedPostgres({ dataDir })
  const database = openDatabase(postgres.url)
  try {
    await migrate(database)
    const { branches, people, weeks } = await seedDemo(database, { now })
    console.log(`${branches} branches, ${people} people, ${weeks} weeks; ${cpus().length} processors`)
    await show(database)
  } finally {
    await database.close()
    await postgres.stop()
    await rm(path.dirname(dataDir), { recursive: true, force: true })
  }
}

async function show(database: Database): Promise<void> {
  const { branchId, secretary, members } = await largestBranch(database)
  const admin = cast.find(({ appointments }) => appointments.some(({ role }) => role === 'admin'))
  if (admin === undefined) throw new Error('the demo has an admin')
  const asked: { name: string; who: PersonId; limit: number; asked: ExportAsked }[] = [
    {
      name: '学习台账 (xlsx)',
      who: secretary,
      limit: limits.branch,
      asked: { kind: 'ledger', branchId, period },
    },
    {
      name: '支部学习手册 (docx)',
      who: secretary,
      limit: limits.branch,
      asked: { kind: 'handbook', branchId, period },
    },
    {
      name: '各支部学习台账 (xlsx)',
      who: admin.personId,
      limit: limits.organization,
      asked: { kind: 'organization-ledger', organizationId: demoOrganizationId, period },
    },
  ]
  console.log(`the largest branch has ${members} members; a year of each, ${runs} times`)
  const rows: string[][] = []
  let isKept = true
  for (const each of asked) {
    const took: number[] = []
    let bytes = 0
    for (let run = 0; run < runs; run += 1) {
      const start = performance.now()
      const document = await compose(database, each.who, each.asked, now)
      if (document === undefined) throw new Error(`${each.name} was refused`)
      bytes = (await render(document)).length
      took.push(performance.now() - start)
    }
    took.sort((a, b) => a - b)
    const [median = 0, worst = 0] = [took[runs >> 1], took.at(-1)]
    isKept &&= median <= each.limit
    rows.push([
      each.name,
      `${(bytes / 1_000).toFixed(0)} kB`,
      ratioText(median / each.limit),
      ratioText(worst / each.limit),
    ])
  }
  console.log(table(['file', 'size', 'median ÷ limit', 'worst ÷ limit'], rows))
  console.log(
    `limits: ${limits.branch} ms for a branch, ${limits.organization} ms for all; load ${loadavg()[0]?.toFixed(1)}`,
  )

  const kept = async (times: number) => {
    for (let run = 0; run < times; run += 1) {
      for (const each of asked) {
        const document = await compose(database, each.who, each.asked, now)
        if (document !== undefined) await render(document)
      }
    }
    globalThis.gc?.()
    return process.memoryUsage().rss
  }
  const first = await kept(3)
  const later = await kept(12)
  isKept &&= later / first <= memoryGate
  console.log(
    `memory after 15 of each: ${ratioText(later / first)} what it was after 3 (gate ${memoryGate} ×)`,
  )
  if (!isKept) process.exitCode = 1
}

async function largestBranch(
  database: Database,
): Promise<{ branchId: BranchId; secretary: PersonId; members: number }> {
  const { rows } = await database.pool.query<{ scope: string; members: number }>(
    `SELECT scope, count(*)::int AS members FROM rows WHERE type = 'membership' AND scope LIKE 'review:%'
      GROUP BY scope ORDER BY members DESC, scope LIMIT 1`,
  )
  const [largest] = rows
  if (largest === undefined) throw new Error('the demo has no branch')
  const branchId = v.parse(branchIdSchema, largest.scope.slice('review:'.length))
  const { rows: found } = await database.pool.query<{ scope: string }>(
    `SELECT scope FROM rows WHERE type = 'profile' AND value->'appointments' @> $1::jsonb LIMIT 1`,
    [JSON.stringify([{ role: 'secretary', branchId }])],
  )
  const secretary = v.parse(personIdSchema, found[0]?.scope.slice('member:'.length))
  return { branchId, secretary, members: largest.members }
}

void main()
