/** As `Promise.all`, for statements that are on their way together: waits for all, and throws what the first
 *  of them to fail threw. Those behind it only failed because their transaction had. */
export async function allInOrder<const T extends readonly unknown[]>(
  promises: T,
): Promise<{ -readonly [P in keyof T]: Awaited<T[P]> }> {
  const settled = await Promise.allSettled(promises)
  for (const each of settled) if (each.status === 'rejected') throw each.reason
  return Promise.all(promises) as Promise<{ -readonly [P in keyof T]: Awaited<T[P]> }> // its own type says less
}
