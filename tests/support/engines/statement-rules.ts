import type { Schema } from './schema'
import { citus, cockroach, gauss, pgbouncer, type Rule, yugabyte } from './sources'
import type { Planned } from './statements'

export interface Hot {
  readonly schema: Schema
  readonly statements: readonly Planned[]
}

const namesWhere = ({ statements }: Hot, isBroken: (statement: Planned) => boolean) => [
  ...new Set(statements.filter(isBroken).map(({ name }) => name)),
]

/** Tables of ours that it reads or writes, by the names they go by in its plan. */
const aliasesOf = ({ nodes }: Planned) =>
  nodes.flatMap((node) =>
    node['Relation Name'] !== undefined && /Scan$/.test(node['Node Type'])
      ? [node.Alias ?? node['Relation Name']]
      : [],
  )
const isHeldToScope = ({ planText }: Planned, alias: string) =>
  new RegExp(`\\b${alias}\\.scope = |= \\(?${alias}\\.scope\\b`).test(planText)

const withoutSpace = (text: string) => text.replace(/\s+/g, ' ')
/** The columns that an UPDATE, or an upsert that meets a row, sets. */
const columnsSet = ({ text }: Planned) =>
  [...withoutSpace(text).matchAll(/\bSET (.*?)(?= FROM | WHERE | RETURNING |$)/gi)].flatMap(([, list = '']) =>
    [...list.matchAll(/(?:^|, ?)"?(\w+)"? =/g)].map(([, column = '']) => column),
  )
const upsertsOf = ({ nodes }: Planned) => nodes.filter((node) => node['Conflict Resolution'] !== undefined)

export const statementRules: readonly Rule<Hot>[] = [
  {
    name: 'a statement finds the rows of every table by their scope',
    why: 'only so it goes to one machine, or to those that have the scopes, and not to all',
    sources: [
      citus('develop/reference_workarounds.rst'),
      gauss('intl/en-us/distributed-devg-v3-gaussdb/gaussdb-15-0101.html'),
    ],
    broken: (hot) => namesWhere(hot, (each) => aliasesOf(each).some((alias) => !isHeldToScope(each, alias))),
    exceptions: {},
  },
  {
    name: 'rows are locked by their scope',
    why: 'FOR UPDATE is for rows on one machine; elsewhere it locks what it has read, however much that is',
    sources: [
      citus('develop/reference_workarounds.rst'),
      yugabyte('stable/explore/transactions/explicit-locking.md'),
      cockroach('https://www.cockroachlabs.com/docs/stable/select-for-update'),
    ],
    broken: (hot) =>
      namesWhere(
        hot,
        (each) =>
          each.nodes.some((node) => node['Node Type'] === 'LockRows') &&
          aliasesOf(each).some((alias) => !isHeldToScope(each, alias)),
      ),
    exceptions: {},
  },
  {
    name: 'an upsert meets rows by the primary key alone, of a table without another unique index',
    why: 'there the first index that is met decides, and it need not be the one named',
    sources: [gauss('intl/en-us/usermanual-gaussdb/gaussdb_01_329.html')],
    broken: (hot) =>
      namesWhere(hot, (each) =>
        upsertsOf(each).some((node) => {
          const table = hot.schema.tables.find(({ name }) => name === node['Relation Name'])
          const unique = table?.indexes.filter(({ isUnique }) => isUnique) ?? []
          const met = node['Conflict Arbiter Indexes'] ?? []
          return (
            unique.length !== 1 || met.length !== 1 || unique[0]?.name !== met[0] || !unique[0]?.isPrimary
          )
        }),
      ),
    exceptions: {},
  },
  {
    name: 'no column of a key is changed',
    why: 'a row whose key changes would have to move to another machine',
    sources: [
      { engine: 'Citus', page: 'https://github.com/citusdata/citus/issues/8087' },
      gauss('intl/en-us/usermanual-gaussdb/gaussdb_01_329.html'),
      gauss('intl/en-us/errorcode-dws/dws_08_0183.html'),
    ],
    broken: (hot) =>
      namesWhere(hot, (each) => {
        const written = each.nodes.find((node) => node['Node Type'] === 'ModifyTable')?.['Relation Name']
        const keys = hot.schema.tables
          .find(({ name }) => name === written)
          ?.indexes.flatMap((index) => (index.isUnique ? index.keys : []))
        return columnsSet(each).some((column) => keys?.includes(column))
      }),
    exceptions: {},
  },
  {
    name: 'no statement draws a number, a time or chance of the database',
    why: 'it would differ from machine to machine; ours are handed in',
    sources: [
      citus('develop/reference_workarounds.rst'),
      cockroach('https://cockroachlabs.com/docs/stable/serial'),
    ],
    broken: (hot) =>
      namesWhere(hot, ({ planText, text }) =>
        /\bnextval\(|\b(now|\w+_timestamp|random|gen_random_uuid|txid_current)\(\)|\b(current_(date|time)|localtime)/i.test(
          planText + text,
        ),
      ),
    exceptions: {},
  },
  {
    name: 'nothing hangs on the connection: no LISTEN, NOTIFY, advisory lock, SET or temporary table',
    why: 'a pooler hands the next transaction another connection, and engines lack one or the other',
    sources: [
      pgbouncer,
      yugabyte('stable/api/ysql/the-sql-language/statements/cmd_listen_notify/'),
      cockroach('https://github.com/cockroachdb/cockroach/issues/13546'),
    ],
    broken: (hot) =>
      namesWhere(
        hot,
        ({ text, planText }) =>
          /^\s*(listen|unlisten|notify|set|reset|lock|prepare|deallocate|create|discard|declare)\b/i.test(
            text,
          ) || /\b(pg_notify|pg_(try_)?advisory_\w+|set_config)\(/i.test(text + planText),
      ),
    exceptions: {},
  },
  {
    name: 'no array of JSON is handed in',
    why: 'CockroachDB keeps no such column; whether it takes such a parameter was not tried',
    sources: [cockroach('https://github.com/cockroachdb/cockroach/issues/23468')],
    broken: (hot) => namesWhere(hot, ({ text }) => /jsonb?\[\]/i.test(text)),
    exceptions: {},
  },
]
