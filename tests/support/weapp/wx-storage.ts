import type { Handset } from './handset'
import type { Realm } from './realm'
import { type Api, answering } from './wx-call'

const maxEntry = 1024 * 1024
const maxTotal = 10 * 1024 * 1024

interface Entry {
  key: string
  data?: unknown
}

/** wx's storage over the handset's, which outlives the app. Values keep their type, so they are
 *  stored as JSON text. */
export function storageApi(realm: Realm, { storage, limits }: Handset): Api {
  const total = () => [...storage].reduce((sum, [key, text]) => sum + Buffer.byteLength(key + text), 0)

  const write = (key: string, data: unknown) => {
    const text = JSON.stringify({ data })
    const size = Buffer.byteLength(text)
    if (size > maxEntry) throw new Error('entry size limit reached')
    const freed = Buffer.byteLength(storage.get(key) ?? '')
    if (limits.storageFull || total() - freed + size > maxTotal)
      throw new Error('exceed storage max size 10Mb')
    storage.set(key, text)
  }
  const read = (key: string): unknown => {
    const text = storage.get(key)
    return text === undefined ? undefined : realm.copy(JSON.parse(text) as { data: unknown }).data
  }
  const info = () =>
    realm.copy({
      keys: [...storage.keys()],
      currentSize: Math.ceil(total() / 1024),
      limitSize: maxTotal / 1024,
    })

  /** The synchronous calls throw an error of the app's own realm. */
  const sync =
    <A extends unknown[], R>(name: string, work: (...given: A) => R) =>
    (...given: A): R => {
      try {
        return work(...given)
      } catch (refused) {
        throw new realm.intrinsics.Error(`${name}:fail ${(refused as Error).message}`)
      }
    }

  return {
    setStorageSync: sync('setStorageSync', write),
    getStorageSync: (key: string) => read(key) ?? '',
    removeStorageSync: (key: string) => void storage.delete(key),
    clearStorageSync: () => storage.clear(),
    getStorageInfoSync: info,
    setStorage: answering<Entry>(realm, 'setStorage', ({ key, data }) => void write(key, data)),
    getStorage: answering<Entry>(realm, 'getStorage', ({ key }) => {
      if (!storage.has(key)) throw new Error('data not found')
      return { data: read(key) }
    }),
    removeStorage: answering<Entry>(realm, 'removeStorage', ({ key }) => void storage.delete(key)),
    clearStorage: answering(realm, 'clearStorage', () => void storage.clear()),
    getStorageInfo: answering(realm, 'getStorageInfo', info),
  }
}
