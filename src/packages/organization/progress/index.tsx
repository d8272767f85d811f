import type { OrganizationId } from '#domain/ids'
import { ProgressView } from '#features/study-plan/ProgressView'
import { useProgress } from '#features/study-plan/useProgress'
import type { SignedIn } from '#workspace'
import { RequireOrganization, Screen } from '../../../screen'

export default function ProgressPage() {
  return (
    <Screen title="计划进度" wide>
      <RequireOrganization>
        {(signedIn, organizationId) => <Progress signedIn={signedIn} organizationId={organizationId} />}
      </RequireOrganization>
    </Screen>
  )
}

function Progress({ signedIn, organizationId }: { signedIn: SignedIn; organizationId: OrganizationId }) {
  return <ProgressView screen={useProgress(signedIn, organizationId)} />
}
