import type { OrganizationId } from '#domain/ids'
import { ProgressView } from '#features/study-plan/ProgressView'
import { useProgress } from '#features/study-plan/useProgress'
import { Loading } from '#ui/Loading'
import type { SignedIn } from '#workspace'
import { RequireSignIn, Screen } from '../../../screen'

export default function ProgressPage() {
  return (
    <Screen title="计划进度" wide>
      <RequireSignIn>
        {(signedIn) => {
          const id = signedIn.replica.authority()?.organizationId
          return id === undefined ? <Loading /> : <Progress signedIn={signedIn} organizationId={id} />
        }}
      </RequireSignIn>
    </Screen>
  )
}

function Progress({ signedIn, organizationId }: { signedIn: SignedIn; organizationId: OrganizationId }) {
  return <ProgressView screen={useProgress(signedIn, organizationId)} />
}
