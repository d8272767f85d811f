import type { KeyValueStore } from '#sync/key-value-store'
import { keepsTheKeyValueContract } from '../support/key-value-contract'
import { runBundled } from '../support/weapp/bundled'
import { Realm } from '../support/weapp/realm'
import { storageApi } from '../support/weapp/wx-storage'

/** A handset's storage, and the app's own adapter run on it in a realm without web globals. */
function phoneStorage(storage = new Map<string, string>()) {
  const realm = new Realm()
  const limits = { storageFull: false }
  const api = storageApi(realm, { storage, limits } as Parameters<typeof storageApi>[1]) // it asks for no more
  const wx = realm.object({ ...api })
  realm.define({ wx })
  const { wxStorage } = runBundled<{ wxStorage: KeyValueStore }>(realm, 'src/platform/wx-storage.ts')
  return { store: wxStorage, storage, limits, realm, api, wx }
}

describe('the storage of a mini-program', () => {
  keepsTheKeyValueContract(async () => {
    const { store, storage, limits, realm, api, wx } = phoneStorage()
    return {
      store,
      reopened: async () => phoneStorage(storage).store,
      fill() {
        limits.storageFull = true
      },
      breakDown() {
        for (const name of Object.keys(api)) {
          wx[name] = () => {
            throw new realm.intrinsics.Error(`${name}:fail parameter error`)
          }
        }
      },
      mend() {
        Object.assign(wx, api)
      },
    }
  })

  test('a key of 1 MB is too large: that is a full phone, not a broken one', async () => {
    const { store } = phoneStorage()
    await store.set('key', 'old')
    await expect(store.set('key', 'x'.repeat(1024 * 1024))).rejects.toMatchObject({ name: 'StorageFull' })
    expect(await store.get('key')).toBe('old')
    await store.set('key', 'x'.repeat(1024 * 1024 - 100))
    expect((await store.get('key'))?.length).toBe(1024 * 1024 - 100)
  })

  test('10 MB in all, and room again after deleting', async () => {
    const { store } = phoneStorage()
    const page = 'x'.repeat(1_000_000)
    for (let index = 0; index < 10; index++) await store.set(`p/${index}`, page)
    await expect(store.set('p/10', page)).rejects.toMatchObject({ name: 'StorageFull' })
    expect(await store.keys('p/')).toHaveLength(10)
    await store.delete('p/0')
    await store.set('p/10', page)
  })

  test.each([
    'setStorageSync:fail exceed storage max size 10Mb',
    'setStorage:fail entry size limit reached',
    'setStorageSync:fail:write storage fail: database or disk is full',
  ])('WeChat’s «%s» is a full phone', async (words) => {
    const { store, wx, realm } = phoneStorage()
    wx.setStorageSync = () => {
      throw new realm.intrinsics.Error(words)
    }
    await expect(store.set('key', 'value')).rejects.toMatchObject({ name: 'StorageFull' })
  })

  test('an error that is no Error is read as well: some phones throw {errMsg}', async () => {
    const { store, wx } = phoneStorage()
    wx.setStorageSync = () => {
      throw { errMsg: 'setStorageSync:fail exceed max size' }
    }
    await expect(store.set('key', 'value')).rejects.toMatchObject({ name: 'StorageFull' })
    wx.getStorageSync = () => {
      throw { errMsg: 'getStorageSync:fail' }
    }
    await expect(store.get('key')).rejects.toMatchObject({ name: 'StorageBroken' })
  })
})
