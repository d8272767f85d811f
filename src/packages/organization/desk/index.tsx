import type { OrganizationId } from '#domain/ids'
import { DeskView } from '#features/feedback/DeskView'
import { useDesk } from '#features/feedback/useDesk'
import { Loading } from '#ui/Loading'
import type { SignedIn } from '#workspace'
import { RequireSignIn, Screen } from '../../../screen'

export default function DeskPage() {
  return (
    <Screen title="投诉建议">
      <RequireSignIn>
        {(signedIn) => {
          const id = signedIn.replica.authority()?.organizationId
          return id === undefined ? <Loading /> : <Desk signedIn={signedIn} organizationId={id} />
        }}
      </RequireSignIn>
    </Screen>
  )
}

function Desk({ signedIn, organizationId }: { signedIn: SignedIn; organizationId: OrganizationId }) {
  return <DeskView screen={useDesk(signedIn, organizationId)} />
}
