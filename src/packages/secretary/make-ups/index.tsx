import { useRouter } from '@tarojs/taro'
import * as v from 'valibot'
import { type BranchId, branchIdSchema } from '#domain/ids'
import { MakeUpsView } from '#features/make-up/MakeUpsView'
import { useMakeUps } from '#features/make-up/useMakeUps'
import type { SignedIn } from '#workspace'
import { RequireSignIn, Screen } from '../../../screen'

export default function MakeUpsPage() {
  const branchId = v.parse(branchIdSchema, useRouter().params.branch)
  return (
    <Screen title="补学">
      <RequireSignIn>{(signedIn) => <MakeUps signedIn={signedIn} branchId={branchId} />}</RequireSignIn>
    </Screen>
  )
}

function MakeUps({ signedIn, branchId }: { signedIn: SignedIn; branchId: BranchId }) {
  return <MakeUpsView {...useMakeUps(signedIn, branchId)} />
}
