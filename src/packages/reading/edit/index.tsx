import { useRouter } from '@tarojs/taro'
import type { Scope } from '#domain/scopes'
import { EditListView } from '#features/reading/EditListView'
import { useEditList } from '#features/reading/useEditList'
import type { SignedIn } from '#workspace'
import { scopeIn } from '../../../reading-paths'
import { goBack, RequireOrganization, Screen } from '../../../screen'

export default function EditReadingListPage() {
  const { params } = useRouter()
  return (
    <Screen title="修改清单">
      <RequireOrganization>
        {(signedIn, organizationId) => (
          <Edit signedIn={signedIn} scope={scopeIn(params, organizationId)} listId={params.list} />
        )}
      </RequireOrganization>
    </Screen>
  )
}

function Edit({ signedIn, scope, listId }: { signedIn: SignedIn; scope: Scope; listId: string | undefined }) {
  return <EditListView screen={useEditList(signedIn, scope, listId, goBack)} />
}
