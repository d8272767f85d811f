import { useRouter } from '@tarojs/taro'
import * as v from 'valibot'
import { type BranchId, branchIdSchema, type PersonId, personIdSchema } from '#domain/ids'
import { MembershipView } from '#features/membership/MembershipView'
import { useMembership } from '#features/membership/useMembership'
import type { SignedIn } from '#workspace'
import { RequireSignIn, Screen } from '../../../screen'

export default function MembershipPage() {
  const { params } = useRouter()
  const branchId = v.parse(branchIdSchema, params.branch)
  const memberId = v.parse(personIdSchema, params.member)
  return (
    <Screen title="名册变动">
      <RequireSignIn>
        {(signedIn) => <MembershipOf signedIn={signedIn} branchId={branchId} memberId={memberId} />}
      </RequireSignIn>
    </Screen>
  )
}

function MembershipOf({
  signedIn,
  branchId,
  memberId,
}: {
  signedIn: SignedIn
  branchId: BranchId
  memberId: PersonId
}) {
  return <MembershipView screen={useMembership(signedIn, branchId, memberId)} />
}
