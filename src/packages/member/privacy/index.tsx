import { PrivacyView } from '#features/public/PrivacyView'
import { usePrivacy } from '#features/public/usePrivacy'
import { Screen } from '../../../screen'

export default function PrivacyPage() {
  const screen = usePrivacy()
  return (
    <Screen title="隐私保护说明">
      <PrivacyView {...screen} />
    </Screen>
  )
}
