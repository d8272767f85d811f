import { TrayView } from '#features/tray/TrayView'
import { useTray } from '#features/tray/useTray'
import type { SignedIn } from '#workspace'
import { RequireSignIn, Screen } from '../../../screen'

export default function TrayPage() {
  return (
    <Screen title="未送达">
      <RequireSignIn evenHalf>{(signedIn) => <Tray signedIn={signedIn} />}</RequireSignIn>
    </Screen>
  )
}

function Tray({ signedIn }: { signedIn: SignedIn }) {
  return <TrayView {...useTray(signedIn)} />
}
