import { type KeyValueStore, StorageBroken, StorageFull } from '#sync/key-value-store'

/** What storage does at one of its calls; `none` is that it works. */
export type DiskFault =
  | 'none'
  | 'kill-before'
  | 'kill-torn'
  | 'kill-after'
  | 'full'
  | 'broken'
  /** It says that it failed, and has done it, or half of it. */
  | 'broken-after'
  | 'broken-torn'

export interface Mounting {
  readonly fault: (call: string) => DiskFault
  readonly kill: () => void
  /** Where it is slow: before each call. */
  readonly pause?: (() => Promise<void>) | undefined
}

/** A phone's storage. It outlives the app; what one run of the app sees of it is {@link Disk.mount}. */
export class Disk {
  readonly entries = new Map<string, string>()

  /** For one run of the app. `fault` is asked at every call; `kill` ends that run, and the call never
   *  returns to it. */
  mount({ fault, kill, pause }: Mounting): KeyValueStore {
    const { entries } = this
    const never = () => new Promise<never>(() => undefined)
    const at = async (call: string, doIt: () => void, tear: () => void): Promise<void> => {
      await pause?.()
      const what = fault(call)
      if (what === 'full' && call === 'set') throw new StorageFull('full')
      if (what === 'broken') throw new StorageBroken('input/output error')
      if (what.endsWith('-torn')) tear()
      else if (what !== 'kill-before') doIt()
      if (what.startsWith('broken')) throw new StorageBroken('input/output error')
      if (!what.startsWith('kill')) return
      kill()
      await never()
    }
    const nothing = () => undefined
    return {
      async get(key) {
        await at('get', nothing, nothing)
        return entries.get(key)
      },
      set: (key, value) =>
        at(
          'set',
          () => void entries.set(key, value),
          () => void entries.set(key, value.slice(0, value.length >> 1)),
        ),
      delete: (key) => at('delete', () => void entries.delete(key), nothing),
      async keys(prefix) {
        await at('keys', nothing, nothing)
        return [...entries.keys()].filter((key) => key.startsWith(prefix))
      },
    }
  }

  /** One letter of an entry is another one now. */
  rot(key: string): void {
    const value = this.entries.get(key)
    if (value === undefined) return
    const at = value.length >> 1
    this.entries.set(key, value.slice(0, at) + (value[at] === '7' ? '1' : '7') + value.slice(at + 1))
  }
}
