import { useRouter } from '@tarojs/taro'
import * as v from 'valibot'
import { meetingIdSchema } from '#domain/gathering-key'
import { type BranchId, branchIdSchema } from '#domain/ids'
import { MeetingFormView } from '#features/meetings/MeetingFormView'
import { useMeetingForm } from '#features/meetings/useMeetingForm'
import type { SignedIn } from '#workspace'
import { goBack, RequireSignIn, Screen } from '../../../screen'

export default function PlanMeetingPage() {
  const { params } = useRouter()
  const branchId = v.parse(branchIdSchema, params.branch)
  const id = v.parse(v.optional(meetingIdSchema), params.id)
  return (
    <Screen title={id === undefined ? '安排会议' : '修改安排'}>
      <RequireSignIn>
        {(signedIn) => <PlanMeeting signedIn={signedIn} branchId={branchId} id={id} />}
      </RequireSignIn>
    </Screen>
  )
}

function PlanMeeting({
  signedIn,
  branchId,
  id,
}: {
  signedIn: SignedIn
  branchId: BranchId
  id: string | undefined
}) {
  return <MeetingFormView screen={useMeetingForm(signedIn, branchId, id, goBack)} />
}
