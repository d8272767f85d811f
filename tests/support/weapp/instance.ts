import type { Realm } from './realm'

/** What the app hands to App, Page or Component. */
export type Config = Record<string, unknown>

/** What `this` is in a page or a component. */
export interface Instance extends Record<string, unknown> {
  /** The file that defines it, without its ending. */
  readonly is: string
  data: Record<string, unknown>
}

/** What crossed from the logic layer to the view: the dear thing on a phone. */
export interface SetDataCount {
  calls: number
  bytes: number
}

export function instantiate(
  config: Config,
  is: string,
  realm: Realm,
  count: SetDataCount,
  changed: (change: Config) => void,
): Instance {
  const instance: Instance = {
    ...config,
    ...(config.methods as Config),
    is,
    data: realm.copy(initialData(config)),
  }
  instance.setData = (change: Record<string, unknown>, done?: () => void) => {
    const text = JSON.stringify(change)
    count.calls += 1
    count.bytes += Buffer.byteLength(text)
    for (const [at, value] of Object.entries(realm.copy(change)))
      instance.data = withValue(instance.data, steps(at), value)
    changed(change)
    if (done) realm.later(() => done.call(instance))
  }
  return instance
}

export function call(instance: Config, name: string, argument?: unknown): unknown {
  const method = instance[name]
  return typeof method === 'function' ? method.call(instance, argument) : undefined
}

function initialData(config: Config): Record<string, unknown> {
  const properties = Object.entries((config.properties ?? {}) as Record<string, { value?: unknown }>)
  return {
    ...Object.fromEntries(properties.map(([name, { value }]) => [name, value])),
    ...(config.data as object),
  }
}

/** `root.cn.[0].v` and `root.cn[0].v` are the same place. */
const steps = (at: string): string[] => at.split(/[.[\]]+/).filter(Boolean)

/** Copies what lies on the way, so that what changed can be told by identity. */
function withValue<T>(whole: T, [step, ...rest]: string[], value: unknown): T {
  if (step === undefined) return value as T
  const copy = (Array.isArray(whole) ? [...whole] : { ...whole }) as Record<string, unknown>
  copy[step] = withValue(copy[step] ?? (/^\d+$/.test(rest[0] ?? '') ? [] : {}), rest, value)
  return copy as T
}
