import { useState } from 'react'
import { keepersSchema } from '#protocol/people'
import { type SignedIn, useAsked } from '#workspace'
import type { KeepersFilter, KeepersScreen } from './KeepersView'
import type { PersonSheetScreen } from './PersonSheet'
import { usePersonSheet } from './usePersonSheet'

export function useKeepers(
  { replica }: SignedIn,
  onRoster: () => void,
): {
  readonly screen: KeepersScreen
  readonly sheet: PersonSheetScreen | undefined
  readonly again: () => void
} {
  const { asked, again } = useAsked('/v1/keepers', keepersSchema)
  const { open, sheet } = usePersonSheet(replica.personId, again)
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
          onOpen: open,
          onRoster,
        }
    }
  }
  return { screen: screen(), sheet, again }
}
