import { useRouter } from '@tarojs/taro'
import * as v from 'valibot'
import type { Scope } from '#domain/scopes'
import { ReadingListView } from '#features/reading/ReadingListView'
import { useReadingList } from '#features/reading/useReadingList'
import type { SignedIn } from '#workspace'
import { pathOfItem, pathToEdit, scopeIn } from '../../../reading-paths'
import { goTo, RequireOrganization, Screen } from '../../../screen'

export default function ReadingListPage() {
  const { params } = useRouter()
  const listId = v.parse(v.string(), params.list)
  return (
    <Screen title="读书清单">
      <RequireOrganization>
        {(signedIn, organizationId) => (
          <List signedIn={signedIn} scope={scopeIn(params, organizationId)} listId={listId} />
        )}
      </RequireOrganization>
    </Screen>
  )
}

function List({ signedIn, scope, listId }: { signedIn: SignedIn; scope: Scope; listId: string }) {
  const screen = useReadingList(signedIn, scope, listId, {
    item: (listed) => goTo(pathOfItem(listed))(),
    edit: goTo(pathToEdit(scope, listId)),
  })
  return <ReadingListView screen={screen} />
}
