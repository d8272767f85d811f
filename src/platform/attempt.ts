import * as v from 'valibot'
import type { KeyValueStore } from '#sync/key-value-store'

const key = 'attempt'
const attemptSchema = v.pipe(v.string(), v.parseJson(), v.object({ code: v.string(), attempt: v.string() }))

/** What this phone says when it uses an invitation. Kept until there is an answer, so that after a
 *  lost one, and even after the app was killed, the same code can be shown as the same attempt. */
export async function attemptFor(
  store: KeyValueStore,
  code: string,
  newAttempt: () => Promise<string>,
): Promise<string> {
  const kept = v.safeParse(attemptSchema, await store.get(key))
  if (kept.success && kept.output.code === code) return kept.output.attempt
  const attempt = await newAttempt()
  await store.set(key, JSON.stringify({ code, attempt }))
  return attempt
}

export const forgetAttempt = (store: KeyValueStore): Promise<void> => store.delete(key)
