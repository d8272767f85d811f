import type { Realm } from './realm'

export interface Callbacks {
  success?: (result: object) => void
  fail?: (result: { errMsg: string }) => void
  complete?: (result: object) => void
}

export type Api = Record<string, unknown>

/** WeChat's convention for an asynchronous call: it never answers at once, and answers through the
 *  callbacks, or by a promise when none is given. What `answer` throws becomes `name:fail why`. */
export function answering<O extends object>(
  realm: Realm,
  name: string,
  answer: (options: O) => object | undefined | Promise<object | undefined>,
): (options?: O & Callbacks) => unknown {
  return (options = {} as O & Callbacks) => {
    const settle = async (hear: Callbacks) => {
      await new Promise<void>((resume) => realm.later(resume))
      try {
        const result = realm.object({ ...(await answer(options)), errMsg: `${name}:ok` })
        realm.enter(`${name} success`, () => hear.success?.(result))
        realm.enter(`${name} complete`, () => hear.complete?.(result))
      } catch (refused) {
        const result = realm.object({ errMsg: `${name}:fail ${(refused as Error).message}`.trim() })
        realm.enter(`${name} fail`, () => hear.fail?.(result))
        realm.enter(`${name} complete`, () => hear.complete?.(result))
      }
    }
    if (options.success ?? options.fail ?? options.complete) return void settle(options)
    return new realm.intrinsics.Promise((success, fail) => void settle({ success, fail }))
  }
}

/** A pair of `onX` and `offX`; `tell` calls everyone who listens. */
export class Listeners<T> {
  private readonly heard = new Set<(news: T) => void>()

  constructor(private readonly realm: Realm) {}

  readonly on = (listener: (news: T) => void): void => {
    this.heard.add(listener)
  }

  readonly off = (listener?: (news: T) => void): void => {
    if (listener) this.heard.delete(listener)
    else this.heard.clear()
  }

  tell(news: T): void {
    for (const listener of [...this.heard]) this.realm.enter('in a listener', () => listener(news))
  }
}
