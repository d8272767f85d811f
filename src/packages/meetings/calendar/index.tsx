import { useRouter } from '@tarojs/taro'
import * as v from 'valibot'
import { type BranchId, branchIdSchema } from '#domain/ids'
import { CalendarView } from '#features/meetings/CalendarView'
import { useCalendar } from '#features/meetings/useCalendar'
import type { SignedIn } from '#workspace'
import { goTo, RequireSignIn, Screen } from '../../../screen'

export default function CalendarPage() {
  const branchId = v.parse(branchIdSchema, useRouter().params.branch)
  return (
    <Screen title="支部日程">
      <RequireSignIn>{(signedIn) => <Calendar signedIn={signedIn} branchId={branchId} />}</RequireSignIn>
    </Screen>
  )
}

function Calendar({ signedIn, branchId }: { signedIn: SignedIn; branchId: BranchId }) {
  const screen = useCalendar(signedIn, branchId, {
    openMeeting: (id) => goTo(`/packages/meetings/meeting/index?branch=${branchId}&id=${id}`)(),
    openRegister: (week) => goTo(`/packages/secretary/register/index?branch=${branchId}&week=${week}`)(),
    openPlan: goTo(`/packages/meetings/plan/index?branch=${branchId}`),
  })
  return <CalendarView screen={screen} />
}
