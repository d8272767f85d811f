import vm from 'node:vm'
import { clockAhead } from '../phone'

/** What V8 gives every context and a phone may not have: Intl and the newest built-ins are missing
 *  on iOS 14 and older Androids. Web globals need no list, a bare context has none of them. */
const removeWhatPhonesLack = `
  for (const name of ['Intl', 'WebAssembly', 'SharedArrayBuffer', 'Atomics', 'FinalizationRegistry', 'WeakRef', 'Iterator'])
    delete globalThis[name]
  for (const name of ['at', 'findLast', 'findLastIndex', 'toReversed', 'toSorted', 'toSpliced', 'with'])
    delete Array.prototype[name]
  for (const name of ['hasOwn', 'groupBy']) delete Object[name]
  delete String.prototype.at
  delete Array.fromAsync
  delete Promise.withResolvers
  delete Map.groupBy
`

interface Intrinsics {
  Object: ObjectConstructor
  Error: ErrorConstructor
  Promise: PromiseConstructor
  JSON: JSON
  ArrayBuffer: ArrayBufferConstructor
}

/** One run of the app's JavaScript: a context with no web globals and no `new Function`, its
 *  timers, and a record of everything the app threw. */
export class Realm {
  readonly context = vm.createContext({}, { codeGeneration: { strings: false, wasm: false } })
  /** The context's own constructors: what we hand to the app must pass its `instanceof`. */
  readonly intrinsics: Intrinsics
  /** What WeChat would have written red into its log. Every step of a test fails on the first. */
  readonly faults: string[] = []
  onFault: (message: string) => void = () => {}
  private readonly timers = new Set<NodeJS.Timeout>()
  private ended = false

  constructor(clockAheadMs = 0) {
    if (clockAheadMs) this.evaluate(clockAhead(clockAheadMs), 'phone.js')
    this.evaluate(removeWhatPhonesLack, 'phone.js')
    this.intrinsics = this.evaluate(
      '({ Object, Error, Promise, JSON, ArrayBuffer })',
      'phone.js',
    ) as Intrinsics
    this.define({
      setTimeout: (work: () => void, ms?: number) => this.later(work, ms),
      setInterval: (work: () => void, ms?: number) => this.every(work, ms),
      clearTimeout: (timer?: NodeJS.Timeout) => this.cancel(timer),
      clearInterval: (timer?: NodeJS.Timeout) => this.cancel(timer),
      console: Object.fromEntries(
        ['log', 'info', 'warn', 'error', 'debug', 'group', 'groupEnd'].map((name) => [name, () => {}]),
      ),
    })
  }

  define(globals: Record<string, unknown>): void {
    Object.assign(this.context, globals)
  }

  evaluate(code: string, filename: string): unknown {
    return vm.runInContext(code, this.context, { filename })
  }

  /** A copy made of the context's own objects. */
  copy<T>(value: T): T {
    return value === undefined ? value : (this.intrinsics.JSON.parse(JSON.stringify(value)) as T)
  }

  /** The same entries in an object of the context. */
  object<T extends object>(entries: T): T {
    return this.intrinsics.Object.assign(new this.intrinsics.Object(), entries) as T
  }

  /** Runs the app's code; what it throws becomes a fault, and the phone goes on. */
  enter<T>(where: string, work: () => T): T | undefined {
    if (this.ended) return undefined
    try {
      return work()
    } catch (thrown) {
      this.fault(`${where}: ${describe(thrown)}`)
      return undefined
    }
  }

  fault(message: string): void {
    this.faults.push(message)
    this.onFault(message)
  }

  later(work: () => void, ms = 0): NodeJS.Timeout {
    const timer = setTimeout(() => {
      this.timers.delete(timer)
      this.enter('in a timer', work)
    }, ms)
    this.timers.add(timer)
    return timer
  }

  /** The system ends the app: nothing of it runs any more. */
  end(): void {
    this.ended = true
    for (const timer of this.timers) clearTimeout(timer)
    this.timers.clear()
  }

  private every(work: () => void, ms = 0): NodeJS.Timeout {
    const timer = setInterval(() => this.enter('in a timer', work), ms)
    this.timers.add(timer)
    return timer
  }

  private cancel(timer?: NodeJS.Timeout): void {
    if (!timer) return
    clearTimeout(timer)
    this.timers.delete(timer)
  }
}

/** Errors of the context are not instances of our Error. */
function describe(thrown: unknown): string {
  const stack = (thrown as { stack?: unknown } | null)?.stack
  return typeof stack === 'string'
    ? stack.split('\n').slice(0, 4).join('\n')
    : (JSON.stringify(thrown) ?? String(thrown))
}
