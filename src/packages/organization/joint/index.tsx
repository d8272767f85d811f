import type { OrganizationId } from '#domain/ids'
import { JointView } from '#features/meetings/JointView'
import { useJoint } from '#features/meetings/useJoint'
import { Loading } from '#ui/Loading'
import type { SignedIn } from '#workspace'
import { RequireSignIn, Screen } from '../../../screen'

export default function JointPage() {
  return (
    <Screen title="联合会议">
      <RequireSignIn>
        {(signedIn) => {
          const id = signedIn.replica.authority()?.organizationId
          return id === undefined ? <Loading /> : <Joint signedIn={signedIn} organizationId={id} />
        }}
      </RequireSignIn>
    </Screen>
  )
}

function Joint({ signedIn, organizationId }: { signedIn: SignedIn; organizationId: OrganizationId }) {
  return <JointView screen={useJoint(signedIn, organizationId)} />
}
