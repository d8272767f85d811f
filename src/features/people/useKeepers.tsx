import { useState } from 'react'
import type { BranchId, PersonId } from '#domain/ids'
import { keepersSchema } from '#protocol/people'
import { type SignedIn, useAsked } from '#workspace'
import type { KeepersFilter, KeepersScreen } from './KeepersView'
import type { PersonSheetScreen } from './PersonSheet'
import { usePersonSheet } from './usePersonSheet'

export function useKeepers(
  { replica }: SignedIn,
  go: {
    openRoster: () => void
    openBranch: (branchId: BranchId) => void
    openAssignment: (branchId: BranchId, person: PersonId) => void
  },
): {
  readonly screen: KeepersScreen
  readonly sheet: PersonSheetScreen | undefined
  readonly again: () => void
} {
  const { asked, again } = useAsked('/v1/keepers', keepersSchema)
  // Somebody may keep a branch that is not theirs: the sheet was opened from this one.
  const [from, setFrom] = useState<BranchId>()
  const { open, sheet } = usePersonSheet(replica.personId, again, ({ personId }) =>
    from === undefined
      ? []
      : [
          { label: '任职与转接', onPress: () => go.openAssignment(from, personId) },
          { label: '支部成员', onPress: () => go.openBranch(from) },
        ],
  )
  const [sought, setSought] = useState('')
  const [filter, setFilter] = useState<KeepersFilter>('all')
  const screen = (): KeepersScreen => {
    switch (asked.state) {
      case 'asking':
        return { state: 'loading' }
      case 'failed':
        return { state: 'failed', message: asked.message, onRetry: again }
      case 'answered':
        return {
          state: 'ready',
          branches: asked.value.branches,
          sought,
          filter,
          onSeek: setSought,
          onFilter: setFilter,
          onOpen: (person, branchId) => {
            setFrom(branchId)
            open(person)
          },
          onBranch: go.openBranch,
          onRoster: go.openRoster,
        }
    }
  }
  return { screen: screen(), sheet, again }
}
