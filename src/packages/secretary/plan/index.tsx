import { useRouter } from '@tarojs/taro'
import * as v from 'valibot'
import { weekSchema } from '#domain/day'
import { type BranchId, branchIdSchema } from '#domain/ids'
import { PlanView } from '#features/plan/PlanView'
import { usePlan } from '#features/plan/usePlan'
import type { SignedIn } from '#workspace'
import { RequireSignIn, Screen } from '../../../screen'

export default function PlanPage() {
  const { params } = useRouter()
  const branchId = v.parse(branchIdSchema, params.branch)
  const week = v.parse(weekSchema, params.week)
  return (
    <Screen title="安排学习">
      <RequireSignIn>
        {(signedIn) => <Plan signedIn={signedIn} branchId={branchId} week={week} />}
      </RequireSignIn>
    </Screen>
  )
}

function Plan({ signedIn, branchId, week }: { signedIn: SignedIn; branchId: BranchId; week: string }) {
  return <PlanView screen={usePlan(signedIn, branchId, week)} />
}
