import { AboutView } from '#features/public/AboutView'
import { useWorkspaceState } from '#workspace'
import { Screen } from '../../screen'

export default function AboutPage() {
  const { welcome } = useWorkspaceState()
  return (
    <Screen title="关于">
      <AboutView organization={welcome?.organization?.name} version={process.env.APP_VERSION ?? ''} />
    </Screen>
  )
}
