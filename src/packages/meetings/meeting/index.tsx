import { useRouter, useShareAppMessage } from '@tarojs/taro'
import * as v from 'valibot'
import { meetingIdSchema } from '#domain/gathering-key'
import { type BranchId, branchIdSchema } from '#domain/ids'
import { isOn } from '#domain/meeting'
import { branchScope } from '#domain/scopes'
import { meetingCard } from '#domain/share'
import { OwnPart } from '#features/check-in/OwnPart'
import { useOwnPart } from '#features/check-in/useOwnPart'
import { GatheringExports } from '#features/ledger/GatheringExports'
import { MeetingView } from '#features/meetings/MeetingView'
import { useMeeting } from '#features/meetings/useMeeting'
import { type SignedIn, useSignedIn } from '#workspace'
import { goTo, RequireSignIn, Screen } from '../../../screen'

export default function MeetingPage() {
  const { params } = useRouter()
  const branchId = v.parse(branchIdSchema, params.branch)
  const id = v.parse(meetingIdSchema, params.id)
  const signedIn = useSignedIn()
  useShareAppMessage(() => meetingCard(branchId, signedIn?.replica.get(branchScope(branchId), 'meeting', id)))
  return (
    <Screen title="会议活动">
      <RequireSignIn>
        {(signedIn) => <Meeting signedIn={signedIn} branchId={branchId} id={id} />}
      </RequireSignIn>
    </Screen>
  )
}

function Meeting({ signedIn, branchId, id }: { signedIn: SignedIn; branchId: BranchId; id: string }) {
  const screen = useMeeting(signedIn, branchId, id, {
    openRegister: goTo(`/packages/secretary/register/index?branch=${branchId}&week=${id}`),
    openMinutes: goTo(`/packages/meetings/minutes/index?branch=${branchId}&of=${id}`),
    openPlan: goTo(`/packages/meetings/plan/index?branch=${branchId}&id=${id}`),
  })
  const ownPart = useOwnPart(signedIn, branchId, (key) => goTo(`/packages/member/leave/index?week=${key}`)())
  const meeting = screen.state === 'ready' && isOn(screen.meeting) ? screen.meeting : undefined
  const own = meeting && <OwnPart {...ownPart(meeting)} />
  return (
    <MeetingView screen={screen} own={own} exports={<GatheringExports branchId={branchId} meeting={id} />} />
  )
}
