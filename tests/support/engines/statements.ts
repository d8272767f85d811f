import type { Pool } from 'pg'
import * as v from 'valibot'

/** What somebody did when the statement was sent. */
export type Moment = string

export interface Statement {
  readonly moment: Moment
  /** Of statements with the same number one transaction is made; a statement alone is its own. */
  readonly transaction: number
  /** As the code calls it, or its text. */
  readonly name: string
  readonly text: string
  readonly values: readonly unknown[]
}

/** One with what PostgreSQL makes of it. */
export interface Planned extends Statement {
  readonly nodes: readonly PlanNode[]
  /** The whole plan: functions, and defaults that are worked out, have their names in it. */
  readonly planText: string
}

const planNodeSchema = v.looseObject({
  'Node Type': v.string(),
  'Relation Name': v.optional(v.string()),
  Alias: v.optional(v.string()),
  Operation: v.optional(v.string()),
  'Conflict Resolution': v.optional(v.string()),
  'Conflict Arbiter Indexes': v.optional(v.array(v.string())),
})
export type PlanNode = v.InferOutput<typeof planNodeSchema>

const askedSchema = v.union([
  v.string(),
  v.object({ name: v.optional(v.string()), text: v.string(), values: v.optional(v.array(v.unknown())) }),
])
const plansSchema = v.tuple([v.object({ 'QUERY PLAN': v.tuple([v.object({ Plan: v.unknown() })]) })])

/** Writes down every statement that goes over a pool, whoever sends it. */
export class Recorder {
  readonly statements: Statement[] = []
  private moment: Moment = 'start'
  private transactions = 0

  constructor(pool: Pool) {
    pool.on('connect', (client) => {
      const query = client.query
      let transaction: number | undefined
      const record = (asked: unknown, values: unknown) => {
        const parsed = v.parse(askedSchema, asked)
        const { name, text, values: own } = typeof parsed === 'string' ? { text: parsed } : parsed
        const word = text.trim().toLowerCase()
        if (word === 'begin') transaction = ++this.transactions
        else if (word === 'commit' || word === 'rollback') transaction = undefined
        else {
          this.statements.push({
            moment: this.moment,
            transaction: transaction ?? ++this.transactions,
            name: name ?? text,
            text,
            values: own ?? (Array.isArray(values) ? values : []),
          })
        }
      }
      client.query = function recorded(this: unknown, ...given: unknown[]) {
        record(given[0], given[1])
        return Reflect.apply(query, this, given)
      } as typeof query // in all its forms, handed on as they came
    })
  }

  /** What is sent meanwhile belongs to this moment. */
  async during<T>(moment: Moment, work: () => Promise<T>): Promise<T> {
    this.moment = moment
    try {
      return await work()
    } finally {
      this.moment = 'between'
    }
  }
}

/** Asks PostgreSQL how it would run it; nothing is run. What it cannot explain has no plan. */
export async function planned(pool: Pool, statement: Statement): Promise<Planned> {
  if (!/^\s*(select|insert|update|delete|with)\b/i.test(statement.text))
    return { ...statement, nodes: [], planText: '' }
  const { rows } = await pool.query(`EXPLAIN (VERBOSE, FORMAT JSON) ${statement.text}`, [...statement.values])
  const [{ 'QUERY PLAN': plans }] = v.parse(plansSchema, rows)
  const nodes: PlanNode[] = []
  const collect = (input: unknown) => {
    const node = v.parse(planNodeSchema, input)
    nodes.push(node)
    for (const below of v.parse(v.optional(v.array(v.unknown()), []), node.Plans)) collect(below)
  }
  collect(plans[0].Plan)
  return { ...statement, nodes, planText: JSON.stringify(plans) }
}
