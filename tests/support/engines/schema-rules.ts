import type { Schema, Table } from './schema'
import { citus, cockroach, gauss, type Rule, yugabyte } from './sources'

const beginsWithScope = ({ keys }: { readonly keys: readonly string[] }) => keys[0] === 'scope'
const tablesWhere = (schema: Schema, isBroken: (table: Table) => boolean) =>
  schema.tables.filter(isBroken).map(({ name }) => name)

const migrator = "the migrator's own, a few rows: kept on one machine or copied to all"

export const schemaRules: readonly Rule<Schema>[] = [
  {
    name: "a table's primary key begins with the scope",
    why: 'what distributes the rows is part of every key, and its first column',
    sources: [
      citus('develop/reference_ddl.rst'),
      yugabyte('preview/explore/ysql-language-features/indexes-constraints/primary-key-ysql/'),
      gauss('intl/en-us/usermanual-ugo/ugo_conv_01_0024.html'),
    ],
    broken: (schema) =>
      tablesWhere(schema, ({ indexes }) => !indexes.some((each) => each.isPrimary && beginsWithScope(each))),
    exceptions: { kysely_migration: migrator, kysely_migration_lock: migrator },
  },
  {
    name: 'a unique index includes the scope',
    why: 'each machine can only see that what it has itself is there once',
    sources: [citus('reference/common_errors.rst'), gauss('intl/en-us/usermanual-ugo/ugo_conv_01_0024.html')],
    broken: ({ tables }) =>
      tables.flatMap(({ indexes }) =>
        indexes
          .filter(({ isUnique, isPrimary, keys }) => isUnique && !isPrimary && !keys.includes('scope'))
          .map(({ name }) => name),
      ),
    exceptions: {
      wechat_accounts_of:
        'one account for each person. An engine needs the account in a row of the person’s own scope, or both under one leading column',
    },
  },
  {
    name: 'an index begins with the scope',
    why: 'any other lies on other machines than its rows, and each write goes to both',
    sources: [
      yugabyte('stable/explore/ysql-language-features/indexes-constraints/secondary-indexes-ysql.md'),
    ],
    broken: ({ tables }) =>
      tables.flatMap(({ indexes }) =>
        indexes.filter((each) => !each.isPrimary && !beginsWithScope(each)).map(({ name }) => name),
      ),
    exceptions: {
      exports_waiting: 'files that are asked for, by when: written when somebody wants one',
      rows_due: 'open registers by their end, for the job that closes them: written when a week is planned',
      rows_starting:
        'what begins soon, for the job that reminds of it: written when a week or a meeting is planned',
      invitations_of: 'an invitation by its person: written when a secretary issues one',
      wechat_accounts_of: 'as above: written when an account is bound',
    },
  },
  {
    name: 'no default is drawn from a sequence, a clock or chance',
    why: 'a number drawn before the commit skips rows for readers (decision 0002), and each engine draws differently',
    sources: [
      citus('develop/reference_workarounds.rst'),
      cockroach('https://cockroachlabs.com/docs/stable/serial'),
    ],
    broken: (schema) =>
      tablesWhere(schema, ({ defaults }) =>
        Object.values(defaults).some((value) => !/^('[^']*'|-?\d+|true|false)(::\w+)?$/.test(value)),
      ),
    exceptions: {},
  },
  {
    name: 'no foreign key, trigger, rule or sequence',
    why: 'each of them reaches over machines, or is refused',
    sources: [
      citus('develop/reference_workarounds.rst'),
      cockroach('https://www.cockroachlabs.com/docs/v26.3/postgresql-compatibility'),
      gauss('intl/es-us/sqlreference-dws/dws_06_0237.html'),
    ],
    broken: ({ attachments }) => [...attachments],
    exceptions: {},
  },
]
