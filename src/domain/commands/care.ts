// 关心：支部书记联系以后写一句，这一次的提醒就不再出现
import * as v from 'valibot'
import { lineKey } from '../attendance'
import { branchCommand } from '../command'
import { dayOf, weekSchema } from '../day'
import { accept, refuse } from '../decision'
import { believable } from '../evidence'
import { personIdSchema } from '../ids'
import { belongsOn } from '../membership'
import { reasonSchema } from '../register'
import { reviewScope, secretaryScope } from '../scopes'

export const noteCare = branchCommand({
  version: 1,
  args: v.object({
    memberId: personIdSchema,
    /** Of the last study that was missed, as the secretary saw it. */
    throughWeek: weekSchema,
    note: reasonSchema,
  }),
  roles: ['secretary'],
  guard: reviewScope,
  reads: (branchId, { memberId, throughWeek }) => [
    { scope: reviewScope(branchId), type: 'membership', key: memberId },
    { scope: reviewScope(branchId), type: 'register-line', key: lineKey(throughWeek, memberId) },
    { scope: secretaryScope(branchId), type: 'care-note', key: memberId },
  ],
  decide(branchId, { memberId, throughWeek, note }, records, { evidence }) {
    const membership = records.get(reviewScope(branchId), 'membership', memberId)
    const line = records.get(reviewScope(branchId), 'register-line', lineKey(throughWeek, memberId))
    // About somebody who has left nothing is written any more, nor ahead of what is on the register.
    if (membership === undefined || !belongsOn(membership, dayOf(evidence.receivedAt)) || line === undefined)
      return refuse({ code: 'not-on-roster' })
    const before = records.get(secretaryScope(branchId), 'care-note', memberId)
    if (before?.throughWeek === throughWeek && before.note === note) return accept([])
    if (before !== undefined && before.throughWeek >= throughWeek) return refuse({ code: 'already-decided' })
    return accept([
      {
        scope: secretaryScope(branchId),
        type: 'care-note',
        key: memberId,
        value: { branchId, memberId, throughWeek, note, notedAt: believable(evidence) },
      },
    ])
  },
})
