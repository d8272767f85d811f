import { SignInView } from '#features/sign-in/SignInView'
import { useSignIn } from '#features/sign-in/useSignIn'
import { goToTab, Screen } from '../../screen'

export default function SignInPage() {
  const screen = useSignIn(goToTab('/pages/home/index'))
  return (
    <Screen title="登录">
      <SignInView {...screen} />
    </Screen>
  )
}
