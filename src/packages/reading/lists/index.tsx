import type { OrganizationId } from '#domain/ids'
import { ReadingListsView } from '#features/reading/ReadingListsView'
import { useReadingLists } from '#features/reading/useReadingLists'
import type { SignedIn } from '#workspace'
import { pathOfItem, pathOfList, pathToAdd } from '../../../reading-paths'
import { goTo, RequireOrganization, Screen } from '../../../screen'

export default function ReadingListsPage() {
  return (
    <Screen title="读书清单">
      <RequireOrganization>
        {(signedIn, organizationId) => <Lists signedIn={signedIn} organizationId={organizationId} />}
      </RequireOrganization>
    </Screen>
  )
}

function Lists({ signedIn, organizationId }: { signedIn: SignedIn; organizationId: OrganizationId }) {
  const screen = useReadingLists(signedIn, organizationId, {
    list: (listed) => goTo(pathOfList(listed))(),
    item: (listed) => goTo(pathOfItem(listed))(),
    add: (scope) => goTo(pathToAdd(scope))(),
  })
  return <ReadingListsView screen={screen} />
}
