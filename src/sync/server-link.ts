import type { SyncAnswer, SyncRequest } from '#protocol/sync'
import type { WatchRequest } from '#protocol/watch'

/** The way to the server, whatever it is made of. */
export interface ServerLink {
  /** @throws {Unreachable} {@link Overloaded} {@link SignedOut} */
  sync(request: SyncRequest): Promise<SyncAnswer>
}

/** One that can also be told when to synchronise. */
export interface LiveLink extends ServerLink {
  /** Resolves to true as soon as the server has something beyond these cursors, and to false when it
   *  has had nothing for as long as it keeps a request: about 25 seconds, or 10 through WeChat's hosting.
   *  @throws {Unreachable} {@link Overloaded} {@link SignedOut} */
  watch(scopes: WatchRequest['scopes']): Promise<boolean>
}

/** No answer, or none that can be understood: nothing is known of what the server did. */
export class Unreachable extends Error {
  override name = 'Unreachable'
}

/** The server asks for time. */
export class Overloaded extends Error {
  override name = 'Overloaded'
  constructor(readonly retryAfterMs: number) {
    super('the server is busy')
  }
}

/** The session has ended; what is on the phone stays until its owner signs in again. */
export class SignedOut extends Error {
  override name = 'SignedOut'
}
