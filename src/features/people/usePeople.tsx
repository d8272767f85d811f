import { hasRole } from '#domain/authority'
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
  go: { openMembership: (person: PersonId) => void; openAssignment: (person: PersonId) => void },
): {
  readonly screen: PeopleScreen
  readonly sheet: PersonSheetScreen | undefined
  readonly again: () => void
} {
  const { asked, again } = useAsked(`/v1/branches/${branchId}/people`, branchPeopleSchema)
  const authority = replica.authority()
  const isSecretary =
    authority !== undefined && hasRole(authority, ['secretary'], { kind: 'branch', branchId })
  const isAdmin = authority?.appointments.some(({ role }) => role === 'admin') ?? false
  const { open, sheet } = usePersonSheet(replica.personId, again, ({ personId }) => [
    ...(isSecretary ? [{ label: '名册变动', onPress: () => go.openMembership(personId) }] : []),
    ...(isAdmin ? [{ label: '任职与转接', onPress: () => go.openAssignment(personId) }] : []),
  ])
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
