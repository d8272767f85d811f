/** Engines that speak PostgreSQL and spread one database over many machines. None of them was run. */
export type Engine = 'Citus' | 'YugabyteDB' | 'CockroachDB' | 'openGauss family' | 'PgBouncer'

/** Where an engine itself says so. Without a page none was found, and the rule is our own caution. */
export interface Source {
  readonly engine: Engine
  readonly page?: string
}

/** What keeps the records of many organisations apart, and what would refuse ours if we let go of it. */
export interface Rule<Subject> {
  readonly name: string
  readonly why: string
  readonly sources: readonly Source[]
  /** Names of what breaks it, each of them once. */
  broken(subject: Subject): string[]
  /** What breaks it today, and what an engine would need. One that breaks it no more has to go. */
  readonly exceptions: Readonly<Record<string, string>>
}

/** Citus's documentation as of this commit. */
const citusPages = 'https://github.com/citusdata/citus_docs/blob/74f978bccea9e64e744b117e3778820f8cc54a3a'

export const citus = (file: string): Source => ({ engine: 'Citus', page: `${citusPages}/${file}` })
export const yugabyte = (path: string): Source => ({
  engine: 'YugabyteDB',
  page: `https://docs.yugabyte.com/${path}`,
})
export const cockroach = (page: string): Source => ({ engine: 'CockroachDB', page })
export const gauss = (path: string): Source => ({
  engine: 'openGauss family',
  page: `https://support.huaweicloud.com/${path}`,
})
export const pgbouncer: Source = { engine: 'PgBouncer', page: 'https://pgbouncer.org/features' }
