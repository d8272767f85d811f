import type { OrganizationId } from '#domain/ids'
import { CurrentTopicCard } from '#features/study-plan/CurrentTopicCard'
import { Loading } from '#ui/Loading'
import type { SignedIn } from '#workspace'
import { goTo, RequireSignIn, Screen } from '../../screen'

export default function StudyPage() {
  return (
    <Screen title="学习" isTab>
      <RequireSignIn toGuests="登录后可以看到支部的学习计划">
        {(signedIn) => {
          const id = signedIn.replica.authority()?.organizationId
          return id === undefined ? <Loading /> : <Study signedIn={signedIn} organizationId={id} />
        }}
      </RequireSignIn>
    </Screen>
  )
}

function Study({ signedIn, organizationId }: { signedIn: SignedIn; organizationId: OrganizationId }) {
  const branchId = signedIn.replica.authority()?.branches[0]
  const of = branchId === undefined ? '' : `branch=${branchId}&`
  return (
    <CurrentTopicCard
      signedIn={signedIn}
      organizationId={organizationId}
      branchId={branchId}
      onTopic={(year, id) => goTo(`/packages/study/topic/index?${of}year=${year}&id=${id}`)()}
      onPlan={goTo(`/packages/study/plan/index?${of}`)}
    />
  )
}
