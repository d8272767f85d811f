import { spawnSync } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { existsSync, rmSync } from 'node:fs'
import { appendFile, chmod, chown, mkdir, mkdtemp, readdir, readFile, writeFile } from 'node:fs/promises'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { hush, show } from './run.mjs'

const PROGRAMS = '/usr/lib/postgresql'
const WANTED = 15
const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP']
const isRoot = process.getuid?.() === 0

/** Debian's PostgreSQL, as an operator would have it: 15, the oldest we promise to work with, or the
 *  newest above it where Debian offers that one no longer.
 *  @returns {Promise<{ version?: number, missing?: string }>} */
export async function ensureDebianPostgres() {
  const found = await look()
  if (!found.missing || !isRoot || !existsSync('/usr/bin/apt-get')) return found

  console.log(`Installing PostgreSQL for a layer of tests (${found.missing})…`)
  await keepFromStarting()
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' }
  await show('apt-get', ['update', '-qq'], { env })
  for (const name of [`postgresql-${WANTED}`, 'postgresql']) {
    const { code } = await hush('apt-get', ['install', '-y', '-qq', '--no-install-recommends', name], { env })
    if (code === 0) return look()
  }
  return { missing: `${found.missing}, and apt-get could not install it` }
}

const program = (version, name) => path.join(PROGRAMS, String(version), 'bin', name)

async function look() {
  const names = await readdir(PROGRAMS).catch(() => [])
  const versions = names
    .map(Number)
    .filter((version) => version >= WANTED && existsSync(program(version, 'postgres')))
  if (versions.length === 0) return { missing: `Debian's PostgreSQL ${WANTED} is not installed` }
  return { version: versions.includes(WANTED) ? WANTED : Math.max(...versions) }
}

/** The package would set up a server of its own and start it. It reads this folder beside its own
 *  settings, which are better left alone: apt asks about them once they differ. */
async function keepFromStarting() {
  const folder = '/etc/postgresql-common/createcluster.d'
  await mkdir(folder, { recursive: true })
  await writeFile(path.join(folder, 'no-main-cluster.conf'), 'create_main_cluster = false\n')
}

/** Lends `work` the address of a fresh server with a folder, a port and a password of its own. It is
 *  stopped and its folder removed however `work` or the process ends, Ctrl-C included. */
export async function withDebianPostgres(version, work) {
  const folder = await mkdtemp(path.join(tmpdir(), 'study-debian-postgres-'))
  const account = await unprivileged(folder)
  const data = path.join(folder, 'data')
  const end = () => {
    spawnSync(program(version, 'pg_ctl'), ['stop', '-D', data, '-m', 'immediate'], account)
    rmSync(folder, { recursive: true, force: true })
  }
  const interrupt = () => process.exit(1)
  for (const signal of SIGNALS) process.once(signal, interrupt)
  process.once('exit', end)
  try {
    return await work(await startCluster(version, folder, data, account))
  } finally {
    for (const signal of SIGNALS) process.off(signal, interrupt)
    process.off('exit', end)
    end()
  }
}

/** PostgreSQL refuses to run as root: then it is the user that its package made. */
async function unprivileged(folder) {
  const bare = { cwd: '/', env: { PATH: process.env.PATH } }
  if (!isRoot) return bare
  const [uid, gid] = await Promise.all(
    ['-u', '-g'].map(async (which) => Number((await hush('id', [which, 'postgres'])).output)),
  )
  await chown(folder, uid, gid)
  return { ...bare, uid, gid }
}

async function startCluster(version, folder, data, account) {
  const run = async (name, args) => {
    const { code, output } = await hush(program(version, name), ['-D', data, ...args], account)
    if (code !== 0) throw new Error(`${name} of PostgreSQL ${version} failed:\n${output}`)
  }
  const password = randomBytes(16).toString('hex')
  const passwordFile = path.join(folder, 'password')
  await writeFile(passwordFile, password)
  await chmod(passwordFile, 0o644) // the folder is closed to everybody else
  await run('initdb', [
    '--username=study',
    '--auth=scram-sha-256',
    `--pwfile=${passwordFile}`,
    '--encoding=UTF8',
    '--locale=C.UTF-8',
    '--no-sync',
  ])
  const port = await freePort()
  const settings = {
    listen_addresses: '127.0.0.1',
    port,
    unix_socket_directories: folder,
    fsync: 'off', // what it keeps is thrown away
    synchronous_commit: 'off',
    full_page_writes: 'off',
  }
  const lines = Object.entries(settings).map(([name, value]) => `${name} = '${value}'\n`)
  await appendFile(path.join(data, 'postgresql.conf'), lines.join(''))

  const log = path.join(folder, 'log')
  await run('pg_ctl', ['start', '-w', '-l', log]).catch(async (error) => {
    throw new Error(`${error.message}\n${await readFile(log, 'utf8').catch(() => '')}`)
  })
  return `postgres://study:${password}@127.0.0.1:${port}/postgres`
}

async function freePort() {
  const probe = createServer().listen(0, '127.0.0.1')
  await once(probe, 'listening')
  const { port } = probe.address()
  probe.close()
  await once(probe, 'close')
  return port
}
