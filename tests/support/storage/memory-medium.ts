import { type KeyValueStore, StorageBroken, StorageFull } from '#sync/key-value-store'
import { Replica } from '#sync/replica'
import { canHappenAnywhere, type Medium } from './medium'
import { carryOut, type Run } from './run'

/** The interface itself over a map. `wrapped` stands between it and the app: a test puts a lie there. */
export function memoryMedium(wrapped = (store: KeyValueStore) => store): Medium {
  const disk = new Map<string, string>()
  return {
    name: 'memory',
    canHappen: (fault, call) => fault !== 'full at the request' && canHappenAnywhere(fault, call),
    async load(entries) {
      disk.clear()
      for (const [key, value] of entries) disk.set(key, value)
    },
    entries: async () => new Map(disk),
    start: (run, options) => Replica.open({ ...options, store: wrapped(storeOn(disk, run)) }),
  }
}

function storeOn(disk: Map<string, string>, run: Run): KeyValueStore {
  const full = () => {
    throw new StorageFull('full')
  }
  const broken = () => {
    throw new StorageBroken('EIO')
  }
  return {
    get: async (key) => {
      const whole = () => disk.get(key)
      return carryOut(run, 'get', key, { whole, half: whole, full, broken })
    },
    set: async (key, value) => {
      const whole = () => void disk.set(key, value)
      const half = () => disk.set(key, value.slice(0, value.length / 2))
      carryOut(run, 'set', key, { whole, half, full, broken })
    },
    delete: async (key) => {
      const whole = () => void disk.delete(key)
      carryOut(run, 'delete', key, { whole, half: whole, full, broken })
    },
    keys: async (prefix) => {
      const whole = () => [...disk.keys()].filter((key) => key.startsWith(prefix))
      return carryOut(run, 'keys', prefix, { whole, half: whole, full, broken })
    },
  }
}
