import { Kysely, Migrator, PostgresDialect, type PostgresPoolClient, sql } from 'kysely'
import type { ClientBase } from 'pg'
import type { Database } from './database'

const withScopes = [
  'scopes',
  'rows',
  'devices',
  'set_aside',
  'sessions',
  'invitations',
  'server_state',
  'wechat_accounts',
  'wrong_tries',
  'roster_uploads',
  'audit',
]

/** Forward only. A migration that has left this machine is never changed; the next one mends it. */
export const migrations: Record<string, { up(query: Kysely<unknown>): Promise<void> }> = {
  '0001-first': {
    async up(query) {
      const statements = [
        // Each scope counts its own changes; the row's lock puts them in the order they commit.
        sql`CREATE TABLE scopes (
          scope text PRIMARY KEY,
          head bigint NOT NULL DEFAULT 0,
          epoch bigint NOT NULL DEFAULT 1,
          floor bigint NOT NULL DEFAULT 0
        )`,
        // The records themselves; a value that is null is a tombstone.
        sql`CREATE TABLE rows (
          scope text NOT NULL,
          type text NOT NULL,
          key text COLLATE "C" NOT NULL,
          seq bigint NOT NULL,
          value jsonb,
          PRIMARY KEY (scope, type, key)
        )`,
        sql`CREATE INDEX rows_feed ON rows (scope, seq)`,
        // Registers still open, for the job that closes them when they are due.
        sql`CREATE INDEX rows_due ON rows (((value->>'registerClosesAt')::bigint))
          WHERE type = 'weekly-study' AND value->>'state' = 'open'`,
        sql`CREATE TABLE devices (
          scope text NOT NULL,
          device text NOT NULL,
          last bigint NOT NULL DEFAULT 0,
          contacts jsonb NOT NULL DEFAULT '[]',
          failing_id bigint,
          failures integer NOT NULL DEFAULT 0,
          seen_at bigint NOT NULL,
          PRIMARY KEY (scope, device)
        )`,
        sql`CREATE TABLE outcomes (
          scope text NOT NULL,
          device text NOT NULL,
          id bigint NOT NULL,
          result jsonb NOT NULL,
          PRIMARY KEY (scope, device, id)
        )`,
        // Commands that failed again and again for a reason of ours, kept whole for a repair.
        sql`CREATE TABLE set_aside (
          scope text NOT NULL,
          device text NOT NULL,
          id bigint NOT NULL,
          command jsonb NOT NULL,
          error text NOT NULL,
          at bigint NOT NULL,
          PRIMARY KEY (scope, device, id)
        )`,
        sql`CREATE TABLE sessions (
          scope text NOT NULL,
          id text NOT NULL,
          generation integer NOT NULL,
          token_hash text NOT NULL,
          previous_hash text,
          is_confirmed boolean NOT NULL,
          created_at bigint NOT NULL,
          used_at bigint NOT NULL,
          ended_at bigint,
          PRIMARY KEY (scope, id)
        )`,
        // The scope is the code's hash: the code itself is known only to whom it was given.
        sql`CREATE TABLE invitations (
          scope text PRIMARY KEY,
          person_id text NOT NULL,
          created_at bigint NOT NULL,
          expires_at bigint NOT NULL,
          used_at bigint
        )`,
        sql`CREATE TABLE server_state (
          scope text NOT NULL,
          key text NOT NULL,
          value text NOT NULL,
          PRIMARY KEY (scope, key)
        )`,
      ]
      for (const statement of statements) await statement.execute(query)
    },
  },
  '0002-joining': {
    async up(query) {
      const statements = [
        sql`ALTER TABLE invitations
          ADD COLUMN issued_by text,
          ADD COLUMN attempt_hash text,
          ADD COLUMN claimed_again_at bigint`,
        sql`CREATE INDEX invitations_of ON invitations (person_id)`,
        // Everybody with their branches, for a roster file to be compared with.
        sql`CREATE INDEX rows_people ON rows (scope) WHERE type IN ('profile', 'membership')`,
        sql`CREATE INDEX rows_cancellations ON rows (scope) WHERE type = 'cancellation'`,
        // A WeChat account: the scope is made of a hash of its openid.
        sql`CREATE TABLE wechat_accounts (
          scope text PRIMARY KEY,
          openid text NOT NULL,
          person_id text,
          session_key text NOT NULL,
          bound_at bigint,
          seen_at bigint NOT NULL
        )`,
        sql`CREATE UNIQUE INDEX wechat_accounts_of ON wechat_accounts (person_id) WHERE person_id IS NOT NULL`,
        // Wrong invitation codes from one address or one WeChat account.
        sql`CREATE TABLE wrong_tries (
          scope text PRIMARY KEY,
          count integer NOT NULL,
          since bigint NOT NULL,
          locked_until bigint
        )`,
        // A roster file that was read and waits to be confirmed.
        sql`CREATE TABLE roster_uploads (
          scope text NOT NULL,
          id text NOT NULL,
          lines jsonb NOT NULL,
          digest text NOT NULL,
          created_at bigint NOT NULL,
          PRIMARY KEY (scope, id)
        )`,
        // What was done by virtue of an office: each entry holds the hash of the one before.
        sql`CREATE TABLE audit (
          scope text NOT NULL,
          seq bigint NOT NULL,
          entry jsonb NOT NULL,
          hash text NOT NULL,
          PRIMARY KEY (scope, seq)
        )`,
      ]
      for (const statement of statements) await statement.execute(query)
    },
  },
  '0003-batches': {
    async up(query) {
      const statements = [
        // What a phone was told goes where the rest of it is written anyway: one row for a check-in
        // instead of three. Room in each page keeps those updates beside their row.
        sql`ALTER TABLE devices ADD COLUMN outcomes jsonb NOT NULL DEFAULT '[]'`,
        sql`UPDATE devices SET outcomes = told.outcomes
          FROM (SELECT scope, device,
              jsonb_agg(jsonb_build_object('id', id, 'result', result) ORDER BY id) AS outcomes
            FROM outcomes GROUP BY scope, device) AS told
          WHERE devices.scope = told.scope AND devices.device = told.device`,
        sql`DROP TABLE outcomes`,
        // Failures are those of the command after \`last\`, which every phone sends first.
        sql`UPDATE devices SET failures = 0 WHERE failing_id IS DISTINCT FROM last + 1`,
        sql`ALTER TABLE devices DROP COLUMN failing_id`,
        // Each command now says itself what its phone had last heard of us.
        sql`ALTER TABLE devices DROP COLUMN contacts`,
        sql`ALTER TABLE devices SET (fillfactor = 70)`,
        sql`ALTER TABLE scopes SET (fillfactor = 70)`,
      ]
      for (const statement of statements) await statement.execute(query)
    },
  },
  '0004-compaction': {
    async up(query) {
      const statements = [
        // The head as it was at a moment, until the floor is raised to it.
        sql`ALTER TABLE scopes ADD COLUMN marked_head bigint, ADD COLUMN marked_at bigint`,
        sql`CREATE INDEX rows_tombstones ON rows (scope, seq) WHERE value IS NULL`,
      ]
      for (const statement of statements) await statement.execute(query)
    },
  },
  '0005-order-of-scopes': {
    async up(query) {
      // By their bytes, as the server sorts and compares them, whatever language the database sorts in: in
      // English 'branch;' comes before 'branch:home', and no branch would be found.
      for (const table of withScopes) {
        await sql`ALTER TABLE ${sql.table(table)} ALTER COLUMN scope TYPE text COLLATE "C"`.execute(query)
      }
    },
  },
  '0006-exports': {
    async up(query) {
      const statements = [
        // A file that somebody asked for, in their own scope.
        sql`CREATE TABLE exports (
          scope text COLLATE "C" NOT NULL,
          id text NOT NULL,
          asked jsonb NOT NULL,
          state text NOT NULL,
          tries integer NOT NULL,
          created_at bigint NOT NULL,
          started_at bigint,
          file_name text,
          bytes bytea,
          PRIMARY KEY (scope, id)
        )`,
        sql`CREATE INDEX exports_waiting ON exports (created_at) WHERE state IN ('asked', 'making')`,
      ]
      for (const statement of statements) await statement.execute(query)
    },
  },
  '0007-reminders': {
    async up(query) {
      const statements = [
        // One row for each message somebody agreed to, in their own scope: spent on a gathering, or ended
        // because WeChat says that they have none.
        sql`CREATE TABLE reminder_credits (
          scope text COLLATE "C" NOT NULL,
          id text NOT NULL,
          template text NOT NULL,
          given_at bigint NOT NULL,
          ended_at bigint,
          ended_by text,
          PRIMARY KEY (scope, id)
        )`,
        // One row for each person and gathering: nobody is reminded twice.
        sql`CREATE TABLE reminders (
          scope text COLLATE "C" NOT NULL,
          gathering text NOT NULL,
          credit text NOT NULL,
          state text NOT NULL,
          tried_at bigint NOT NULL,
          errcode integer,
          PRIMARY KEY (scope, gathering)
        )`,
        // What begins soon, for the job that reminds of it.
        sql`CREATE INDEX rows_starting ON rows (((value->>'startsAt')::bigint))
          WHERE type IN ('weekly-study', 'meeting') AND value->>'state' = 'open'`,
      ]
      for (const statement of statements) await statement.execute(query)
    },
  },
}

/** The schema that this version works with. */
export const latestMigration = Object.keys(migrations).at(-1) ?? ''

const provider = { getMigrations: () => Promise.resolve(migrations) }

/** Brings the database up to this version. Several servers may start at once: one migrates, the
 *  others wait.
 *  @throws when a migration fails; nothing of it stays */
export async function migrate(database: Database): Promise<void> {
  const { error } = await new Migrator({ db: database.query, provider }).migrateToLatest()
  if (error !== undefined) throw error
}

/** As {@link migrate}, inside a transaction of the caller's, and up to this migration only.
 *  @throws when a migration fails; the transaction can only be rolled back */
export async function migrateWithin(client: ClientBase, to: string): Promise<void> {
  // The migrator takes and gives back connections: here they are all the caller's.
  const connection = { query: client.query.bind(client), release: () => undefined } as PostgresPoolClient
  const pool = { connect: () => Promise.resolve(connection), end: () => Promise.resolve() }
  const db = new Kysely<unknown>({ dialect: new PostgresDialect({ pool }) })
  const { error } = await new Migrator({ db, provider, disableTransactions: true }).migrateTo(to)
  if (error !== undefined) throw error
}
