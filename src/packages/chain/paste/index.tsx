import { useRouter } from '@tarojs/taro'
import * as v from 'valibot'
import { weekSchema } from '#domain/day'
import { type BranchId, branchIdSchema } from '#domain/ids'
import { ChainView } from '#features/chain/ChainView'
import { useChain } from '#features/chain/useChain'
import type { SignedIn } from '#workspace'
import { RequireSignIn, Screen } from '../../../screen'

export default function ChainPage() {
  const { params } = useRouter()
  const branchId = v.parse(branchIdSchema, params.branch)
  const week = v.parse(weekSchema, params.week)
  return (
    <Screen title="群接龙">
      <RequireSignIn>
        {(signedIn) => <Chain signedIn={signedIn} branchId={branchId} week={week} />}
      </RequireSignIn>
    </Screen>
  )
}

function Chain({ signedIn, branchId, week }: { signedIn: SignedIn; branchId: BranchId; week: string }) {
  return <ChainView screen={useChain(signedIn, branchId, week)} />
}
