// 更正：本人提出，支部书记处理并答复
import * as v from 'valibot'
import { branchCommand } from '../command'
import { type Correction, correctionSubjectSchema } from '../correction'
import { accept, refuse } from '../decision'
import type { Change } from '../records'
import { reasonSchema } from '../register'
import { memberScope, secretaryScope } from '../scopes'

/** One correction, for whoever asked and for the secretary. */
const correctionChanges = (correction: Correction): Change[] =>
  [memberScope(correction.memberId), secretaryScope(correction.branchId)].map((scope) => ({
    scope,
    type: 'correction',
    key: correction.id,
    value: correction,
  }))

export const askCorrection = branchCommand({
  version: 1,
  args: v.object({ subject: correctionSubjectSchema, words: reasonSchema }),
  roles: ['member'],
  guard: secretaryScope,
  reads: (_branchId, _args, actor) =>
    actor === undefined ? [] : [{ scope: memberScope(actor), type: 'profile', key: 'profile' }],
  decide(branchId, { subject, words }, records, { actor, evidence, commandKey }) {
    const profile = actor && records.get(memberScope(actor.personId), 'profile', 'profile')
    if (profile === undefined) return refuse({ code: 'not-allowed' })
    return accept(
      correctionChanges({
        id: commandKey,
        branchId,
        memberId: profile.personId,
        name: profile.name,
        subject,
        words,
        state: 'asked',
        askedAt: evidence.claimedAt,
        version: 1,
      }),
    )
  },
})

export const answerCorrection = branchCommand({
  version: 1,
  args: v.object({ id: v.string(), isDone: v.boolean(), reply: reasonSchema, version: v.number() }),
  roles: ['secretary'],
  guard: secretaryScope,
  reads: (branchId, { id }) => [{ scope: secretaryScope(branchId), type: 'correction', key: id }],
  decide(branchId, { id, isDone, reply, version }, records, { evidence }) {
    const correction = records.get(secretaryScope(branchId), 'correction', id)
    if (correction === undefined) return refuse({ code: 'not-found' })
    if (correction.version !== version) return refuse({ code: 'changed-meanwhile' })
    if (correction.state !== 'asked') return refuse({ code: 'already-decided' })
    const answer = { state: isDone ? 'done' : 'declined', reply, answeredAt: evidence.receivedAt } as const
    return accept(correctionChanges({ ...correction, ...answer, version: version + 1 }))
  },
})
