import { AboutView } from '#features/public/AboutView'
import { useWorkspaceState } from '#workspace'
import { goTo, Screen } from '../../screen'

export default function AboutPage() {
  const { phase, welcome } = useWorkspaceState()
  return (
    <Screen title="关于">
      <AboutView
        organization={welcome?.organization?.name}
        about={welcome?.about}
        version={process.env.APP_VERSION ?? ''}
        onPrivacy={goTo('/packages/member/privacy/index')}
        onPromises={goTo('/pages/promises/index')}
        onFeedback={phase.is === 'signed-in' ? goTo('/packages/member/feedback/index') : undefined}
      />
    </Screen>
  )
}
