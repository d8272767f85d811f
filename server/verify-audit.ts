import { readFile, writeFile } from 'node:fs/promises'
import { parseArgs } from 'node:util'
import * as v from 'valibot'
import { type AuditHead, verifyAudit } from './audit'
import { withDatabase } from './with-database'

const headsSchema = v.pipe(
  v.string(),
  v.parseJson(),
  v.array(v.object({ scope: v.string(), seq: v.number(), hash: v.string() })),
)

/** `--keep FILE` notes the ends of all chains, to be kept away from the database; `--against FILE`
 *  holds the database against ends noted earlier. Exits with 1 when something does not fit. */
async function main(): Promise<void> {
  const { values } = parseArgs({ options: { keep: { type: 'string' }, against: { type: 'string' } } })
  const kept = values.against === undefined ? [] : await headsIn(values.against)
  const { entries, heads, faults } = await withDatabase((database) => verifyAudit(database, kept))
  for (const fault of faults.slice(0, 50)) process.stdout.write(`${fault}\n`)
  if (values.keep !== undefined) await writeFile(values.keep, `${JSON.stringify(heads, undefined, 2)}\n`)
  process.stdout.write(`${entries} entries in ${heads.length} chains, ${faults.length} faults\n`)
  if (faults.length > 0) process.exitCode = 1
}

async function headsIn(file: string): Promise<AuditHead[]> {
  const parsed = v.safeParse(headsSchema, await readFile(file, 'utf8'))
  if (!parsed.success) throw new Error(`${file} holds no ends of chains. Use a file written with --keep.`)
  return parsed.output
}

if (require.main === module) {
  main().catch((error: Error) => {
    process.stderr.write(`${error.message}\n`)
    process.exit(1)
  })
}
