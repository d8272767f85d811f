import { useRouter } from '@tarojs/taro'
import * as v from 'valibot'
import { gatheringKeySchema } from '#domain/gathering-key'
import { type BranchId, branchIdSchema, type PersonId, personIdSchema } from '#domain/ids'
import { LineView } from '#features/register/LineView'
import { useLine } from '#features/register/useLine'
import type { SignedIn } from '#workspace'
import { RequireSignIn, Screen } from '../../../screen'

interface Where {
  readonly branchId: BranchId
  readonly week: string
  readonly memberId: PersonId
}

export default function LinePage() {
  const { params } = useRouter()
  const where = {
    branchId: v.parse(branchIdSchema, params.branch),
    week: v.parse(gatheringKeySchema, params.week),
    memberId: v.parse(personIdSchema, params.member),
  }
  return (
    <Screen title="登记">
      <RequireSignIn>{(signedIn) => <Line signedIn={signedIn} where={where} />}</RequireSignIn>
    </Screen>
  )
}

function Line({ signedIn, where }: { signedIn: SignedIn; where: Where }) {
  return <LineView screen={useLine(signedIn, where.branchId, where.week, where.memberId)} />
}
