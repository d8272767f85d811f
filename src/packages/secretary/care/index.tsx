import { useRouter } from '@tarojs/taro'
import * as v from 'valibot'
import { type BranchId, branchIdSchema } from '#domain/ids'
import { CareView } from '#features/care/CareView'
import { useCare } from '#features/care/useCare'
import type { SignedIn } from '#workspace'
import { RequireSignIn, Screen } from '../../../screen'

export default function CarePage() {
  const branchId = v.parse(branchIdSchema, useRouter().params.branch)
  return (
    <Screen title="关心提醒">
      <RequireSignIn>{(signedIn) => <Care signedIn={signedIn} branchId={branchId} />}</RequireSignIn>
    </Screen>
  )
}

function Care({ signedIn, branchId }: { signedIn: SignedIn; branchId: BranchId }) {
  return <CareView {...useCare(signedIn, branchId)} />
}
