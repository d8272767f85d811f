import { del, get, keys, promisifyRequest, set, type UseStore } from 'idb-keyval'
import { type KeyValueStore, StorageBroken, StorageFull } from '#sync/key-value-store'

/** The browser's storage. A write is waited for until the browser says it is on the disk ('strict'):
 *  its default may still lose it with the power. */
export function indexedDbStorage(name: string): KeyValueStore {
  let opened: Promise<IDBDatabase> | undefined
  const open = () => {
    opened ??= new Promise<IDBDatabase>((resolve, reject) => {
      const request = indexedDB.open(name)
      request.onupgradeneeded = () => request.result.createObjectStore('entries')
      promisifyRequest(request).then(resolve, reject)
    }).catch((error) => {
      opened = undefined // the next call tries again
      throw error
    })
    return opened
  }
  const begin = (database: IDBDatabase, mode: IDBTransactionMode) =>
    database.transaction('entries', mode, { durability: 'strict' })
  const store: UseStore = async (mode, work) => {
    let transaction: IDBTransaction
    try {
      transaction = begin(await open(), mode)
    } catch {
      // Safari drops the connection of a page that slept, and may not say so: another one is opened.
      opened = undefined
      transaction = begin(await open(), mode)
    }
    // While a failed request tells its transaction, that one has no error yet, and a full disk would
    // pass for a broken one.
    let ofRequest: DOMException | null = null
    transaction.addEventListener('error', (event) => {
      ofRequest = (event.target as IDBRequest).error // only requests tell their transaction so
    })
    try {
      return await work(transaction.objectStore('entries'))
    } catch (error) {
      throw error ?? ofRequest
    }
  }
  return {
    async get(key) {
      const value = await guarded(() => get<unknown>(key, store))
      return typeof value === 'string' ? value : undefined
    },
    set: (key, value) => guarded(() => set(key, value, store)),
    delete: (key) => guarded(() => del(key, store)),
    async keys(prefix) {
      const all = await guarded(() => keys<string>(store))
      return all.filter((key) => key.startsWith(prefix))
    },
  }
}

async function guarded<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work()
  } catch (error) {
    const name = error instanceof Error ? error.name : ''
    if (name === 'QuotaExceededError') throw new StorageFull('the browser has no room left')
    throw new StorageBroken(name === '' ? String(error) : name)
  }
}
