import { useState } from 'react'
import { dayOf, weekOf } from '#domain/day'
import { pastWeeks } from '#domain/history'
import type { SignedIn } from '#workspace'
import type { HistoryScreen } from './HistoryView'

const pageLength = 20

export function useHistory(signedIn: SignedIn): HistoryScreen {
  const [length, setLength] = useState(pageLength)
  const { replica } = signedIn
  const branchId = replica.authority()?.branches[0]
  if (branchId === undefined) return { state: 'ready', weeks: [], onMore: undefined }
  const { weeks, next } = pastWeeks(replica, replica.personId, branchId, weekOf(dayOf(replica.now())), length)
  return {
    state: 'ready',
    weeks,
    onMore: next === undefined ? undefined : () => setLength(length + pageLength),
  }
}
