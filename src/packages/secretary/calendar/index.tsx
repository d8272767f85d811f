import { useRouter } from '@tarojs/taro'
import * as v from 'valibot'
import { type BranchId, branchIdSchema } from '#domain/ids'
import { ScheduleView } from '#features/calendar/ScheduleView'
import { useSchedule } from '#features/calendar/useSchedule'
import type { SignedIn } from '#workspace'
import { goTo, RequireSignIn, Screen } from '../../../screen'

export default function SchedulePage() {
  const branchId = v.parse(branchIdSchema, useRouter().params.branch)
  return (
    <Screen title="学习日程">
      <RequireSignIn>{(signedIn) => <Schedule signedIn={signedIn} branchId={branchId} />}</RequireSignIn>
    </Screen>
  )
}

function Schedule({ signedIn, branchId }: { signedIn: SignedIn; branchId: BranchId }) {
  const screen = useSchedule(signedIn, branchId, {
    openPlan: (week) => goTo(`/packages/secretary/plan/index?branch=${branchId}&week=${week}`)(),
    openSettings: goTo(`/packages/secretary/settings/index?branch=${branchId}`),
  })
  return <ScheduleView screen={screen} />
}
