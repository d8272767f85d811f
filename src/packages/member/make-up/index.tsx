import { CreditsCard } from '#features/credit/CreditsCard'
import { useCredits } from '#features/credit/useCredits'
import { MyMakeUpsView } from '#features/make-up/MyMakeUpsView'
import { useMyMakeUps } from '#features/make-up/useMyMakeUps'
import type { SignedIn } from '#workspace'
import { RequireSignIn, Screen } from '../../../screen'

export default function MakeUpPage() {
  return (
    <Screen title="补学与学时">
      <RequireSignIn>{(signedIn) => <MakeUpAndCredits signedIn={signedIn} />}</RequireSignIn>
    </Screen>
  )
}

function MakeUpAndCredits({ signedIn }: { signedIn: SignedIn }) {
  const makeUps = useMyMakeUps(signedIn)
  const credits = useCredits(signedIn)
  const isWriting = makeUps.state === 'ready' && makeUps.open !== undefined
  return (
    <>
      <MyMakeUpsView screen={makeUps} />
      {!isWriting && makeUps.state === 'ready' && credits !== undefined && <CreditsCard {...credits} />}
    </>
  )
}
