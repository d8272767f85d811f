import { spawnSync } from 'node:child_process'
import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { compiledShim } from '../../bench/shim/shim'
import { expectWhole } from '../support/crowd-audit'
import {
  atTheEnd,
  crowdAt,
  embeddedPid,
  embeddedUrl,
  endEverything,
  endLeftOver,
  expectRecovered,
  ownPostgres,
  serverOn,
  startAgain,
} from '../support/trouble'

/** A server whose PostgreSQL is its own. When that breaks off the server ends with it, and whoever
 *  runs it starts it again. */
jest.setTimeout(300_000)
afterEach(endEverything)

async function emptyFolder(): Promise<string> {
  const folder = await mkdtemp(path.join(tmpdir(), 'study-trouble-'))
  atTheEnd(() => rm(folder, { recursive: true, force: true }))
  await chmod(folder, 0o755) // PostgreSQL's account has to read what is there
  return folder
}

test.each([
  { what: 'crashes', signal: 'SIGQUIT' },
  { what: 'is killed outright', signal: 'SIGKILL' },
] as const)('PostgreSQL $what: the server ends and says so; the next start recovers', async ({ signal }) => {
  const dataDir = path.join(await emptyFolder(), 'data')
  atTheEnd(() => endLeftOver(dataDir))
  const server = await serverOn({ DATA_DIR: dataDir })
  const crowd = await crowdAt(server, await embeddedUrl(dataDir))

  process.kill(await embeddedPid(dataDir), signal)
  expect(await server.end()).toBeNull()
  expect(server.complaints.join('\n')).toContain('Start the server again.')

  await startAgain(server)
  await crowd.findDatabaseAt(await embeddedUrl(dataDir))
  await crowd.goesOn()
  await expectRecovered(server, crowd)
})

const noCompiler =
  process.platform !== 'linux' || spawnSync('cc', ['--version']).status !== 0
    ? 'it needs Linux and a C compiler'
    : undefined
const withFullDisk = noCompiler === undefined ? test : test.skip

describe(noCompiler === undefined ? 'the disk is full' : `the disk is full (not run: ${noCompiler})`, () => {
  /** A server that takes over a PostgreSQL for which a part of its folder can be full. */
  async function onDisk(part: string) {
    const library = await compiledShim(await emptyFolder())
    const postgres = await ownPostgres({
      from: 'npm',
      environment: (folder) => ({
        LD_PRELOAD: library,
        FULL_FLAG: path.join(path.dirname(folder), 'full'),
        FULL_UNDER: path.join(folder, part),
      }),
    })
    const { dataDir } = postgres
    atTheEnd(() => endLeftOver(dataDir))
    const server = await serverOn({ DATA_DIR: dataDir })
    const crowd = await crowdAt(server, await embeddedUrl(dataDir))
    const flag = path.join(dataDir, 'full')
    return { postgres, server, crowd, fill: () => writeFile(flag, ''), makeRoom: () => rm(flag) }
  }

  withFullDisk('for the tables: the phones are told to come back until there is room', async () => {
    const { postgres, server, crowd, fill, makeRoom } = await onDisk('base')
    await fill()
    await crowd.isTurnedAway(2)
    await makeRoom()
    await crowd.goesOn()
    expect(server.startMs).toHaveLength(1)
    expect(await postgres.log()).toContain('No space left on device')
    await expectRecovered(server, crowd)

    // Whatever became of the tables, the journal has what was acknowledged.
    await postgres.restart('immediate')
    await server.end()
    await startAgain(server)
    await crowd.findDatabaseAt(await embeddedUrl(postgres.dataDir))
    await expectWhole(crowd)
  })

  withFullDisk('for the journal: the server ends; the next start with room recovers', async () => {
    const { postgres, server, crowd, fill, makeRoom } = await onDisk('pg_wal')
    await fill()
    expect(await server.end()).toBeNull()
    expect(server.complaints.join('\n')).toContain('Start the server again.')
    expect(await postgres.log()).toContain('No space left on device')
    await makeRoom()

    await startAgain(server)
    await crowd.findDatabaseAt(await embeddedUrl(postgres.dataDir))
    await crowd.goesOn()
    await expectRecovered(server, crowd)
  })
})
