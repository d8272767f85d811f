import { HistoryView } from '#features/history/HistoryView'
import { useHistory } from '#features/history/useHistory'
import { Empty } from '#ui/Empty'
import { type SignedIn, useSignedIn } from '#workspace'
import { goTo, Screen } from '../../screen'

export default function HistoryPage() {
  const signedIn = useSignedIn()
  return (
    <Screen title="记录" isTab>
      {signedIn === undefined ? (
        <Empty
          title="登录后可以看到自己的记录"
          action={{ label: '登录', onPress: goTo('/pages/sign-in/index') }}
        />
      ) : (
        <History signedIn={signedIn} />
      )}
    </Screen>
  )
}

function History({ signedIn }: { signedIn: SignedIn }) {
  return <HistoryView screen={useHistory(signedIn)} onMakeUp={goTo('/packages/member/make-up/index')} />
}
