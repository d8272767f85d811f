import type { OrganizationId } from '#domain/ids'
import { DeskView } from '#features/feedback/DeskView'
import { useDesk } from '#features/feedback/useDesk'
import type { SignedIn } from '#workspace'
import { RequireOrganization, Screen } from '../../../screen'

export default function DeskPage() {
  return (
    <Screen title="投诉建议">
      <RequireOrganization>
        {(signedIn, organizationId) => <Desk signedIn={signedIn} organizationId={organizationId} />}
      </RequireOrganization>
    </Screen>
  )
}

function Desk({ signedIn, organizationId }: { signedIn: SignedIn; organizationId: OrganizationId }) {
  return <DeskView screen={useDesk(signedIn, organizationId)} />
}
