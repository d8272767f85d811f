import { useEffect, useState } from 'react'
import type { GatheringKey } from '#domain/gathering-key'
import type { BranchId, PersonId } from '#domain/ids'
import { amendmentsOf, reviewAt } from '#domain/review'
import { branchScope } from '#domain/scopes'
import { standingWords } from '#domain/words'
import type { Submitted } from '#sync/replica'
import { type SignedIn, useSubmit, useWorkspace } from '#workspace'
import type { LineScreen, ToldBy } from './LineView'
import type { ReasonSheetProps } from './ReasonSheet'
import type { Recordable } from './recordable'

export function useLine(
  { replica }: SignedIn,
  branchId: BranchId,
  week: GatheringKey,
  memberId: PersonId,
): LineScreen {
  const workspace = useWorkspace()
  const { problem, submit } = useSubmit()
  const [toldBy, setToldBy] = useState<ToldBy>()
  const [sheet, setSheet] = useState<ReasonSheetProps>()
  useEffect(() => workspace.watch(), [workspace])

  const review = reviewAt(replica, branchId, week)
  const member = review?.members.find((each) => each.memberId === memberId)
  if (review === undefined || member === undefined) return { state: 'none' }

  const scope = branchScope(branchId)
  const canDecide =
    replica
      .authority()
      ?.appointments.some((each) => each.role === 'secretary' && each.branchId === branchId) ?? false
  const send = (submitting: Promise<Submitted>) => {
    setSheet(undefined)
    return submit(submitting)
  }
  const cancel = () => setSheet(undefined)

  const record = async (standing: Recordable) => {
    const told = reasonFrom(toldBy)
    const version = member.line?.version ?? 0
    const args = { week, memberId, standing, version, ...(told === undefined ? {} : { reason: told }) }
    // The rule says when a reason is kept; the screen only asks for it then.
    const result = await send(replica.submit('record-attendance', scope, args))
    if (result?.outcome === 'recorded') setToldBy(undefined)
    if (result?.outcome !== 'refused' || result.refusal.code !== 'reason-needed') return
    setSheet({
      title: `改为「${standingWords[standing]}」`,
      confirm: '更改',
      reasonLabel: '更改原因',
      onConfirm: (reason) => void send(replica.submit('record-attendance', scope, { ...args, reason })),
      onCancel: cancel,
    })
  }
  const leaveVersion = member.leave?.version ?? 0
  return {
    state: 'ready',
    member,
    heldOn: review.study.heldOn,
    amendments: amendmentsOf(replica, branchId, week)
      .filter((each) => each.memberId === memberId)
      .map((each) => ({
        ...each,
        byName:
          each.by === undefined
            ? '到时自动'
            : (replica.get(scope, 'person', each.by)?.name ?? '已离开支部的同志'),
      })),
    canDecide,
    toldBy,
    problem,
    sheet,
    onToldBy: (change) => setToldBy((before) => ({ agent: '', words: '', ...before, ...change })),
    onRecord: (standing) => void record(standing),
    onAcceptLeave: () =>
      void send(
        replica.submit('decide-leave', scope, { week, memberId, isAccepted: true, version: leaveVersion }),
      ),
    onDeclineLeave: () =>
      setSheet({
        title: '不准这次请假',
        confirm: '确定',
        reasonLabel: '原因（本人可见）',
        onConfirm: (reason) =>
          void send(
            replica.submit('decide-leave', scope, {
              week,
              memberId,
              isAccepted: false,
              reason,
              version: leaveVersion,
            }),
          ),
        onCancel: cancel,
      }),
  }
}

/** 「由罗一鸣代为说明：出差在途」: kept with the change. */
function reasonFrom(toldBy: ToldBy | undefined): string | undefined {
  const agent = toldBy?.agent.trim() ?? ''
  const words = toldBy?.words.trim() ?? ''
  if (agent === '') return words === '' ? undefined : words
  return `由${agent}代为说明${words === '' ? '' : `：${words}`}`
}
