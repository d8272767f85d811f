import { createHash } from 'node:crypto'
import { parseArgs } from 'node:util'
import * as v from 'valibot'
import { personOf, type Scope, scopeSchema } from '#domain/scopes'
import { type Outcome, type SentCommand, sentCommandSchema } from '#protocol/sync'
import type { Database } from '../storage/database'
import { syncStore } from '../storage/sync-store'
import { decideAll } from '../sync/decide'
import { withDatabase } from '../with-database'

/** A command that failed again and again for a reason of ours, as the operator names it. */
export interface Kept {
  /** `person.device.number` */
  readonly name: string
  readonly scope: Scope
  readonly device: string
  readonly id: number
  readonly command: SentCommand
  readonly error: string
  /** When it came (ms UTC). */
  readonly at: number
}

const keptSchema = v.object({
  scope: scopeSchema,
  device: v.string(),
  id: v.number(),
  command: sentCommandSchema,
  error: v.string(),
  at: v.number(),
})

export async function listSetAside(database: Database): Promise<Kept[]> {
  const { rows } = await database.pool.query('SELECT * FROM set_aside ORDER BY at, scope, device, id')
  return rows.map((row) => {
    const kept = v.parse(keptSchema, row)
    return { ...kept, name: `${personOf(kept.scope)}.${kept.device}.${kept.id}` }
  })
}

/** Decides it again as the server would have when it came, and takes it off the list unless it is
 *  refused. The phone's own number has passed, so it comes as the first command of a device made up for it;
 *  being the same each time, that device makes sure it is done once.
 *  @throws what is wrong with it still; then nothing was changed */
export async function retrySetAside(database: Database, kept: Kept): Promise<Outcome> {
  const actor = personOf(kept.scope)
  if (actor === undefined) throw new Error(`${kept.name} is nobody's command. Nothing was changed.`)
  const device = createHash('sha256').update(kept.name).digest('hex').slice(0, 32)
  const request = { device, actor, acked: 0, push: [{ ...kept.command, id: 1 }], pull: {} }
  const { result } = await syncStore(database).transaction(async (transaction) => {
    const concluded = await decideAll(transaction, [{ request, at: kept.at }])
    const failed = concluded.result.decided.find((each) => 'failure' in each)
    if (failed !== undefined) throw failed.failure
    return concluded
  })
  const outcome = result.decided[0]?.outcomes[0]?.result
  if (outcome === undefined) throw new Error(`${kept.name} was not decided.`)
  if (outcome.outcome !== 'refused') await dropSetAside(database, kept)
  return outcome
}

export async function dropSetAside(database: Database, { scope, device, id }: Kept): Promise<void> {
  await database.pool.query('DELETE FROM set_aside WHERE scope = $1 AND device = $2 AND id = $3', [
    scope,
    device,
    id,
  ])
}

const usage = `Commands that the server could not take for a reason of its own:
  npm run set-aside -- list
Once the reason is mended, decides one again, as of when it came:
  npm run set-aside -- retry NAME
Forgets one:
  npm run set-aside -- drop NAME`

async function main(): Promise<void> {
  const [act, name, ...more] = parseArgs({ allowPositionals: true }).positionals
  if (more.length > 0 || !['list', 'retry', 'drop'].includes(act ?? '')) throw new Error(usage)
  if ((act === 'list') !== (name === undefined)) throw new Error(usage)
  await withDatabase(async (database) => {
    const all = await listSetAside(database)
    if (act === 'list') {
      for (const each of all) process.stdout.write(`${lineOf(each)}\n`)
      process.stdout.write(`${all.length} commands\n`)
      return
    }
    const kept = all.find((each) => each.name === name)
    if (kept === undefined) throw new Error(`There is no ${name} here. See: npm run set-aside -- list`)
    if (act === 'drop') await dropSetAside(database, kept)
    const words = act === 'drop' ? 'dropped' : wordsOf(await retrySetAside(database, kept))
    process.stdout.write(`${kept.name}: ${words}\n`)
  })
}

/** Without what the person wrote. */
const lineOf = ({ name, command, at, error }: Kept) =>
  `${name}  ${new Date(at).toISOString()}  ${command.command} in ${command.scope}  ${error}`

const wordsOf = (result: Outcome): string =>
  result.outcome === 'refused'
    ? `refused, ${result.refusal.code}. Tell the person, then drop it.`
    : result.outcome

if (require.main === module) {
  main().catch((error: Error) => {
    process.stderr.write(`${error.message}\n`)
    process.exit(1)
  })
}
