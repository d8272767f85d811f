import { useRouter } from '@tarojs/taro'
import * as v from 'valibot'
import type { Scope } from '#domain/scopes'
import { ReadingItemView } from '#features/reading/ReadingItemView'
import { type ItemAsked, useReadingItem } from '#features/reading/useReadingItem'
import type { SignedIn } from '#workspace'
import { scopeIn } from '../../../reading-paths'
import { RequireOrganization, Screen } from '../../../screen'

export default function ReadingItemPage() {
  const { params } = useRouter()
  const asked = { listId: v.parse(v.string(), params.list), itemId: v.parse(v.string(), params.item) }
  return (
    <Screen title="书目">
      <RequireOrganization>
        {(signedIn, organizationId) => (
          <Item signedIn={signedIn} scope={scopeIn(params, organizationId)} asked={asked} />
        )}
      </RequireOrganization>
    </Screen>
  )
}

function Item({ signedIn, scope, asked }: { signedIn: SignedIn; scope: Scope; asked: ItemAsked }) {
  return <ReadingItemView screen={useReadingItem(signedIn, scope, asked)} />
}
