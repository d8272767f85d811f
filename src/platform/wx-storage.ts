import Taro from '@tarojs/taro'
import { type KeyValueStore, StorageBroken, StorageFull } from '#sync/key-value-store'

/** The mini-program's own storage: 1 MB a key, 10 MB in all. The synchronous calls are used: they
 *  return when the value is kept, and on old phones a Promise would wait for a timer. */
export const wxStorage: KeyValueStore = {
  async get(key) {
    const value: unknown = guarded(() => Taro.getStorageSync(key))
    return typeof value === 'string' && value !== '' ? value : undefined // '' is wx for "none"
  },
  async set(key, value) {
    guarded(() => Taro.setStorageSync(key, value))
  },
  async delete(key) {
    guarded(() => Taro.removeStorageSync(key))
  },
  async keys(prefix) {
    return guarded(() => Taro.getStorageInfoSync().keys).filter((key) => key.startsWith(prefix))
  },
}

function guarded<T>(work: () => T): T {
  try {
    return work()
  } catch (error) {
    const words = error instanceof Error ? error.message : JSON.stringify(error)
    if (/exceed|quota|limit|full/i.test(words)) throw new StorageFull(words)
    throw new StorageBroken(words)
  }
}
