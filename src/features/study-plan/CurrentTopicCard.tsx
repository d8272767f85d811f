import { dayOf } from '#domain/day'
import type { BranchId, OrganizationId } from '#domain/ids'
import { planOf, type TopicState, topicCounts } from '#domain/plan-progress'
import { topicsOn } from '#domain/study-plan'
import { topicStateWords } from '#domain/words'
import { Card } from '#ui/Card'
import { Meta } from '#ui/Meta'
import { Row } from '#ui/Row'
import type { SignedIn } from '#workspace'
import { spanText } from './plan-words'

/** What the plan has for today, and the way to all of it. */
export function CurrentTopicCard({
  signedIn: { replica },
  organizationId,
  branchId,
  onTopic,
  onPlan,
}: {
  signedIn: SignedIn
  organizationId: OrganizationId
  branchId: BranchId | undefined
  onTopic: (year: number, id: string) => void
  onPlan: () => void
}) {
  const today = dayOf(replica.now())
  const year = Number(today.slice(0, 4))
  const phases = planOf(replica, organizationId, branchId, year)
  const counts = branchId === undefined ? {} : topicCounts(replica, branchId, year)
  return (
    <>
      {topicsOn(phases, today).map((topic) => (
        <Card
          key={topic.id}
          eyebrow={phases.find(({ topics }) => topics.includes(topic))?.name ?? ''}
          aside={spanText(topic)}
          title={topic.title}
        >
          {branchId !== undefined && <Meta text={heldText(counts[topic.id])} />}
          <Row title="材料和交流题目" onPress={() => onTopic(year, topic.id)} />
        </Card>
      ))}
      <Card>
        <Row
          title="学习计划"
          detail={phases.length === 0 ? '今年还没有下发' : `${year} 年，${phases.length} 个阶段`}
          onPress={onPlan}
        />
      </Card>
    </>
  )
}

function heldText(counts: { readonly held: number; readonly planned: number } | undefined): string {
  const said = (state: TopicState, count: number) => `${topicStateWords[state]} ${count} 次`
  if (counts === undefined) return '支部还没有安排'
  return [said('held', counts.held), said('planned', counts.planned)].join(' · ')
}
