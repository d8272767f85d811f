import { StorageBroken } from '#sync/key-value-store'
import { keepsTheKeyValueContract } from '../support/key-value-contract'
import { memoryKeyValueStore } from '../support/memory-store'

describe('the storage in memory that other tests stand on', () => {
  keepsTheKeyValueContract(async () => {
    const store = memoryKeyValueStore()
    return {
      store,
      reopened: async () => memoryKeyValueStore(store.entries),
      fill() {
        store.room = 1
      },
      breakDown() {
        store.fault = () => {
          throw new StorageBroken('EIO')
        }
      },
      mend() {
        store.fault = undefined
      },
    }
  })
})
