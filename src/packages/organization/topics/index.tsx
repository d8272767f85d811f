import type { OrganizationId } from '#domain/ids'
import { TopicsView } from '#features/calendar/TopicsView'
import { useTopics } from '#features/calendar/useTopics'
import type { SignedIn } from '#workspace'
import { RequireOrganization, Screen } from '../../../screen'

export default function TopicsPage() {
  return (
    <Screen title="下发主题">
      <RequireOrganization>
        {(signedIn, organizationId) => <Topics signedIn={signedIn} organizationId={organizationId} />}
      </RequireOrganization>
    </Screen>
  )
}

function Topics({ signedIn, organizationId }: { signedIn: SignedIn; organizationId: OrganizationId }) {
  return <TopicsView screen={useTopics(signedIn, organizationId)} />
}
