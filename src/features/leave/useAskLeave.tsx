import { useState } from 'react'
import { lineKey } from '#domain/attendance'
import { gatheringOf } from '#domain/gathering'
import type { GatheringKey } from '#domain/gathering-key'
import type { LeaveKind } from '#domain/register'
import { branchScope, memberScope } from '#domain/scopes'
import { type SignedIn, useSubmit } from '#workspace'
import type { AskLeaveScreen } from './AskLeaveView'

export function useAskLeave({ replica }: SignedIn, week: GatheringKey): AskLeaveScreen {
  const { problem, submit } = useSubmit()
  const [kind, setKind] = useState<LeaveKind>()
  const [note, setNote] = useState('')
  const branchId = replica.authority()?.branches[0]
  const found = branchId && gatheringOf(replica, branchId, week)
  if (branchId === undefined || found === undefined || 'refusal' in found) return { state: 'no-study' }
  const study = found.gathering

  const scope = branchScope(branchId)
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
      onAsk: () => kind && void submit(replica.submit('ask-leave', scope, { week, kind, note })),
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
    onWithdraw: canWithdraw
      ? () => void submit(replica.submit('withdraw-leave', scope, { week }))
      : undefined,
  }
}
