import { useRouter } from '@tarojs/taro'
import * as v from 'valibot'
import { type BranchId, branchIdSchema } from '#domain/ids'
import { useWeeks, WeeksView } from '#features/register/WeeksView'
import type { SignedIn } from '#workspace'
import { goTo, RequireSignIn, Screen } from '../../../screen'

export default function WeeksPage() {
  const branchId = v.parse(branchIdSchema, useRouter().params.branch)
  return (
    <Screen title="各周登记簿">
      <RequireSignIn>{(signedIn) => <Weeks signedIn={signedIn} branchId={branchId} />}</RequireSignIn>
    </Screen>
  )
}

function Weeks({ signedIn, branchId }: { signedIn: SignedIn; branchId: BranchId }) {
  const screen = useWeeks(signedIn, branchId, {
    onOpen: (week) => goTo(`/packages/secretary/register/index?branch=${branchId}&week=${week}`)(),
    onLedger: goTo(`/packages/secretary/ledger/index?branch=${branchId}`),
  })
  return <WeeksView {...screen} />
}
