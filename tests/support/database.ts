import { randomUUID } from 'node:crypto'
import { Client, type QueryResult } from 'pg'

export interface TestDatabase {
  readonly url: string
  drop(): Promise<void>
}

/** An empty database for one test file; jest runs several at once. */
export async function freshDatabase(): Promise<TestDatabase> {
  const name = `test_${randomUUID().replaceAll('-', '')}`
  const url = new URL(adminUrl())
  url.pathname = `/${name}`
  await asAdmin(`create database ${name} template template0 encoding 'UTF8' ${await language()}`)
  return {
    url: url.href,
    drop: async () => void (await asAdmin(`drop database if exists ${name} with (force)`)),
  }
}

function adminUrl(): string {
  const url = process.env.TEST_DATABASE_URL
  if (!url) throw new Error('TEST_DATABASE_URL is not set: is this project run with postgres-setup.ts?')
  return url
}

/** English where this PostgreSQL knows it, which sorts `;` before `:` and words by letters: an operator's
 *  database may, and nothing may hang on it. */
async function language(): Promise<string> {
  const { rowCount } = await asAdmin("select from pg_collation where collname = 'en-US-x-icu'")
  return `${rowCount === 0 ? '' : "locale_provider icu icu_locale 'en-US'"} lc_collate 'C' lc_ctype 'C'`
}

async function asAdmin(statement: string): Promise<QueryResult> {
  const admin = new Client({ connectionString: adminUrl() })
  await admin.connect()
  return admin.query(statement).finally(() => admin.end())
}
