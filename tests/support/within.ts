import { setTimeout as sleep } from 'node:timers/promises'

/** Long for a machine with other work, and short of a test's own patience. */
export const withinMs = 30_000

/** Waits for something to come about.
 *  @throws when it does not in time */
export async function within(
  hasCome: () => boolean | Promise<boolean>,
  otherwise: () => string,
): Promise<void> {
  const deadline = Date.now() + withinMs
  while (!(await hasCome())) {
    if (Date.now() > deadline) throw new Error(otherwise())
    await sleep(20)
  }
}
