import type { OrganizationId } from '#domain/ids'
import { FeedbackView } from '#features/feedback/FeedbackView'
import { useFeedback } from '#features/feedback/useFeedback'
import { Loading } from '#ui/Loading'
import type { SignedIn } from '#workspace'
import { RequireSignIn, Screen } from '../../../screen'

export default function FeedbackPage() {
  return (
    <Screen title="投诉建议">
      <RequireSignIn evenHalf>
        {(signedIn) => {
          const id = signedIn.replica.authority()?.organizationId
          return id === undefined ? <Loading /> : <Feedback signedIn={signedIn} organizationId={id} />
        }}
      </RequireSignIn>
    </Screen>
  )
}

function Feedback({ signedIn, organizationId }: { signedIn: SignedIn; organizationId: OrganizationId }) {
  return <FeedbackView {...useFeedback(signedIn, organizationId)} />
}
