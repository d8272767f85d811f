import type { BranchId } from '#domain/ids'
import type { Change } from '#domain/records'
import { reviewScope } from '#domain/scopes'
import { type Database, inTransaction } from '#server/storage/database'
import { lockScopes, writeChanges } from '#server/storage/rows'

/** Writes records of a branch while a server is at work there: behind the same lock as its rules and jobs,
 *  or the two would wait for each other. */
export const writePast = (
  database: Database,
  branchId: BranchId,
  changes: readonly Change[],
): Promise<void> =>
  inTransaction(database, async (client) => {
    await lockScopes(client, [reviewScope(branchId)])
    await writeChanges(client, changes)
  })
