import { useEffect, useState } from 'react'
import type { Correction } from '#domain/correction'
import type { BranchId } from '#domain/ids'
import { branchScope, secretaryScope } from '#domain/scopes'
import { type SignedIn, useSubmit, useWorkspace } from '#workspace'
import type { CorrectionsScreen } from './CorrectionsView'

export function useCorrections({ replica }: SignedIn, branchId: BranchId): CorrectionsScreen {
  const workspace = useWorkspace()
  const { problem, submit } = useSubmit()
  const [open, setOpen] = useState<Correction>()
  const [reply, setReply] = useState('')
  useEffect(() => workspace.watch(), [workspace])

  const all = replica.list(secretaryScope(branchId), 'correction', '')
  const answer = (isDone: boolean) => {
    if (open === undefined) return
    const args = { id: open.id, isDone, reply, version: open.version }
    setOpen(undefined)
    void submit(replica.submit('answer-correction', branchScope(branchId), args))
  }
  return {
    asked: all.filter(({ state }) => state === 'asked').sort((a, b) => a.askedAt - b.askedAt),
    answered: all
      .filter(({ state }) => state !== 'asked')
      .sort((a, b) => (b.answeredAt ?? 0) - (a.answeredAt ?? 0)),
    problem,
    open,
    reply,
    onOpen: (correction) => {
      setReply('')
      setOpen(correction)
    },
    onReply: setReply,
    onAnswer: answer,
  }
}
