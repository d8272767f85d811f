import { useState } from 'react'
import { dayOf, type Week, weekOf } from '#domain/day'
import { heldAround } from '#domain/history'
import type { BranchId } from '#domain/ids'
import { ledgerOf } from '#domain/ledger'
import { daysOf, type LedgerPeriod, neighbourOf, periodOf, spanOf } from '#domain/period'
import type { SignedIn } from '#workspace'
import type { LedgerScreen } from './LedgerView'
import { useExport } from './useExport'

export function useLedger({ replica }: SignedIn, branchId: BranchId): LedgerScreen {
  const now = replica.now()
  const today = dayOf(now)
  const [period, setPeriod] = useState<LedgerPeriod>(() => periodOf('month', today))
  const [week, setWeek] = useState<Week>(() => weekOf(today))
  const exporting = useExport()

  const { at: study, earlier, later } = heldAround(replica, branchId, week, now)
  const next = neighbourOf(period, 1)
  return {
    state: 'ready',
    branchId,
    study,
    span: spanOf(period),
    ledger: ledgerOf(replica, branchId, period, now),
    exporting,
    onSpan: (to) => setPeriod(periodOf(to, today)),
    onEarlier: () => setPeriod(neighbourOf(period, -1)),
    onLater: daysOf(next).from > today ? undefined : () => setPeriod(next),
    onEarlierStudy: earlier === undefined ? undefined : () => setWeek(earlier),
    onLaterStudy: later === undefined ? undefined : () => setWeek(later),
  }
}
