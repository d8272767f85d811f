import { useState } from 'react'
import { lineKey } from '#domain/attendance'
import type { Week } from '#domain/day'
import type { Refusal } from '#domain/refusal'
import type { LeaveKind } from '#domain/register'
import { branchScope, memberScope } from '#domain/scopes'
import { isHeld } from '#domain/weekly-study'
import { type SignedIn, useWorkspace } from '#workspace'
import type { AskLeaveScreen } from './AskLeaveView'

export function useAskLeave({ replica }: SignedIn, week: Week): AskLeaveScreen {
  const workspace = useWorkspace()
  const [kind, setKind] = useState<LeaveKind>()
  const [note, setNote] = useState('')
  const [problem, setProblem] = useState<Refusal | 'not-saved'>()
  const branchId = replica.authority()?.branches[0]
  const study = branchId && replica.get(branchScope(branchId), 'weekly-study', week)
  if (branchId === undefined || study === undefined || !isHeld(study)) return { state: 'no-study' }

  const scope = branchScope(branchId)
  const send = async (submitting: ReturnType<typeof replica.submit>) => {
    const result = await submitting
    setProblem(
      result.outcome === 'recorded' ? undefined : result.outcome === 'refused' ? result.refusal : 'not-saved',
    )
    workspace.syncNow()
  }
  const leave = replica.get(memberScope(replica.personId), 'leave', lineKey(week, branchId))
  if (leave === undefined || leave.state === 'withdrawn' || leave.state === 'moot') {
    return {
      state: 'asking',
      study,
      kind,
      note,
      problem,
      onKind: setKind,
      onNote: setNote,
      onAsk: () => kind && void send(replica.submit('ask-leave', scope, { week, kind, note })),
    }
  }
  const canWithdraw = leave.state !== 'declined' && study.state === 'open'
  return {
    state: 'asked',
    study,
    kind: leave.kind,
    decision: leave.state,
    decisionReason: leave.decisionReason,
    isWaiting: replica.pending().some((each) => each.command.startsWith('ask-leave@')),
    onWithdraw: canWithdraw ? () => void send(replica.submit('withdraw-leave', scope, { week })) : undefined,
  }
}
