import { useRouter } from '@tarojs/taro'
import * as v from 'valibot'
import { branchIdSchema } from '#domain/ids'
import { planYearSchema } from '#domain/study-plan'
import { TopicView } from '#features/study-plan/TopicView'
import { type TopicAsked, useTopic } from '#features/study-plan/useTopic'
import type { SignedIn } from '#workspace'
import { goBack, RequireOrganization, Screen } from '../../../screen'

export default function TopicPage() {
  const { params } = useRouter()
  const branchId = v.parse(v.optional(branchIdSchema), params.branch)
  const year = v.parse(planYearSchema, Number(params.year))
  const which = params.id === undefined ? { phaseId: v.parse(v.string(), params.phase) } : { id: params.id }
  return (
    <Screen title="专题">
      <RequireOrganization>
        {(signedIn, organizationId) => (
          <Topic signedIn={signedIn} asked={{ organizationId, branchId, year, which }} />
        )}
      </RequireOrganization>
    </Screen>
  )
}

function Topic({ signedIn, asked }: { signedIn: SignedIn; asked: TopicAsked }) {
  return <TopicView screen={useTopic(signedIn, asked, goBack)} />
}
