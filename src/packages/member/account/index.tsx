import { AccountView } from '#features/account/AccountView'
import { useAccount } from '#features/account/useAccount'
import { MyCorrectionsView } from '#features/correction/MyCorrectionsView'
import { useMyCorrections } from '#features/correction/useMyCorrections'
import type { SignedIn } from '#workspace'
import { goTo, goToTab, RequireSignIn, Screen } from '../../../screen'

export default function AccountPage() {
  return (
    <Screen title="我的账号">
      <RequireSignIn evenHalf>{(signedIn) => <Account signedIn={signedIn} />}</RequireSignIn>
    </Screen>
  )
}

function Account({ signedIn }: { signedIn: SignedIn }) {
  const account = useAccount(signedIn, {
    onPrivacy: goTo('/packages/member/privacy/index'),
    onSignedOut: goToTab('/pages/home/index'),
  })
  const corrections = useMyCorrections(signedIn)
  return (
    <>
      <AccountView {...account} />
      {corrections !== undefined && <MyCorrectionsView {...corrections} />}
    </>
  )
}
