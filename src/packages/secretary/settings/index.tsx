import { useRouter } from '@tarojs/taro'
import * as v from 'valibot'
import { type BranchId, branchIdSchema } from '#domain/ids'
import { SettingsView } from '#features/calendar/SettingsView'
import { useSettings } from '#features/calendar/useSettings'
import type { SignedIn } from '#workspace'
import { RequireSignIn, Screen } from '../../../screen'

export default function SettingsPage() {
  const branchId = v.parse(branchIdSchema, useRouter().params.branch)
  return (
    <Screen title="支部设置">
      <RequireSignIn>{(signedIn) => <Settings signedIn={signedIn} branchId={branchId} />}</RequireSignIn>
    </Screen>
  )
}

function Settings({ signedIn, branchId }: { signedIn: SignedIn; branchId: BranchId }) {
  return <SettingsView screen={useSettings(signedIn, branchId)} />
}
