import { execFile } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { existsSync } from 'node:fs'
import { chown, mkdtemp, open, readdir, readFile, rename, rm, stat } from 'node:fs/promises'
import path from 'node:path'
import { promisify } from 'node:util'
import type { PostgresAccount } from './postgres-account'

const run = promisify(execFile)

export interface Cluster {
  readonly dataDir: string
  /** PostgreSQL's own folder. */
  readonly folder: string
  readonly user: string
  readonly password: string
}

const passwordFileOf = (dataDir: string) => path.join(dataDir, 'postgres-password')

/** What is kept in `dataDir`; the folder itself may still have to be made. */
export async function clusterIn(dataDir: string): Promise<Cluster> {
  const folder = path.join(dataDir, 'postgres')
  return { dataDir, folder, user: 'study', password: await keptPassword(dataDir, existsSync(folder)) }
}

async function keptPassword(dataDir: string, isInUse: boolean): Promise<string> {
  const file = passwordFileOf(dataDir)
  if (existsSync(file)) return (await readFile(file, 'utf8')).trim()
  if (isInUse)
    throw new Error(`${file} is missing: it opens the database beside it. Restore it from a backup.`)

  const password = randomBytes(24).toString('base64url')
  await rm(`${file}.new`, { force: true })
  const handle = await open(`${file}.new`, 'wx', 0o600)
  await handle.writeFile(`${password}\n`)
  await handle.sync()
  await handle.close()
  await rename(`${file}.new`, file)
  return password
}

/** Made beside its place and then moved there, so that a start which was cut short leaves nothing
 *  that looks like a database. Each try has a name of its own: the initdb of a killed server may
 *  still be writing under the old one. */
export async function createCluster(
  { dataDir, folder, user }: Cluster,
  account: PostgresAccount,
  initdb: string,
  durable: boolean,
): Promise<void> {
  const drafts = `${path.basename(folder)}.new-`
  for (const name of await readdir(dataDir)) {
    if (name.startsWith(drafts)) await rm(path.join(dataDir, name), { recursive: true, force: true })
  }
  const draft = await mkdtemp(path.join(dataDir, drafts))
  const passwordFile = passwordFileOf(dataDir)
  if (account.ids) {
    await chown(draft, account.ids.uid, account.ids.gid)
    await chown(passwordFile, account.ids.uid, account.ids.gid)
  }

  const { file, args, options } = account.launch(initdb, [
    `--pgdata=${draft}`,
    `--username=${user}`,
    `--pwfile=${passwordFile}`,
    '--auth=scram-sha-256',
    '--encoding=UTF8',
    '--locale=C',
    ...(durable ? [] : ['--no-sync']),
  ])
  await run(file, args, options)
  await rename(draft, folder)
  await syncFolder(dataDir)
}

/** PostgreSQL opens only a folder its own account owns: a copy made by root has to be handed over. */
export async function handOver({ folder, dataDir }: Cluster, { ids }: PostgresAccount): Promise<void> {
  if (!ids || (await stat(folder)).uid === ids.uid) return
  await run('chown', ['-R', `${ids.uid}:${ids.gid}`, folder, passwordFileOf(dataDir)])
}

/** Without this, a power cut could still undo the move. */
async function syncFolder(folder: string): Promise<void> {
  const handle = await open(folder)
  await handle.sync()
  await handle.close()
}
