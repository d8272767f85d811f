import { randomUUID } from 'node:crypto'
import { Client } from 'pg'

export interface TestDatabase {
  readonly url: string
  drop(): Promise<void>
}

/** An empty database for one test file; jest runs several at once. */
export async function freshDatabase(): Promise<TestDatabase> {
  const name = `test_${randomUUID().replaceAll('-', '')}`
  const url = new URL(adminUrl())
  url.pathname = `/${name}`
  await asAdmin(`create database ${name} template template0 encoding 'UTF8' lc_collate 'C' lc_ctype 'C'`)
  return { url: url.href, drop: () => asAdmin(`drop database if exists ${name} with (force)`) }
}

function adminUrl(): string {
  const url = process.env.TEST_DATABASE_URL
  if (!url) throw new Error('TEST_DATABASE_URL is not set: is this project run with postgres-setup.ts?')
  return url
}

async function asAdmin(statement: string): Promise<void> {
  const admin = new Client({ connectionString: adminUrl() })
  await admin.connect()
  await admin.query(statement).finally(() => admin.end())
}
