import { useEffect, useState } from 'react'
import { addDays, dayOf, mondayOf, type Week, weekOf } from '#domain/day'
import { isOpenTicket } from '#domain/feedback'
import { weekBefore } from '#domain/history'
import type { OrganizationId } from '#domain/ids'
import { deskScope, organizationScope, totalsScope } from '#domain/scopes'
import { type SignedIn, useSubmit, useWorkspace } from '#workspace'
import type { AdminRows, OverviewScreen } from './OverviewView'

export function useOverview(
  { replica }: SignedIn,
  organizationId: OrganizationId,
  { onProgress, ...go }: Omit<AdminRows, 'openTickets'> & { onProgress: () => void },
): OverviewScreen {
  const workspace = useWorkspace()
  const { problem, submit } = useSubmit()
  const thisWeek = weekOf(dayOf(replica.now()))
  const [week, setWeek] = useState<Week>(thisWeek)
  const [isConfirming, setConfirming] = useState(false)
  useEffect(() => workspace.watch(), [workspace])

  const isAdmin = replica.authority()?.appointments.some((each) => each.role === 'admin') ?? false
  const horizon = replica.get(organizationScope(organizationId), 'horizon', 'horizon')
  const unconfirmedYear =
    horizon !== undefined && horizon.knownUntil < horizon.plannedUntil
      ? Number(horizon.knownUntil.slice(0, 4)) + 1
      : undefined
  const confirm = async (year: number) => {
    setConfirming(false)
    const notice = { year, daysOff: {}, workdays: {}, source: 'assumed' as const }
    await submit(replica.submit('confirm-calendar', organizationScope(organizationId), { notice }))
  }
  return {
    state: 'ready',
    week,
    totals: replica.list(totalsScope(organizationId), 'branch-totals', `${week}/`),
    unconfirmedYear,
    problem,
    admin: isAdmin
      ? {
          ...go,
          openTickets: replica.list(deskScope(organizationId), 'ticket', '').filter(isOpenTicket).length,
        }
      : undefined,
    onProgress,
    onConfirmYear: isAdmin && unconfirmedYear !== undefined ? () => setConfirming(true) : undefined,
    confirming:
      isConfirming && unconfirmedYear !== undefined
        ? { onConfirm: () => void confirm(unconfirmedYear), onCancel: () => setConfirming(false) }
        : undefined,
    onEarlier: () => setWeek(weekBefore(week)),
    onLater: week < thisWeek ? () => setWeek(weekOf(addDays(mondayOf(week), 7))) : undefined,
  }
}
