import { MeView } from '#features/me/MeView'
import { useMe } from '#features/me/useMe'
import { goTo, Screen } from '../../screen'

export default function MePage() {
  const screen = useMe({
    onTray: goTo('/packages/member/tray/index'),
    onReminders: goTo('/packages/member/reminders/index'),
    onFeedback: goTo('/packages/member/feedback/index'),
    onAccount: goTo('/packages/member/account/index'),
    onPrivacy: goTo('/packages/member/privacy/index'),
    onPromises: goTo('/pages/promises/index'),
    onAbout: goTo('/pages/about/index'),
    onSignIn: goTo('/pages/sign-in/index'),
  })
  return (
    <Screen title="我的" isTab>
      <MeView {...screen} />
    </Screen>
  )
}
