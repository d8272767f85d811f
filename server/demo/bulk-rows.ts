import type { PoolClient } from 'pg'
import type { Change } from '#domain/records'

const perStatement = 4_000

/** A record and everywhere it is kept: a line of a register is the member's and the branch's. */
type Parcel = [type: string, value: Change['value'], ...places: (string | number)[]]

/** Writes very many new records into an empty table, and numbers them as `writeChanges` does. */
export class BulkRows {
  private readonly heads = new Map<string, number>()

  private constructor(
    private readonly client: PoolClient,
    private readonly indexes: readonly string[],
  ) {}

  /** The indexes go, and come back when everything is there: sorted once, they cost a third. */
  static async begin(client: PoolClient): Promise<BulkRows> {
    const constraints = await client.query<{ name: string; definition: string }>(
      `SELECT quote_ident(conname) AS name, pg_get_constraintdef(oid) AS definition
        FROM pg_constraint WHERE conrelid = 'rows'::regclass AND contype = 'p'`,
    )
    const others = await client.query<{ name: string; definition: string }>(
      `SELECT quote_ident(relname) AS name, pg_get_indexdef(indexrelid) AS definition
        FROM pg_index JOIN pg_class ON pg_class.oid = indexrelid
        WHERE indrelid = 'rows'::regclass AND NOT indisprimary`,
    )
    for (const { name } of constraints.rows) await client.query(`ALTER TABLE rows DROP CONSTRAINT ${name}`)
    for (const { name } of others.rows) await client.query(`DROP INDEX ${name}`)
    return new BulkRows(client, [
      ...constraints.rows.map(
        ({ name, definition }) => `ALTER TABLE rows ADD CONSTRAINT ${name} ${definition}`,
      ),
      ...others.rows.map(({ definition }) => definition),
    ])
  }

  async write(changes: readonly Change[]): Promise<void> {
    const parcels = new Map<Change['value'], Parcel>()
    for (const { scope, type, key, value } of changes) {
      const parcel = parcels.get(value) ?? [type, value]
      parcel.push(scope, key, this.next(scope))
      parcels.set(value, parcel)
    }
    const all = [...parcels.values()]
    for (let from = 0; from < all.length; from += perStatement) {
      // One JSON text is several times quicker to make and to read than arrays of texts.
      const parcelsText = JSON.stringify(all.slice(from, from + perStatement))
      await this.client.query({
        name: 'demo-rows',
        text: `INSERT INTO rows (scope, type, key, seq, value)
          SELECT parcel->>at, parcel->>0, parcel->>(at + 1), (parcel->>(at + 2))::bigint, parcel->1
          FROM jsonb_array_elements($1::jsonb) AS parcels(parcel),
            generate_series(2, jsonb_array_length(parcel) - 1, 3) AS at`,
        values: [parcelsText],
      })
    }
  }

  /** Says how far each scope has come: with this the rows can be read. */
  async finish(): Promise<void> {
    await this.client.query(
      'INSERT INTO scopes (scope, head) SELECT * FROM unnest($1::text[], $2::bigint[])',
      [[...this.heads.keys()], [...this.heads.values()]],
    )
    await this.client.query(`SET LOCAL maintenance_work_mem = '128MB'`)
    for (const index of this.indexes) await this.client.query(index)
  }

  private next(scope: string): number {
    const head = (this.heads.get(scope) ?? 0) + 1
    this.heads.set(scope, head)
    return head
  }
}
