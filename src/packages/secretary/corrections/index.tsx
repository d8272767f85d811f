import { useRouter } from '@tarojs/taro'
import * as v from 'valibot'
import { type BranchId, branchIdSchema } from '#domain/ids'
import { CorrectionsView } from '#features/correction/CorrectionsView'
import { useCorrections } from '#features/correction/useCorrections'
import type { SignedIn } from '#workspace'
import { RequireSignIn, Screen } from '../../../screen'

export default function CorrectionsPage() {
  const branchId = v.parse(branchIdSchema, useRouter().params.branch)
  return (
    <Screen title="更正申请">
      <RequireSignIn>{(signedIn) => <Corrections signedIn={signedIn} branchId={branchId} />}</RequireSignIn>
    </Screen>
  )
}

function Corrections({ signedIn, branchId }: { signedIn: SignedIn; branchId: BranchId }) {
  return <CorrectionsView {...useCorrections(signedIn, branchId)} />
}
