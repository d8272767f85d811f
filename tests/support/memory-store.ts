import { type KeyValueStore, StorageBroken, StorageFull } from '#sync/key-value-store'

export interface MemoryStore extends KeyValueStore {
  readonly entries: Map<string, string>
  /** In characters; undefined = without end. */
  room: number | undefined
  /** Called before each call; may throw, or return 'torn' to keep half of a written value and fail. */
  fault: ((call: 'get' | 'set' | 'delete' | 'keys', key: string) => 'torn' | undefined) | undefined
}

/** A phone's storage in memory, which can be full, fail, or tear a write. */
export function memoryKeyValueStore(entries = new Map<string, string>()): MemoryStore {
  const used = () => [...entries].reduce((sum, [key, value]) => sum + key.length + value.length, 0)
  const store: MemoryStore = {
    entries,
    room: undefined,
    fault: undefined,
    async get(key) {
      store.fault?.('get', key)
      return entries.get(key)
    },
    async set(key, value) {
      if (store.fault?.('set', key) === 'torn') {
        entries.set(key, value.slice(0, value.length / 2))
        throw new StorageBroken('torn')
      }
      const grows =
        value.length + key.length - (entries.has(key) ? (entries.get(key)?.length ?? 0) + key.length : 0)
      if (store.room !== undefined && used() + grows > store.room) throw new StorageFull('full')
      entries.set(key, value)
    },
    async delete(key) {
      store.fault?.('delete', key)
      entries.delete(key)
    },
    async keys(prefix) {
      store.fault?.('keys', prefix)
      return [...entries.keys()].filter((key) => key.startsWith(prefix))
    },
  }
  return store
}
