import { useEffect, useState } from 'react'
import { isOpenTicket, type Ticket } from '#domain/feedback'
import type { OrganizationId } from '#domain/ids'
import { deskScope, organizationScope } from '#domain/scopes'
import { type SignedIn, useSubmit, useWorkspace } from '#workspace'
import type { DeskScreen } from './DeskView'

const pageLength = 20

export function useDesk({ replica }: SignedIn, organizationId: OrganizationId): DeskScreen {
  const workspace = useWorkspace()
  const { problem, submit } = useSubmit()
  const [length, setLength] = useState(pageLength)
  // As it was when it was opened: an answer to something that has changed since is refused.
  const [answering, setAnswering] = useState<{ ticket: Ticket; reply: string; hasTried: boolean }>()
  useEffect(() => workspace.watch(), [workspace])

  const tickets = replica.list(deskScope(organizationId), 'ticket', '')
  const answered = tickets
    .filter((ticket) => !isOpenTicket(ticket))
    .sort((a, b) => (b.answeredAt ?? 0) - (a.answeredAt ?? 0))
  /** Takes it in hand, or with a reply answers it. */
  const answer = async (ticket: Ticket, typed: string, reply?: string) => {
    const { id, version } = ticket
    const args = { id, version, ...(reply === undefined ? {} : { reply }) }
    const result = await submit(replica.submit('answer-feedback', organizationScope(organizationId), args))
    if (result?.outcome === 'recorded') return setAnswering(undefined)
    // What was typed stays; above it what the ticket says now.
    setAnswering({
      ticket: replica.get(deskScope(organizationId), 'ticket', id) ?? ticket,
      reply: typed,
      hasTried: true,
    })
  }
  return {
    state: 'ready',
    open: tickets.filter(isOpenTicket).sort((a, b) => a.sentAt - b.sentAt),
    answered: answered.slice(0, length),
    answering: answering && {
      ...answering,
      problem: answering.hasTried ? problem : undefined,
      onReply: (reply) => setAnswering({ ...answering, reply }),
      onTake: () => void answer(answering.ticket, answering.reply),
      onSend: () => void answer(answering.ticket, answering.reply, answering.reply),
      onCancel: () => setAnswering(undefined),
    },
    onOpen: (ticket) => setAnswering({ ticket, reply: '', hasTried: false }),
    onMore: answered.length > length ? () => setLength(length + pageLength) : undefined,
  }
}
