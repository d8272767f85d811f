import { useRouter } from '@tarojs/taro'
import * as v from 'valibot'
import { gatheringKeySchema } from '#domain/gathering-key'
import { AskLeaveView } from '#features/leave/AskLeaveView'
import { useAskLeave } from '#features/leave/useAskLeave'
import type { SignedIn } from '#workspace'
import { RequireSignIn, Screen } from '../../../screen'

export default function LeavePage() {
  const week = v.parse(gatheringKeySchema, useRouter().params.week)
  return (
    <Screen title="请假">
      <RequireSignIn>{(signedIn) => <AskLeave signedIn={signedIn} week={week} />}</RequireSignIn>
    </Screen>
  )
}

function AskLeave({ signedIn, week }: { signedIn: SignedIn; week: string }) {
  return <AskLeaveView screen={useAskLeave(signedIn, week)} />
}
