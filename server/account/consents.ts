import type { ClientBase, Pool } from 'pg'
import { type Consent, consentKey, consentVersion, holdsConsent } from '#domain/consent'
import type { PersonId } from '#domain/ids'
import { memberScope } from '#domain/scopes'
import { forgetReminders } from '../reminders/credits'
import { readRecords, writeChanges } from '../storage/rows'

export async function consentsOf(client: ClientBase | Pool, personId: PersonId): Promise<Consent[]> {
  const scope = memberScope(personId)
  const records = await readRecords(client, [{ scope, type: 'consent', prefix: '' }])
  return records.list(scope, 'consent', '')
}

/** Whether the person agreed to the text of today, now or before. What they agree to now is kept. */
export async function isAgreed(
  client: ClientBase,
  personId: PersonId,
  given: string | undefined,
  now: number,
): Promise<boolean> {
  if (holdsConsent(await consentsOf(client, personId))) return true
  if (given !== consentVersion) return false
  const value = { version: given, givenAt: now }
  await writeChanges(client, [{ scope: memberScope(personId), type: 'consent', key: consentKey(now), value }])
  return true
}

/** Ends the agreement that holds, and what was agreed to beside it; false when there is none. */
export async function withdrawConsent(client: ClientBase, personId: PersonId, now: number): Promise<boolean> {
  await forgetReminders(client, personId)
  const last = (await consentsOf(client, personId)).at(-1)
  if (last === undefined || last.withdrawnAt !== undefined) return false
  await writeChanges(client, [
    {
      scope: memberScope(personId),
      type: 'consent',
      key: consentKey(last.givenAt),
      value: { ...last, withdrawnAt: now },
    },
  ])
  return true
}
