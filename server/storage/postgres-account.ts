import { execFileSync, spawnSync } from 'node:child_process'
import { statSync } from 'node:fs'
import path from 'node:path'

export interface Launch {
  readonly file: string
  readonly args: readonly string[]
  readonly options: {
    readonly uid?: number
    readonly gid?: number
    readonly cwd: string
    readonly env: NodeJS.ProcessEnv
  }
}

/** Who PostgreSQL runs as. */
export interface PostgresAccount {
  /** Absent when it runs as whoever started us. */
  readonly ids?: Ids
  launch(program: string, args: readonly string[]): Launch
}

interface Ids {
  readonly uid: number
  readonly gid: number
}

const OWN_USER = 'study-postgres'

/** Nothing else of our environment: it holds secrets, and PG* variables would change the settings. */
const bare = { cwd: '/', env: { PATH: process.env.PATH, LC_ALL: 'C' } }

/** PostgreSQL refuses to run as root, so root lends it a system user. A cluster that already has an
 *  owner keeps it, so that the same folder can be used by root today and by its owner tomorrow. */
export function accountFor(cluster: string, postgres: string): PostgresAccount {
  if (process.getuid?.() !== 0) return { launch: (file, args) => ({ file, args, options: bare }) }

  const ids = ownerOf(cluster) ?? idsOf('postgres') ?? idsOf(OWN_USER) ?? createOwnUser()
  const plain: PostgresAccount = {
    ids,
    launch: (file, args) => ({ file, args, options: { ...bare, ...ids } }),
  }
  const accounts = [plain, reachingPastFolders(ids)]
  const able = accounts.find((account) => canReach(account, postgres, path.dirname(cluster)))
  if (able) return able
  throw new Error(
    `PostgreSQL cannot run as root, and user ${ids.uid} cannot reach ${postgres} and ${path.dirname(cluster)}. ` +
      'Move the project and its data below a folder every user may enter, start it as an ordinary user, ' +
      'or set DATABASE_URL.',
  )
}

/** For a clone in /root or another closed folder: an ordinary user that may pass any folder.
 *  `no_setuid_fixup` makes access(2), which PostgreSQL asks first, agree with that. */
function reachingPastFolders(ids: Ids): PostgresAccount {
  const flags = [
    `--reuid=${ids.uid}`,
    `--regid=${ids.gid}`,
    '--clear-groups',
    '--securebits=+no_setuid_fixup',
    '--inh-caps=+dac_override',
    '--ambient-caps=+dac_override',
  ]
  return {
    ids,
    launch: (file, args) => ({ file: 'setpriv', args: [...flags, file, ...args], options: bare }),
  }
}

function canReach(account: PostgresAccount, postgres: string, dataDir: string): boolean {
  const script = '"$1" --version && cd "$2"'
  const { file, args, options } = account.launch('/bin/sh', ['-c', script, 'sh', postgres, dataDir])
  return spawnSync(file, args, { ...options, stdio: 'ignore' }).status === 0
}

function ownerOf(cluster: string): Ids | undefined {
  const stats = statSync(cluster, { throwIfNoEntry: false })
  return stats && stats.uid !== 0 ? { uid: stats.uid, gid: stats.gid } : undefined
}

function idsOf(user: string): Ids | undefined {
  const ask = (flag: string) => spawnSync('id', [flag, user], { encoding: 'utf8' })
  const uid = ask('-u')
  return uid.status === 0 ? { uid: Number(uid.stdout), gid: Number(ask('-g').stdout) } : undefined
}

function createOwnUser(): Ids {
  try {
    execFileSync('useradd', ['--system', '--no-create-home', '--shell', '/usr/sbin/nologin', OWN_USER])
  } catch (cause) {
    const advice = `Create a system user named ${OWN_USER}, start as an ordinary user, or set DATABASE_URL.`
    throw new Error(`PostgreSQL cannot run as root and no user could be made for it. ${advice}`, { cause })
  }
  const ids = idsOf(OWN_USER)
  if (!ids) throw new Error(`The user ${OWN_USER} was created but cannot be found.`)
  return ids
}
