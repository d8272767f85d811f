import type { OrganizationId } from '#domain/ids'
import { TopicsView } from '#features/calendar/TopicsView'
import { useTopics } from '#features/calendar/useTopics'
import { Loading } from '#ui/Loading'
import type { SignedIn } from '#workspace'
import { RequireSignIn, Screen } from '../../../screen'

export default function TopicsPage() {
  return (
    <Screen title="下发主题">
      <RequireSignIn>
        {(signedIn) => {
          const id = signedIn.replica.authority()?.organizationId
          return id === undefined ? <Loading /> : <Topics signedIn={signedIn} organizationId={id} />
        }}
      </RequireSignIn>
    </Screen>
  )
}

function Topics({ signedIn, organizationId }: { signedIn: SignedIn; organizationId: OrganizationId }) {
  return <TopicsView screen={useTopics(signedIn, organizationId)} />
}
