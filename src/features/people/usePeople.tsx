import type { BranchId, PersonId } from '#domain/ids'
import { branchPeopleSchema } from '#protocol/people'
import { type SignedIn, useAsked } from '#workspace'
import type { PeopleScreen } from './PeopleView'
import type { PersonSheetScreen } from './PersonSheet'
import { usePersonSheet } from './usePersonSheet'

export function usePeople(
  { replica }: SignedIn,
  branchId: BranchId,
  onRoster: () => void,
  onMembership: (person: PersonId) => void,
): {
  readonly screen: PeopleScreen
  readonly sheet: PersonSheetScreen | undefined
  readonly again: () => void
} {
  const { asked, again } = useAsked(`/v1/branches/${branchId}/people`, branchPeopleSchema)
  const { open, sheet } = usePersonSheet(replica.personId, again, onMembership)
  const screen = (): PeopleScreen => {
    switch (asked.state) {
      case 'asking':
        return { state: 'loading' }
      case 'failed':
        return { state: 'failed', message: asked.message, onRetry: again }
      case 'answered':
        return { state: 'ready', people: asked.value.people, onOpen: open, onRoster }
    }
  }
  return { screen: screen(), sheet, again }
}
