import { useRouter } from '@tarojs/taro'
import * as v from 'valibot'
import { type BranchId, branchIdSchema } from '#domain/ids'
import { LedgerView } from '#features/ledger/LedgerView'
import { useLedger } from '#features/ledger/useLedger'
import { TallyCard } from '#features/register/RegisterView'
import type { SignedIn } from '#workspace'
import { RequireSignIn, Screen } from '../../../screen'

export default function LedgerPage() {
  const branchId = v.parse(branchIdSchema, useRouter().params.branch)
  return (
    <Screen title="台账与导出">
      <RequireSignIn>{(signedIn) => <Ledger signedIn={signedIn} branchId={branchId} />}</RequireSignIn>
    </Screen>
  )
}

function Ledger({ signedIn, branchId }: { signedIn: SignedIn; branchId: BranchId }) {
  const screen = useLedger(signedIn, branchId)
  const totals = screen.state === 'ready' ? <TallyCard tally={screen.ledger.total} /> : undefined
  return <LedgerView screen={screen} totals={totals} />
}
