import type { OrganizationId } from '#domain/ids'
import { JointView } from '#features/meetings/JointView'
import { useJoint } from '#features/meetings/useJoint'
import type { SignedIn } from '#workspace'
import { RequireOrganization, Screen } from '../../../screen'

export default function JointPage() {
  return (
    <Screen title="联合会议">
      <RequireOrganization>
        {(signedIn, organizationId) => <Joint signedIn={signedIn} organizationId={organizationId} />}
      </RequireOrganization>
    </Screen>
  )
}

function Joint({ signedIn, organizationId }: { signedIn: SignedIn; organizationId: OrganizationId }) {
  return <JointView screen={useJoint(signedIn, organizationId)} />
}
