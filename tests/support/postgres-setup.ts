import { chmod, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { startEmbeddedPostgres } from '#server/storage/embedded-postgres'

/** Jest calls this for each project that names it; one PostgreSQL serves them all. */
const shared = globalThis as typeof globalThis & { stopTestPostgres?: () => Promise<void> }

/** DATABASE_URL, when given, names a server whose account may create databases. */
export default async function startTestPostgres(): Promise<void> {
  if (process.env.TEST_DATABASE_URL) return
  if (process.env.DATABASE_URL) {
    process.env.TEST_DATABASE_URL = process.env.DATABASE_URL
    return
  }

  const dataDir = await mkdtemp(path.join(tmpdir(), 'study-test-'))
  await chmod(dataDir, 0o755) // when root runs the tests, PostgreSQL's own user has to get in
  const postgres = await startEmbeddedPostgres({ dataDir, durable: false })
  process.env.TEST_DATABASE_URL = postgres.url
  shared.stopTestPostgres = async () => {
    await postgres.stop()
    await rm(dataDir, { recursive: true, force: true })
  }
}
