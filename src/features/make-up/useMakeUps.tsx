import { useEffect, useState } from 'react'
import type { BranchId } from '#domain/ids'
import { branchMissed, isToMakeUp } from '#domain/missed'
import { branchScope, reviewScope } from '#domain/scopes'
import { type SignedIn, useSubmit, useWorkspace } from '#workspace'
import type { MakeUpsScreen } from './MakeUpsView'

export function useMakeUps({ replica }: SignedIn, branchId: BranchId): MakeUpsScreen {
  const workspace = useWorkspace()
  const { problem, submit } = useSubmit()
  const [chosen, setChosen] = useState<MakeUpsScreen['chosen']>()
  const [reason, setReason] = useState('')
  useEffect(() => workspace.watch(), [workspace])

  const all = branchMissed(replica, branchId, replica.now()).map((missed) => ({
    ...missed,
    name: replica.get(reviewScope(branchId), 'membership', missed.line.memberId)?.name ?? '',
  }))
  const done = all.flatMap((missed) =>
    missed.makeUp === undefined ? [] : [{ ...missed, makeUp: missed.makeUp }],
  )
  const decide = (isAccepted: boolean) => {
    if (chosen === undefined) return
    const { week, memberId, version } = chosen.makeUp
    const args = { week, memberId, isAccepted, version, ...(isAccepted ? {} : { reason }) }
    setChosen(undefined)
    void submit(replica.submit('decide-make-up', branchScope(branchId), args))
  }
  return {
    now: replica.now(),
    waiting: done.filter(({ makeUp }) => makeUp.state === 'done'),
    open: all.filter(isToMakeUp),
    accepted: done.filter(({ makeUp }) => makeUp.state === 'accepted'),
    problem,
    chosen,
    reason,
    onChoose: (next) => {
      setReason('')
      setChosen(next)
    },
    onReason: setReason,
    onDecide: decide,
  }
}
