import { useEffect, useState } from 'react'
import type { FeedbackKind } from '#domain/feedback'
import type { OrganizationId } from '#domain/ids'
import { memberScope, organizationScope } from '#domain/scopes'
import { type SignedIn, useSubmit, useWorkspace } from '#workspace'
import type { FeedbackScreen } from './FeedbackView'

export function useFeedback({ replica }: SignedIn, organizationId: OrganizationId): FeedbackScreen {
  const workspace = useWorkspace()
  const { problem, submit } = useSubmit()
  const [kind, setKind] = useState<FeedbackKind>()
  const [words, setWords] = useState('')
  const [isSent, setSent] = useState(false)
  useEffect(() => workspace.watch(), [workspace])

  const send = async () => {
    if (kind === undefined) return
    const scope = organizationScope(organizationId)
    const result = await submit(replica.submit('send-feedback', scope, { kind, words }))
    if (result?.outcome !== 'recorded') return
    setSent(true)
    setKind(undefined)
    setWords('')
  }
  return {
    kind,
    words,
    problem,
    isSent,
    tickets: replica
      .list(memberScope(replica.personId), 'ticket', '')
      .map((ticket) => ({ ...ticket, isWaiting: ticket.id.startsWith('waiting.') }))
      .sort((a, b) => b.sentAt - a.sentAt),
    onKind: setKind,
    onWords: (next) => {
      setSent(false)
      setWords(next)
    },
    onSend: () => void send(),
  }
}
