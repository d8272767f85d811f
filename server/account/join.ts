import type { PersonId } from '#domain/ids'
import { loadAuthority } from '../authority'
import { present } from '../invitations'
import { endSessions } from '../sessions'
import { type Database, inTransaction } from '../storage/database'
import { bindAccount } from '../wechat/wechat-accounts'
import { isAgreed } from './consents'

export interface Joining {
  readonly code: string
  readonly attempt: string | undefined
  readonly consent: string | undefined
  /** The WeChat account to bind, if they came from one. */
  readonly account: string | undefined
}

/** Lets somebody in by their invitation: all of it, or nothing but a note that it was tried. */
export function join(
  database: Database,
  { code, attempt, consent, account }: Joining,
  now: number,
): Promise<PersonId | 'invitation-invalid' | 'invitation-used' | 'consent-needed' | 'bound-to-another'> {
  return inTransaction(database, async (client) => {
    const invitation = await present(client, code, attempt, now)
    if (invitation.is === 'used') return 'invitation-used'
    if (invitation.is === 'invalid') return 'invitation-invalid'
    const { personId } = invitation
    if ((await loadAuthority(client, personId, now)) === undefined) return 'invitation-invalid'
    if (!(await isAgreed(client, personId, consent, now))) return 'consent-needed'
    if (account !== undefined) {
      const binding = await bindAccount(client, account, personId, now)
      if (binding === 'to-another') return 'bound-to-another'
      // The account before may be on a phone in other hands.
      if (binding === 'instead') await endSessions(client, personId, now)
    }
    await invitation.use()
    return personId
  })
}
