import { runBundled } from '../weapp/bundled'
import { Realm } from '../weapp/realm'
import type * as app from '../weapp/stored-app'
import { storageApi } from '../weapp/wx-storage'
import { canHappenAnywhere, type Medium } from './medium'
import { carryOut, Run, type StorageCall } from './run'

interface StorageApi {
  getStorageSync(key: string): unknown
  setStorageSync(key: string, value: unknown): void
  removeStorageSync(key: string): void
  getStorageInfoSync(): { keys: string[] }
}

/** The mini-program's storage: the adapter and the replica run in a realm without web globals, over
 *  the handset's stand-in. Faults are those of `wx.setStorageSync` and its siblings, in the words
 *  WeChat gives. */
export function weappMedium(): Medium {
  const realm = new Realm()
  const storage = new Map<string, string>()
  const limits = { storageFull: false }
  const handset = { storage, limits } as Parameters<typeof storageApi>[1] // it asks for no more
  const api = storageApi(realm, handset) as unknown as StorageApi // which these are among
  let current = new Run()

  function faulty<T>(name: string, call: StorageCall, key: string, whole: () => T, half: () => unknown): T {
    return carryOut(current, call, key, {
      whole,
      half,
      full() {
        limits.storageFull = true
        try {
          whole()
        } finally {
          limits.storageFull = false
        }
        throw new Error('the stand-in took what it has no room for')
      },
      broken() {
        throw new realm.intrinsics.Error(`${name}:fail:storage error`)
      },
    })
  }
  const wx: StorageApi = {
    getStorageSync(key) {
      const whole = () => api.getStorageSync(key)
      return faulty('getStorageSync', 'get', key, whole, whole)
    },
    setStorageSync(key, value) {
      const half = () => api.setStorageSync(key, String(value).slice(0, String(value).length / 2))
      faulty('setStorageSync', 'set', key, () => api.setStorageSync(key, value), half)
    },
    removeStorageSync(key) {
      const whole = () => api.removeStorageSync(key)
      faulty('removeStorageSync', 'delete', key, whole, whole)
    },
    getStorageInfoSync() {
      const whole = () => api.getStorageInfoSync()
      return faulty('getStorageInfoSync', 'keys', '', whole, whole)
    },
  }
  realm.define({ wx: realm.object(wx) })
  const { Replica, wxStorage } = runBundled<typeof app>(realm, 'tests/support/weapp/stored-app.ts')

  return {
    name: 'weapp',
    canHappen: (fault, call) => fault !== 'full at the request' && canHappenAnywhere(fault, call),
    async load(entries) {
      storage.clear()
      for (const [key, value] of entries) api.setStorageSync(key, value)
    },
    entries: async () => new Map([...storage.keys()].map((key) => [key, String(api.getStorageSync(key))])),
    start(run, options) {
      current = run
      return Replica.open({ ...options, store: wxStorage })
    },
  }
}
