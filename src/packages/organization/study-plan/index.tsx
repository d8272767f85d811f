import type { OrganizationId } from '#domain/ids'
import { DraftView } from '#features/study-plan/DraftView'
import { useDraft } from '#features/study-plan/useDraft'
import { Loading } from '#ui/Loading'
import type { SignedIn } from '#workspace'
import { RequireSignIn, Screen } from '../../../screen'

export default function DraftPage() {
  return (
    <Screen title="编制学习计划">
      <RequireSignIn>
        {(signedIn) => {
          const id = signedIn.replica.authority()?.organizationId
          return id === undefined ? <Loading /> : <Draft signedIn={signedIn} organizationId={id} />
        }}
      </RequireSignIn>
    </Screen>
  )
}

function Draft({ signedIn, organizationId }: { signedIn: SignedIn; organizationId: OrganizationId }) {
  return <DraftView screen={useDraft(signedIn, organizationId)} />
}
