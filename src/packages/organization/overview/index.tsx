import type { OrganizationId } from '#domain/ids'
import { OrganizationExports } from '#features/ledger/OrganizationExports'
import { OverviewView } from '#features/overview/OverviewView'
import { useOverview } from '#features/overview/useOverview'
import type { SignedIn } from '#workspace'
import { goTo, RequireOrganization, Screen } from '../../../screen'

export default function OverviewPage() {
  return (
    <Screen title="各支部情况" wide>
      <RequireOrganization>
        {(signedIn, organizationId) => <Overview signedIn={signedIn} organizationId={organizationId} />}
      </RequireOrganization>
    </Screen>
  )
}

function Overview({ signedIn, organizationId }: { signedIn: SignedIn; organizationId: OrganizationId }) {
  const screen = useOverview(signedIn, organizationId, {
    onDesk: goTo('/packages/organization/desk/index'),
    onHolidays: goTo('/packages/organization/calendar/index'),
    onTopics: goTo('/packages/organization/topics/index'),
    onStudyPlan: goTo('/packages/organization/study-plan/index'),
    onProgress: goTo('/packages/organization/progress/index'),
    onJoint: goTo('/packages/organization/joint/index'),
  })
  const exports =
    screen.state === 'ready' ? (
      <OrganizationExports organizationId={organizationId} week={screen.week} />
    ) : undefined
  return <OverviewView screen={screen} exports={exports} />
}
