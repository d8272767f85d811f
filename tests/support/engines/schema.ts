import type { ClientBase, Pool } from 'pg'

export interface Index {
  readonly name: string
  /** Columns and expressions, in order. */
  readonly keys: readonly string[]
  readonly isPrimary: boolean
  readonly isUnique: boolean
}

export interface Table {
  readonly name: string
  readonly indexes: readonly Index[]
  /** Default expressions by column. */
  readonly defaults: Readonly<Record<string, string>>
}

export interface Schema {
  readonly tables: readonly Table[]
  /** `kind name` of what only a whole database could keep up: foreign keys, triggers, rules, sequences. */
  readonly attachments: readonly string[]
}

/** As PostgreSQL itself describes it. */
export async function schemaOf(client: ClientBase | Pool): Promise<Schema> {
  const { rows: tables } = await client.query<{ name: string }>(
    `SELECT relname AS name FROM pg_class
      WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace ORDER BY relname`,
  )
  const { rows: indexes } = await client.query<Index & { table: string }>(
    `SELECT owner.relname AS table, index.relname AS name, indisprimary AS "isPrimary", indisunique AS "isUnique",
        ARRAY(SELECT pg_get_indexdef(indexrelid, place, true) FROM generate_series(1, indnkeyatts) AS place) AS keys
      FROM pg_index JOIN pg_class AS index ON index.oid = indexrelid JOIN pg_class AS owner ON owner.oid = indrelid
      WHERE owner.relnamespace = 'public'::regnamespace ORDER BY index.relname`,
  )
  const { rows: defaults } = await client.query<{ table: string; column: string; value: string }>(
    `SELECT relname AS table, attname AS column, pg_get_expr(adbin, adrelid) AS value
      FROM pg_attrdef JOIN pg_class ON pg_class.oid = adrelid
        JOIN pg_attribute ON attrelid = adrelid AND attnum = adnum
      WHERE relnamespace = 'public'::regnamespace`,
  )
  const { rows: attachments } = await client.query<{ name: string }>(
    `SELECT 'foreign key ' || conname AS name FROM pg_constraint
        WHERE contype = 'f' AND connamespace = 'public'::regnamespace
      UNION ALL SELECT 'trigger ' || tgname FROM pg_trigger WHERE NOT tgisinternal
      UNION ALL SELECT 'rule ' || rulename FROM pg_rules WHERE schemaname = 'public'
      UNION ALL SELECT 'sequence ' || relname FROM pg_class
        WHERE relkind = 'S' AND relnamespace = 'public'::regnamespace`,
  )
  return {
    tables: tables.map(({ name }) => ({
      name,
      indexes: indexes.filter(({ table }) => table === name),
      defaults: Object.fromEntries(
        defaults.filter(({ table }) => table === name).map(({ column, value }) => [column, value]),
      ),
    })),
    attachments: attachments.map(({ name }) => name),
  }
}
