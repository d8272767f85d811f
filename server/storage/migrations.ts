import { type Kysely, Migrator, sql } from 'kysely'
import type { Database } from './database'

/** Forward only. A migration that has left this machine is never changed; the next one mends it. */
const migrations: Record<string, { up(query: Kysely<unknown>): Promise<void> }> = {
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
}

/** Brings the database up to this version. Several servers may start at once: one migrates, the
 *  others wait.
 *  @throws when a migration fails; nothing of it stays */
export async function migrate(database: Database): Promise<void> {
  const migrator = new Migrator({
    db: database.query,
    provider: { getMigrations: () => Promise.resolve(migrations) },
  })
  const { error } = await migrator.migrateToLatest()
  if (error !== undefined) throw error
}
