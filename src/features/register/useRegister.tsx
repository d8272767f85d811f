import { useEffect, useState } from 'react'
import { clockOf } from '#domain/day'
import { isMeeting } from '#domain/gathering'
import type { GatheringKey } from '#domain/gathering-key'
import type { BranchId, PersonId } from '#domain/ids'
import { reviewAt } from '#domain/review'
import { branchScope, reviewScope } from '#domain/scopes'
import type { Submitted } from '#sync/replica'
import { type SignedIn, useSubmit, useWorkspace } from '#workspace'
import type { ReasonSheetProps } from './ReasonSheet'
import type { RegisterFilter, RegisterScreen } from './RegisterView'

export function useRegister(
  { replica }: SignedIn,
  branchId: BranchId,
  week: GatheringKey,
  go: {
    openLine: (memberId: PersonId) => void
    openPlan: () => void
    openChain: () => void
    openCode: () => void
    openMinutes: () => void
  },
): RegisterScreen {
  const workspace = useWorkspace()
  const [filter, setFilter] = useState<RegisterFilter>('unrecorded')
  const { problem, submit } = useSubmit()
  const [sheet, setSheet] = useState<ReasonSheetProps>()
  // Live while the screen is open.
  useEffect(() => workspace.watch(), [workspace])

  const review = reviewAt(replica, branchId, week)
  if (review === undefined) {
    return {
      state: replica.get(branchScope(branchId), 'branch', 'branch') === undefined ? 'loading' : 'none',
    }
  }
  if (review.members.length === 0 && replica.list(reviewScope(branchId), 'membership', '').length === 0) {
    return { state: 'loading' }
  }
  const scope = branchScope(branchId)
  const { study, members, tally } = review
  const ofStudy = (open: () => void) => (isMeeting(study) ? undefined : open)
  const send = (submitting: Promise<Submitted>) => {
    setSheet(undefined)
    return submit(submitting)
  }
  const cancel = () => setSheet(undefined)
  const unrecorded = members.filter(
    (member) => member.standing === 'unrecorded' && member.leave?.state !== 'asked',
  )
  return {
    state: 'ready',
    review,
    filter,
    isSecretary: isSecretaryOf(replica, branchId),
    hasStarted: replica.now() >= study.startsAt,
    problem,
    sheet,
    onFilter: setFilter,
    onOpen: go.openLine,
    onPlan: ofStudy(go.openPlan),
    onChain: ofStudy(go.openChain),
    onCode: ofStudy(go.openCode),
    onMinutes: ofStudy(go.openMinutes),
    onRecord: ({ memberId, line }, standing) =>
      void send(
        replica.submit('record-attendance', scope, { week, memberId, standing, version: line?.version ?? 0 }),
      ),
    onRest: () =>
      setSheet({
        title: `其余 ${unrecorded.length} 人全部到会？`,
        detail: '还没有登记的同志都记为到会；请假待批的不变。',
        confirm: '全部到会',
        onConfirm: () =>
          void send(
            replica.submit('record-rest', scope, {
              week,
              memberIds: unrecorded.map((each) => each.memberId),
            }),
          ),
        onCancel: cancel,
      }),
    onClose: () =>
      setSheet({
        title: '关闭这次登记？',
        detail: `${tally.unrecorded} 人未登记，关闭后记为缺席。之后仍可更改，并会注明。`,
        confirm: '关闭',
        onConfirm: () => void send(replica.submit('close-register', scope, { week, version: study.version })),
        onCancel: cancel,
      }),
    onReopen: () =>
      setSheet({
        title: '重新打开登记？',
        detail:
          study.state === 'closed'
            ? `${clockOf(study.closedAt)} 关闭的登记会重新打开，${isMeeting(study) ? '改好后请再关闭' : '当天 24:00 自动关闭'}。`
            : '',
        confirm: '重新打开',
        reasonLabel: '原因',
        onConfirm: (reason) =>
          void send(replica.submit('reopen-register', scope, { week, reason, version: study.version })),
        onCancel: cancel,
      }),
  }
}

const isSecretaryOf = (replica: SignedIn['replica'], branchId: BranchId) =>
  replica.authority()?.appointments.some((each) => each.role === 'secretary' && each.branchId === branchId) ??
  false
