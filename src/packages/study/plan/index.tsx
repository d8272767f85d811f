import { useRouter } from '@tarojs/taro'
import * as v from 'valibot'
import { type BranchId, branchIdSchema, type OrganizationId } from '#domain/ids'
import { StudyPlanView } from '#features/study-plan/StudyPlanView'
import { useStudyPlan } from '#features/study-plan/useStudyPlan'
import type { SignedIn } from '#workspace'
import { goTo, RequireOrganization, Screen } from '../../../screen'

export default function StudyPlanPage() {
  const branchId = v.parse(v.optional(branchIdSchema), useRouter().params.branch)
  return (
    <Screen title="学习计划">
      <RequireOrganization>
        {(signedIn, organizationId) => (
          <StudyPlan signedIn={signedIn} organizationId={organizationId} branchId={branchId} />
        )}
      </RequireOrganization>
    </Screen>
  )
}

function StudyPlan({
  signedIn,
  organizationId,
  branchId,
}: {
  signedIn: SignedIn
  organizationId: OrganizationId
  branchId: BranchId | undefined
}) {
  const of = branchId === undefined ? '' : `branch=${branchId}&`
  const screen = useStudyPlan(signedIn, organizationId, branchId, {
    onTopic: (year, id) => goTo(`/packages/study/topic/index?${of}year=${year}&id=${id}`)(),
    onAdd: (year, phaseId) => goTo(`/packages/study/topic/index?${of}year=${year}&phase=${phaseId}`)(),
  })
  return <StudyPlanView screen={screen} />
}
