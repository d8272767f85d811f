import type { ClientBase } from 'pg'

export interface Table {
  readonly name: string
  readonly columns: readonly string[]
}

/** Every table of ours with its columns, asked of the database: none can be forgotten. */
export async function tablesOf(client: ClientBase): Promise<Table[]> {
  const { rows } = await client.query<Table>(
    `SELECT table_name AS name, array_agg(column_name::text ORDER BY ordinal_position) AS columns
      FROM information_schema.tables JOIN information_schema.columns USING (table_schema, table_name)
      WHERE table_schema = current_schema() AND table_type = 'BASE TABLE' AND table_name NOT LIKE 'kysely%'
      GROUP BY table_name ORDER BY table_name`,
  )
  return rows
}

/** The last migration that was run here; undefined in a database that is not ours. */
export async function schemaOf(client: ClientBase): Promise<string | undefined> {
  const { rows: found } = await client.query<{ is: boolean }>(
    `SELECT to_regclass('kysely_migration') IS NOT NULL AS is`,
  )
  if (!found[0]?.is) return undefined
  const { rows } = await client.query<{ name: string | null }>(
    'SELECT max(name) AS name FROM kysely_migration',
  )
  return rows[0]?.name ?? undefined
}
