import { useRouter } from '@tarojs/taro'
import * as v from 'valibot'
import { gatheringKeySchema } from '#domain/gathering-key'
import { type BranchId, branchIdSchema } from '#domain/ids'
import { MinutesView } from '#features/meetings/MinutesView'
import { useMinutes } from '#features/meetings/useMinutes'
import type { SignedIn } from '#workspace'
import { RequireSignIn, Screen } from '../../../screen'

export default function MinutesPage() {
  const { params } = useRouter()
  const branchId = v.parse(branchIdSchema, params.branch)
  const of = v.parse(gatheringKeySchema, params.of)
  return (
    <Screen title="会议记录">
      <RequireSignIn>
        {(signedIn) => <MinutesOf signedIn={signedIn} branchId={branchId} of={of} />}
      </RequireSignIn>
    </Screen>
  )
}

function MinutesOf({ signedIn, branchId, of }: { signedIn: SignedIn; branchId: BranchId; of: string }) {
  return <MinutesView screen={useMinutes(signedIn, branchId, of)} />
}
