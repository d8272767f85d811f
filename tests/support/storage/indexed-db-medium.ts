import { indexedDbStorage } from '#platform/indexed-db-storage'
import { Replica } from '#sync/replica'
import { canHappenAnywhere, type Medium } from './medium'
import type { Run, StorageCall } from './run'

/** What fake-indexeddb's transactions can do beyond the standard: fail as a browser's would. */
interface FakeTransaction extends IDBTransaction {
  /** Rolls back; `error` gets this name. */
  _abort(errorName: string): void
  _execRequestAsync(task: { source: IDBObjectStore; operation: () => never }): IDBRequest
}
type Method = (this: IDBObjectStore, ...given: unknown[]) => IDBRequest

const calls = { get: 'get', put: 'set', delete: 'delete', getAllKeys: 'keys' } as const
const name = 'morning-study'

/** The browser's storage: the adapter over fake-indexeddb. A transaction is done or not done, so
 *  `torn` here is a write that was carried out in a transaction whose process dies before it is
 *  complete: it is rolled back. A killed app comes back with a new connection. `full` is told when
 *  the transaction ends, as Chromium does, or by the request, as Firefox and Safari may. */
export async function indexedDbMedium(): Promise<Medium> {
  // Node's own is not an Error of jest's sandbox, as a browser's is.
  globalThis.DOMException = class extends Error {
    constructor(message?: string, name?: string) {
      super(message)
      this.name = name ?? 'Error'
    }
  } as unknown as typeof DOMException // without the old constants
  const { IDBFactory, IDBObjectStore } = await import('fake-indexeddb')

  const runs = new WeakMap<IDBDatabase, Run>()
  for (const [method, call] of Object.entries(calls)) {
    const own = Reflect.get(IDBObjectStore.prototype, method) as Method
    const faulty: Method = function (...given) {
      const run = runs.get(this.transaction.db)
      const begin = () => own.apply(this, given)
      return run === undefined ? begin() : carriedOut(this, run, call, String(given.at(-1) ?? ''), begin)
    }
    Reflect.set(IDBObjectStore.prototype, method, faulty)
  }

  let disk = new IDBFactory()
  /** A connection past the adapter. */
  const connected = async () => {
    const request = disk.open(name)
    request.onupgradeneeded = () => request.result.createObjectStore('entries')
    await settled(request)
    return request.result
  }
  return {
    name: 'IndexedDB',
    canHappen: (fault, call) => fault !== 'fails half done' && canHappenAnywhere(fault, call),
    async load(entries) {
      disk = new IDBFactory()
      const database = await connected()
      const transaction = database.transaction('entries', 'readwrite')
      const store = transaction.objectStore('entries')
      for (const [key, value] of entries) store.put(value, key)
      await settled(transaction)
      database.close()
    },
    async entries() {
      const database = await connected()
      const store = database.transaction('entries').objectStore('entries')
      const [keys, values] = await Promise.all([settled(store.getAllKeys()), settled(store.getAll())])
      database.close()
      return new Map(keys.map((key, index) => [String(key), String(values[index])]))
    },
    start(run, options) {
      const own = disk
      globalThis.indexedDB = Object.assign(Object.create(own) as IDBFactory, {
        open(opened: string) {
          const request = own.open(opened)
          request.addEventListener('success', () => runs.set(request.result, run))
          return request
        },
      })
      return Replica.open({ ...options, store: indexedDbStorage(name) })
    },
  }
}

/** A request, as the run wants it to go. What an ended process still asks for is never begun. */
function carriedOut(
  store: IDBObjectStore,
  run: Run,
  call: StorageCall,
  key: string,
  begin: () => IDBRequest,
): IDBRequest {
  const transaction = store.transaction as FakeTransaction // the only kind there is here
  const failing = (errorName: string) =>
    transaction._execRequestAsync({
      source: store,
      operation() {
        throw new DOMException('', errorName)
      },
    })
  const verdict = run.verdict(call, key)
  switch (verdict) {
    case 'passes':
      return begin()
    case 'fails':
    case 'fails until restart':
      return failing('UnknownError')
    case 'full at the request':
      return failing('QuotaExceededError')
    case 'full':
    case 'full from here on': {
      const request = begin()
      request.addEventListener('success', () => transaction._abort('QuotaExceededError'))
      return request
    }
    case 'torn': {
      const request = begin()
      request.addEventListener('success', () => {
        run.die()
        transaction.abort()
      })
      return request
    }
    case 'killed after': {
      const request = begin()
      const isWrite = transaction.mode === 'readwrite'
      if (isWrite) transaction.addEventListener('complete', () => run.die())
      else request.addEventListener('success', () => run.die())
      return request
    }
    default:
      run.die()
      throw new DOMException('the app has ended', 'AbortError')
  }
}

function settled<T>(request: IDBRequest<T>): Promise<T>
function settled(transaction: IDBTransaction): Promise<void>
function settled(work: IDBTransaction | IDBRequest): Promise<unknown> {
  return new Promise((resolve, reject) => {
    work.addEventListener('complete', () => resolve(undefined))
    work.addEventListener('success', () => resolve((work as IDBRequest).result)) // only a request succeeds
    for (const trouble of ['error', 'abort']) work.addEventListener(trouble, () => reject(work.error))
  })
}
