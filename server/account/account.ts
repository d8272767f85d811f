import { type Cancellation, coolingOffMs } from '#domain/cancellation'
import type { PersonId } from '#domain/ids'
import { memberScope } from '#domain/scopes'
import type { Account } from '#protocol/account'
import { endSessions, type Sessions } from '../sessions'
import { type Database, inTransaction } from '../storage/database'
import { lockScopes, readRecords, writeChanges } from '../storage/rows'
import { consentsOf, isAgreed, withdrawConsent } from './consents'

/** What somebody may see and decide about their own account. */
export class Accounts {
  constructor(
    private readonly database: Database,
    private readonly sessions: Sessions,
    private readonly now: () => number,
  ) {}

  async of(personId: PersonId): Promise<Account> {
    const scope = memberScope(personId)
    const records = await readRecords(this.database.pool, [
      { scope, type: 'cancellation', key: 'cancellation' },
    ])
    const cancellation = records.get(scope, 'cancellation', 'cancellation')
    const bound = await this.database.query
      .selectFrom('wechat_accounts')
      .select('scope')
      .where('person_id', '=', personId)
      .executeTakeFirst()
    return {
      consents: await consentsOf(this.database.pool, personId),
      ...(cancellation === undefined ? {} : { cancellation }),
      isWechatBound: bound !== undefined,
      devices: await this.sessions.countOf(personId),
    }
  }

  /** False when it is not the text of today that they agreed to. */
  giveConsent(personId: PersonId, version: string): Promise<boolean> {
    return inTransaction(this.database, async (client) => {
      await lockScopes(client, [memberScope(personId)])
      return isAgreed(client, personId, version, this.now())
    })
  }

  /** Takes the agreement back: they are signed out everywhere, and asked again before they come in.
   *  The branch goes on keeping its register, as it must. */
  async withdrawConsent(personId: PersonId): Promise<void> {
    await inTransaction(this.database, async (client) => {
      await lockScopes(client, [memberScope(personId)])
      await withdrawConsent(client, personId, this.now())
      await endSessions(client, personId, this.now())
    })
  }

  /** Asked twice, the first day counts. */
  askCancellation(personId: PersonId): Promise<Cancellation> {
    return this.changeCancellation(personId, (before) =>
      before?.state === 'asked'
        ? before
        : { state: 'asked', askedAt: this.now(), dueAt: this.now() + coolingOffMs },
    )
  }

  withdrawCancellation(personId: PersonId): Promise<Cancellation | undefined> {
    return this.changeCancellation(personId, (before) =>
      before?.state === 'asked' ? { ...before, state: 'withdrawn' } : before,
    )
  }

  private changeCancellation<Value extends Cancellation | undefined>(
    personId: PersonId,
    change: (before: Cancellation | undefined) => Value,
  ): Promise<Value> {
    const scope = memberScope(personId)
    return inTransaction(this.database, async (client) => {
      await lockScopes(client, [scope])
      const records = await readRecords(client, [{ scope, type: 'cancellation', key: 'cancellation' }])
      const before = records.get(scope, 'cancellation', 'cancellation')
      const after = change(before)
      if (after !== undefined && after !== before)
        await writeChanges(client, [{ scope, type: 'cancellation', key: 'cancellation', value: after }])
      return after
    })
  }
}
