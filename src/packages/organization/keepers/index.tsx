import { useDidShow } from '@tarojs/taro'
import { KeepersView } from '#features/people/KeepersView'
import { useKeepers } from '#features/people/useKeepers'
import type { SignedIn } from '#workspace'
import { goTo, RequireSignIn, Screen } from '../../../screen'

export default function KeepersPage() {
  return (
    <Screen title="支部与书记">
      <RequireSignIn>{(signedIn) => <Keepers signedIn={signedIn} />}</RequireSignIn>
    </Screen>
  )
}

function Keepers({ signedIn }: { signedIn: SignedIn }) {
  const { screen, sheet, again } = useKeepers(signedIn, {
    openRoster: goTo('/packages/organization/roster/index'),
    openBranch: (id) => goTo(`/packages/secretary/people/index?branch=${id}`)(),
    openAssignment: (id, person) =>
      goTo(`/packages/organization/person/index?branch=${id}&member=${person}`)(),
  })
  useDidShow(again) // back from an import
  return <KeepersView screen={screen} sheet={sheet} />
}
