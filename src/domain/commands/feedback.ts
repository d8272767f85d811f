// 投诉建议：提交、受理、答复
import * as v from 'valibot'
import { organizationCommand } from '../command'
import { accept, refuse } from '../decision'
import { feedbackKindSchema, type Ticket } from '../feedback'
import type { OrganizationId } from '../ids'
import type { Change } from '../records'
import { reasonSchema } from '../register'
import { deskScope, memberScope } from '../scopes'

/** One ticket, for its author and for the desk. */
const ticketChanges = (organizationId: OrganizationId, ticket: Ticket): Change[] =>
  [memberScope(ticket.by), deskScope(organizationId)].map((scope) => ({
    scope,
    type: 'ticket',
    key: ticket.id,
    value: ticket,
  }))

export const sendFeedback = organizationCommand({
  version: 1,
  args: v.object({
    kind: feedbackKindSchema,
    words: v.pipe(v.string(), v.trim(), v.minLength(1), v.maxLength(500)),
  }),
  roles: ['anyone'],
  guard: deskScope,
  reads: (_id, _args, actor) =>
    actor === undefined ? [] : [{ scope: memberScope(actor), type: 'profile', key: 'profile' }],
  decide(id, { kind, words }, records, { actor, evidence, commandKey }) {
    const profile = actor && records.get(memberScope(actor.personId), 'profile', 'profile')
    if (profile === undefined) return refuse({ code: 'not-allowed' })
    return accept(
      ticketChanges(id, {
        id: commandKey,
        by: profile.personId,
        name: profile.name,
        kind,
        words,
        state: 'sent',
        sentAt: evidence.claimedAt,
        version: 1,
      }),
    )
  },
})

/** Takes a ticket in hand, or with a reply answers it. */
export const answerFeedback = organizationCommand({
  version: 1,
  args: v.object({ id: v.string(), reply: v.optional(reasonSchema), version: v.number() }),
  roles: ['admin'],
  guard: deskScope,
  reads: (organizationId, { id }) => [{ scope: deskScope(organizationId), type: 'ticket', key: id }],
  decide(organizationId, { id, reply, version }, records, { evidence }) {
    const ticket = records.get(deskScope(organizationId), 'ticket', id)
    if (ticket === undefined) return refuse({ code: 'not-found' })
    if (ticket.version !== version) return refuse({ code: 'changed-meanwhile' })
    const answer =
      reply === undefined
        ? ({ state: 'in-hand' } as const)
        : ({ state: 'answered', reply, answeredAt: evidence.receivedAt } as const)
    return accept(ticketChanges(organizationId, { ...ticket, ...answer, version: version + 1 }))
  },
})
