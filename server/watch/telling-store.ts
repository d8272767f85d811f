import type { Scope } from '#domain/scopes'
import type { SyncStore } from '../sync/store'

/** The same store, which tells after each commit what scopes it wrote to. */
export const tellingStore = (
  store: SyncStore,
  onWritten: (scopes: ReadonlySet<Scope>) => void,
): SyncStore => ({
  ...store,
  async transaction(work) {
    const committed = await store.transaction(work)
    onWritten(new Set(committed.written.keys()))
    return committed
  },
})
