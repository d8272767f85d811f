import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdir, mkdtemp, readFile, rm, stat, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { createInterface } from 'node:readline'
import { build } from 'esbuild'
import { Client } from 'pg'
import {
  type EmbeddedPostgres,
  runningEmbeddedPostgres,
  startEmbeddedPostgres,
} from '#server/storage/embedded-postgres'
import { postgresBinaries } from '#server/storage/postgres-binaries'

jest.setTimeout(120_000)

let dataDir: string
const open: EmbeddedPostgres[] = []

beforeEach(async () => {
  // Closed to everyone else, as a folder in /root is.
  dataDir = path.join(await mkdtemp(path.join(tmpdir(), 'study-postgres-')), 'data')
})

afterEach(async () => {
  for (const postgres of open.splice(0)) await postgres.stop()
  await rm(path.dirname(dataDir), { recursive: true, force: true })
})

async function start(log?: (line: string) => void): Promise<EmbeddedPostgres> {
  const postgres = await startEmbeddedPostgres({ dataDir, log })
  open.push(postgres)
  return postgres
}

async function query(url: string, statement: string): Promise<unknown[]> {
  const client = new Client({ connectionString: url })
  await client.connect()
  return client
    .query(statement)
    .then(({ rows }) => rows)
    .finally(() => client.end())
}

test('what was recorded is there after a stop and a start', async () => {
  const first = await start()
  await query(first.url, `create table register (topic text); insert into register values ('周汇朝学')`)
  await first.stop()

  const second = await start()
  expect(await query(second.url, 'select topic from register')).toEqual([{ topic: '周汇朝学' }])
})

test('it is a UTF-8 database in the C locale, for this machine only, and durable', async () => {
  const { url } = await start()
  expect(new URL(url)).toMatchObject({ hostname: '127.0.0.1', pathname: '/study' })
  const shown = ['server_encoding', 'lc_collate', 'listen_addresses', 'fsync', 'password_encryption']
  const values = await query(url, `select ${shown.map((name) => `current_setting('${name}') ${name}`)}`)
  expect(values).toEqual([
    {
      server_encoding: 'UTF8',
      lc_collate: 'C',
      listen_addresses: '127.0.0.1',
      fsync: 'on',
      password_encryption: 'scram-sha-256',
    },
  ])
})

test('nobody gets in without the password, which is kept for its owner only', async () => {
  const { url } = await start()
  const stranger = new URL(url)
  stranger.password = 'guess'
  await expect(query(stranger.href, 'select 1')).rejects.toThrow('password authentication failed')
  expect((await stat(path.join(dataDir, 'postgres-password'))).mode & 0o777).toBe(0o600)
})

test('the database of a server that was killed outright is taken over', async () => {
  const owner = await ownerInAnotherProcess()
  await query(owner.url, 'create table register (topic text)')
  owner.process.kill('SIGKILL')
  await once(owner.process, 'exit')

  const lines: string[] = []
  const { url } = await start((line) => lines.push(line))
  expect(lines.join()).toContain('taken over')
  expect(url).toBe(owner.url)
  expect(await query(url, 'select * from register')).toEqual([])
})

test('a second server on the same folder is refused, and harms nothing', async () => {
  const first = await start()
  await expect(startEmbeddedPostgres({ dataDir })).rejects.toThrow('Another server is using')
  expect(await runningEmbeddedPostgres(dataDir)).toBe(first.url)
  await first.stop()
  expect(await runningEmbeddedPostgres(dataDir)).toBeUndefined()
})

test.each([
  { who: 'another process, which now has its number', pid: process.ppid },
  { who: 'nobody', pid: 2 ** 22 + 1 },
])('a pid file left by a power cut names $who: it starts all the same', async ({ pid }) => {
  await (await start()).stop()
  const cluster = path.join(dataDir, 'postgres')
  await writeFile(path.join(cluster, 'postmaster.pid'), `${pid}\n${cluster}\n0\n1\n\n127.0.0.1\n\n`)
  expect(await query((await start()).url, 'select 1 as answer')).toEqual([{ answer: 1 }])
})

test('a first start cut short while the folder was being made is begun again', async () => {
  const draft = path.join(dataDir, 'postgres.new-cut')
  await mkdir(draft, { recursive: true })
  await writeFile(path.join(draft, 'PG_VERSION'), '15')
  expect(await query((await start()).url, 'select 1 as answer')).toEqual([{ answer: 1 }])
  await expect(stat(draft)).rejects.toThrow('ENOENT')
})

test('a database without its password says what is missing', async () => {
  await (await start()).stop()
  await rm(path.join(dataDir, 'postgres-password'))
  await expect(startEmbeddedPostgres({ dataDir })).rejects.toThrow('postgres-password is missing')
})

test('a configuration PostgreSQL refuses is reported with the end of its log', async () => {
  await (await start()).stop()
  await writeFile(path.join(dataDir, 'postgres', 'postgresql.conf'), 'no_such_setting = 1\n')
  await expect(startEmbeddedPostgres({ dataDir })).rejects.toThrow('no_such_setting')
})

test('links that no install script made are made before use, once', async () => {
  const copy = path.dirname(dataDir)
  const list = [{ source: 'native/lib/libpq.so.5.15', target: 'native/lib/libpq.so.5' }]
  await mkdir(path.join(copy, 'native', 'lib'), { recursive: true })
  await writeFile(path.join(copy, 'native', 'lib', 'libpq.so.5.15'), 'library')
  await writeFile(path.join(copy, 'native', 'pg-symlinks.json'), JSON.stringify(list))

  await postgresBinaries(copy)
  await postgresBinaries(copy)
  expect(await readFile(path.join(copy, 'native', 'lib', 'libpq.so.5'), 'utf8')).toBe('library')
})

/** Started as the product is: bundled, and run by plain Node. */
async function ownerInAnotherProcess() {
  const root = path.resolve(__dirname, '../..')
  const outfile = path.join(path.dirname(dataDir), 'owner.cjs')
  await symlink(path.join(root, 'node_modules'), path.join(path.dirname(dataDir), 'node_modules'))
  await build({
    entryPoints: [path.join(root, 'tests/support/embedded-postgres-owner.ts')],
    outfile,
    bundle: true,
    platform: 'node',
    format: 'cjs',
    packages: 'external',
    logLevel: 'error',
  })
  const child = spawn(process.execPath, [outfile, dataDir], { stdio: ['ignore', 'pipe', 'inherit'] })
  const [url] = await once(createInterface(child.stdout), 'line')
  return { process: child, url: String(url) }
}
