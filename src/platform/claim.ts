import type { PersonId } from '#domain/ids'

/** A mini-program runs once: nobody else has the records open. */
export const claimAlone = (): Promise<() => void> => Promise.resolve(() => undefined)

/** A browser may have the app open in several tabs, over one storage. One of them has a person's
 *  records; the next waits until it is closed. */
export function claimInBrowser(personId: PersonId, onWaiting: () => void): Promise<() => void> {
  const locks: LockManager | undefined = navigator.locks // absent on pages that are not served securely
  if (locks === undefined) return claimAlone()
  const name = `records of ${personId}`
  return new Promise((resolve, reject) => {
    const hold = () => new Promise<void>((release) => resolve(release))
    locks
      .request(name, { ifAvailable: true }, (lock) => {
        if (lock !== null) return hold()
        onWaiting()
        void locks.request(name, hold).catch(reject)
        return undefined
      })
      .catch(reject)
  })
}
