import type { SyncAnswer, SyncRequest } from '#protocol/sync'

/** The way to the server, whatever it is made of. */
export interface ServerLink {
  /** @throws {Unreachable} {@link Overloaded} {@link SignedOut} */
  sync(request: SyncRequest): Promise<SyncAnswer>
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
