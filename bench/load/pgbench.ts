import { execFile } from 'node:child_process'
import { access, readdir, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { promisify } from 'node:util'
import { asOwner } from './cluster'

const debian = '/usr/lib/postgresql'

/** PostgreSQL's own measure, where it is installed: the one that npm brings has none. */
export async function findPgbench(): Promise<string | undefined> {
  const versions = await readdir(debian).catch(() => [])
  const folders = [
    ...(process.env.PATH ?? '').split(path.delimiter),
    ...versions.sort().map((version) => path.join(debian, version, 'bin')),
  ]
  for (const folder of folders) {
    const file = path.join(folder, 'pgbench')
    const isThere = await access(file).then(
      () => true,
      () => false,
    )
    if (isThere) return file
  }
  return undefined
}

/** About as long as a line of the register. */
const line = JSON.stringify({
  week: '1900-W01',
  branchId: 'branch-of-many',
  memberId: 'member-1-of-branch-1',
  standing: 'on-time',
  via: 'own',
  source: 'on-site',
  earliest: 1_735_689_600_000,
  claimedAt: 1_735_689_600_000,
  receivedAt: 1_735_689_600_000,
  isLateSync: false,
  isBackfilled: false,
  isAmended: false,
  version: 1,
})

/** One row for each transaction into a table with a primary key, 32 connections, prepared. */
export class SingleInserts {
  private constructor(
    private readonly pgbench: string,
    private readonly url: string,
    private readonly script: string,
  ) {}

  static async prepare(pgbench: string, url: string, folder: string): Promise<SingleInserts> {
    await asOwner(url, (client) =>
      client.query(
        'CREATE TABLE plain (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, value jsonb NOT NULL)',
      ),
    )
    const script = path.join(folder, 'insert.sql')
    await writeFile(script, 'INSERT INTO plain (value) VALUES (:line);\n')
    return new SingleInserts(pgbench, url, script)
  }

  /** Connecting 32 times can take a busy machine all of it. */
  async warmUp(seconds: number): Promise<void> {
    await this.pgbenchFor(seconds)
  }

  /** Rows a second, without the time to connect. */
  async run(seconds: number): Promise<number> {
    const printed = await this.pgbenchFor(seconds)
    const perSecond = Number(/^tps = ([\d.]+)/m.exec(printed)?.[1])
    const failed = /number of failed transactions: (\d+)/.exec(printed)?.[1] ?? '0'
    if (!(perSecond > 0) || failed !== '0') throw new Error(`pgbench failed:\n${printed}`)
    return perSecond
  }

  private async pgbenchFor(seconds: number): Promise<string> {
    const flags = ['-n', '-c', '32', '-j', '2', '-M', 'prepared', '-f', this.script, '-T', String(seconds)]
    const { stdout } = await promisify(execFile)(this.pgbench, [...flags, '-D', `line=${line}`, this.url])
    return stdout
  }
}
