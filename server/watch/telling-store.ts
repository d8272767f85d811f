import type { Scope } from '#domain/scopes'
import type { SyncStore } from '../sync/store'

/** The same store, which tells after each commit what scopes it wrote to. */
export const tellingStore = (
  store: SyncStore,
  onWritten: (scopes: ReadonlySet<Scope>) => void,
): SyncStore => ({
  ...store,
  async transaction(work) {
    const written = new Set<Scope>()
    const result = await store.transaction((transaction) =>
      work({
        ...transaction,
        writeRecords(changes) {
          for (const { scope } of changes) written.add(scope)
          return transaction.writeRecords(changes)
        },
      }),
    )
    onWritten(written)
    return result
  },
})
