import { HistoryView } from '#features/history/HistoryView'
import { useHistory } from '#features/history/useHistory'
import type { SignedIn } from '#workspace'
import { goTo, RequireSignIn, Screen } from '../../screen'

export default function HistoryPage() {
  return (
    <Screen title="记录" isTab>
      <RequireSignIn toGuests="登录后可以看到自己的记录">
        {(signedIn) => <History signedIn={signedIn} />}
      </RequireSignIn>
    </Screen>
  )
}

function History({ signedIn }: { signedIn: SignedIn }) {
  return <HistoryView screen={useHistory(signedIn)} onMakeUp={goTo('/packages/member/make-up/index')} />
}
