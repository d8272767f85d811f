/** What {@link KeyValueStore} asks of the storage beneath it. */
export type StorageCall = 'get' | 'set' | 'delete' | 'keys'

/** What can become of a call to storage.
 *
 *  - `torn`: the process dies in the middle of a write and leaves half of the value
 *  - `full`: no room; nothing is written and the process lives on
 *  - `full at the request`: the same, told by the request before the transaction ends (IndexedDB)
 *  - `full from here on`: this write and every later one
 *  - `fails`: once, and nothing is done; the process lives on
 *  - `fails half done`: once, and half of it is on the disk
 *  - `fails until restart`: this call and every later one of this process */
export const faults = [
  'killed before',
  'torn',
  'killed after',
  'full',
  'full at the request',
  'full from here on',
  'fails',
  'fails half done',
  'fails until restart',
] as const
export type Fault = (typeof faults)[number]

export type Verdict = Fault | 'passes' | 'of an ended process'

/** One run of the app, from its start to its end: counts its calls to storage once `isWatched`, and
 *  says what becomes of each. */
export class Run {
  isWatched = false
  isDead = false
  /** `cramped`: none for any write until a copy that can be fetched again is deleted. */
  room: 'enough' | 'cramped' | 'none' = 'enough'
  /** Told of each call before it is made. */
  onCall: (call: StorageCall, key: string) => void = () => {}
  readonly calls: { readonly call: StorageCall; readonly key: string }[] = []

  constructor(private readonly planned?: { readonly nth: number; readonly fault: Fault }) {}

  /** The name of the error by which the app may tell of the fault. */
  get trouble(): string | undefined {
    if (this.planned === undefined) return undefined
    return this.planned.fault.startsWith('full') ? 'StorageFull' : 'StorageBroken'
  }

  /** Whether the planned fault has come to pass. */
  get isHit(): boolean {
    return this.planned !== undefined && this.calls.length >= this.planned.nth
  }

  verdict(call: StorageCall, key: string): Verdict {
    if (this.isDead) return 'of an ended process'
    this.onCall(call, key)
    if (this.isWatched) {
      this.calls.push({ call, key })
      const fault = this.isHit ? this.planned?.fault : undefined
      const isLasting = fault === 'fails until restart' || (fault === 'full from here on' && call === 'set')
      if (fault !== undefined && (isLasting || this.calls.length === this.planned?.nth)) return fault
    }
    if (call === 'delete' && key.includes('/c/') && this.room === 'cramped') this.room = 'enough'
    return call === 'set' && this.room !== 'enough' ? 'full' : 'passes'
  }

  die(): void {
    this.isDead = true
  }
}

/** The ways one call can go, for a medium that does it at once. */
export interface OneCall<T> {
  readonly whole: () => T
  /** Leaves what a process leaves that dies in the middle. */
  readonly half: () => unknown
  /** Throws as the medium does when it has no room. */
  readonly full: () => never
  /** Throws as the medium does when it fails. */
  readonly broken: () => never
}

/** Does it as the run wants it done. After its death a process may go on computing here, so each of
 *  its calls throws and has no effect. */
export function carryOut<T>(run: Run, call: StorageCall, key: string, ways: OneCall<T>): T {
  const verdict = run.verdict(call, key)
  switch (verdict) {
    case 'passes':
      return ways.whole()
    case 'full':
    case 'full at the request':
    case 'full from here on':
      return ways.full()
    case 'fails half done':
      ways.half()
      return ways.broken()
    case 'fails':
    case 'fails until restart':
      return ways.broken()
    case 'torn':
      ways.half()
      break
    case 'killed after':
      ways.whole()
  }
  run.die()
  return ways.broken()
}
