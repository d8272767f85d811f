// 计划的进度：每个专题在本支部已学、已排还是还没有安排
import type { Day } from './day'
import { meetingsOf } from './gathering-key'
import type { BranchId } from './ids'
import { isOn } from './meeting'
import type { Read, Records } from './records'
import { branchScope } from './scopes'
import type { PlanTopic } from './study-plan'
import { isHeld } from './weekly-study'

/** How many studies and meetings were about a topic. */
export interface TopicCounts {
  /** Their register is closed. */
  readonly held: number
  readonly planned: number
}

/** 已学 / 已安排 / 未安排 / 未到时间 */
export type TopicState = 'held' | 'planned' | 'missing' | 'ahead'

/** What {@link topicCounts} looks at. */
export const readTopicCounts = (branchId: BranchId, year: number): Read[] => [
  { scope: branchScope(branchId), type: 'weekly-study', prefix: `${year}-W` },
  { scope: branchScope(branchId), type: 'meeting', prefix: meetingsOf(year) },
]

/** By the id of the topic; only those that anything is about. */
export function topicCounts(records: Records, branchId: BranchId, year: number): Record<string, TopicCounts> {
  const scope = branchScope(branchId)
  const gatherings = [
    ...records.list(scope, 'weekly-study', `${year}-W`).filter(isHeld),
    ...records.list(scope, 'meeting', meetingsOf(year)).filter(isOn),
  ]
  const counts: Record<string, TopicCounts> = {}
  for (const { state, planTopicId } of gatherings) {
    if (planTopicId === undefined) continue
    const { held, planned } = counts[planTopicId] ?? { held: 0, planned: 0 }
    counts[planTopicId] = state === 'closed' ? { held: held + 1, planned } : { held, planned: planned + 1 }
  }
  return counts
}

/** Missing is only what should have begun: what lies ahead can still be planned. */
export function stateOf(
  { from }: Pick<PlanTopic, 'from'>,
  counts: TopicCounts | undefined,
  today: Day,
): TopicState {
  if (counts !== undefined && counts.held > 0) return 'held'
  if (counts !== undefined && counts.planned > 0) return 'planned'
  return today < from ? 'ahead' : 'missing'
}
