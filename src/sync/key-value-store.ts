/** What the phone can keep: strings under keys. A `set` that returns is on the disk. Every call may
 *  fail; a failed `get` never means that the key is empty. */
export interface KeyValueStore {
  /** @throws {StorageBroken} */
  get(key: string): Promise<string | undefined>
  /** @throws {StorageFull} {@link StorageBroken} */
  set(key: string, value: string): Promise<void>
  /** No error when there is none. @throws {StorageBroken} */
  delete(key: string): Promise<void>
  /** All keys with this beginning, in any order. @throws {StorageBroken} */
  keys(prefix: string): Promise<string[]>
}

/** No room left on the phone; what was there is still there. */
export class StorageFull extends Error {
  override name = 'StorageFull'
}

/** Reading or writing failed for another reason; trying again may help. */
export class StorageBroken extends Error {
  override name = 'StorageBroken'
}
