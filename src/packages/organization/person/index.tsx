import { useRouter } from '@tarojs/taro'
import * as v from 'valibot'
import { type BranchId, branchIdSchema, type PersonId, personIdSchema } from '#domain/ids'
import { AssignmentView } from '#features/assignment/AssignmentView'
import { useAssignment } from '#features/assignment/useAssignment'
import type { SignedIn } from '#workspace'
import { RequireSignIn, Screen } from '../../../screen'

export default function PersonPage() {
  const { params } = useRouter()
  const branchId = v.parse(branchIdSchema, params.branch)
  const memberId = v.parse(personIdSchema, params.member)
  return (
    <Screen title="任职与转接">
      <RequireSignIn>
        {(signedIn) => <Person signedIn={signedIn} branchId={branchId} memberId={memberId} />}
      </RequireSignIn>
    </Screen>
  )
}

function Person(props: { signedIn: SignedIn; branchId: BranchId; memberId: PersonId }) {
  return <AssignmentView screen={useAssignment(props.signedIn, props.branchId, props.memberId)} />
}
