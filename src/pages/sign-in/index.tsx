import { useRouter } from '@tarojs/taro'
import { SignInView } from '#features/sign-in/SignInView'
import { useSignIn } from '#features/sign-in/useSignIn'
import { codeOfScene } from '#protocol/people'
import { goTo, goToTab, Screen } from '../../screen'

export default function SignInPage() {
  const { scene } = useRouter().params
  const screen = useSignIn(codeOfScene(scene), {
    onDone: goToTab('/pages/home/index'),
    onPrivacy: goTo('/packages/member/privacy/index'),
  })
  return (
    <Screen title="登录">
      <SignInView {...screen} />
    </Screen>
  )
}
