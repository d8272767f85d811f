import { useRouter } from '@tarojs/taro'
import * as v from 'valibot'
import { gatheringKeySchema } from '#domain/gathering-key'
import { type BranchId, branchIdSchema } from '#domain/ids'
import { RegisterDock, RegisterView, registerNote } from '#features/register/RegisterView'
import { useRegister } from '#features/register/useRegister'
import type { SignedIn } from '#workspace'
import { goTo, RequireSignIn, Screen } from '../../../screen'

export default function RegisterPage() {
  const { params } = useRouter()
  const branchId = v.parse(branchIdSchema, params.branch)
  const week = v.parse(gatheringKeySchema, params.week)
  return (
    <RequireSignIn title="登记簿">
      {(signedIn) => <Register signedIn={signedIn} branchId={branchId} week={week} />}
    </RequireSignIn>
  )
}

function Register({ signedIn, branchId, week }: { signedIn: SignedIn; branchId: BranchId; week: string }) {
  const where = `branch=${branchId}&week=${week}`
  const screen = useRegister(signedIn, branchId, week, {
    openLine: (memberId) => goTo(`/packages/secretary/line/index?${where}&member=${memberId}`)(),
    openPlan: goTo(`/packages/secretary/plan/index?${where}`),
    openChain: goTo(`/packages/chain/paste/index?${where}`),
    openCode: goTo(`/packages/secretary/code/index?${where}`),
    openMinutes: goTo(`/packages/meetings/minutes/index?branch=${branchId}&of=${week}`),
  })
  return (
    <Screen
      title="登记簿"
      note={screen.state === 'ready' ? registerNote(screen.review) : undefined}
      wide
      dock={screen.state === 'ready' ? <RegisterDock screen={screen} /> : undefined}
    >
      <RegisterView screen={screen} />
    </Screen>
  )
}
