/** A promise of synchronisation that was not kept. */
export class Violation extends Error {
  override name = 'Violation'
  constructor(
    readonly promise: string,
    what: string,
  ) {
    super(`${promise}: ${what}`)
  }
}
