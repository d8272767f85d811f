import type { OrganizationId } from '#domain/ids'
import { ContinueCard } from '#features/reading/ContinueCard'
import { CurrentTopicCard } from '#features/study-plan/CurrentTopicCard'
import { Card } from '#ui/Card'
import { Row } from '#ui/Row'
import type { SignedIn } from '#workspace'
import { pathOfItem } from '../../reading-paths'
import { goTo, RequireOrganization, Screen } from '../../screen'

export default function StudyPage() {
  return (
    <Screen title="学习" isTab>
      <RequireOrganization toGuests="登录后可以看到支部的学习计划">
        {(signedIn, organizationId) => <Study signedIn={signedIn} organizationId={organizationId} />}
      </RequireOrganization>
    </Screen>
  )
}

function Study({ signedIn, organizationId }: { signedIn: SignedIn; organizationId: OrganizationId }) {
  const branchId = signedIn.replica.authority()?.branches[0]
  const of = branchId === undefined ? '' : `branch=${branchId}&`
  return (
    <>
      <ContinueCard
        signedIn={signedIn}
        organizationId={organizationId}
        onItem={(listed) => goTo(pathOfItem(listed))()}
      />
      <CurrentTopicCard
        signedIn={signedIn}
        organizationId={organizationId}
        branchId={branchId}
        onTopic={(year, id) => goTo(`/packages/study/topic/index?${of}year=${year}&id=${id}`)()}
        onPlan={goTo(`/packages/study/plan/index?${of}`)}
      />
      <Card>
        <Row
          title="读书清单"
          detail="上级和支部列的书目，读到哪里、写的笔记"
          onPress={goTo('/packages/reading/lists/index')}
        />
      </Card>
    </>
  )
}
