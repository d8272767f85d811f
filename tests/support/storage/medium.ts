import type { Replica, ReplicaOptions } from '#sync/replica'
import type { Fault, Run, StorageCall } from './run'

export type AppOptions = Omit<ReplicaOptions, 'store'>

/** A phone's disk with the app's adapter on it. Faults strike beneath the adapter. */
export interface Medium {
  readonly name: string
  /** Whether this can become of such a call here. */
  canHappen(fault: Fault, call: StorageCall): boolean
  /** The disk holds this and nothing else. */
  load(entries: ReadonlyMap<string, string>): Promise<void>
  /** What is on the disk. */
  entries(): Promise<Map<string, string>>
  /** The app starts: its replica is opened over a fresh adapter.
   *  @throws what opening throws */
  start(run: Run, options: AppOptions): Promise<Replica>
}

/** Reading cannot be torn or find the disk full, and what deletes makes room. */
export const canHappenAnywhere = (fault: Fault, call: StorageCall): boolean => {
  if (fault === 'torn' || fault.startsWith('full')) return call === 'set'
  if (fault === 'fails half done') return call === 'set' || call === 'delete'
  return true
}
