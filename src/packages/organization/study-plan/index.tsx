import type { OrganizationId } from '#domain/ids'
import { DraftView } from '#features/study-plan/DraftView'
import { useDraft } from '#features/study-plan/useDraft'
import type { SignedIn } from '#workspace'
import { RequireOrganization, Screen } from '../../../screen'

export default function DraftPage() {
  return (
    <Screen title="编制学习计划">
      <RequireOrganization>
        {(signedIn, organizationId) => <Draft signedIn={signedIn} organizationId={organizationId} />}
      </RequireOrganization>
    </Screen>
  )
}

function Draft({ signedIn, organizationId }: { signedIn: SignedIn; organizationId: OrganizationId }) {
  return <DraftView screen={useDraft(signedIn, organizationId)} />
}
