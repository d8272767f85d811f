// 计划的进度：每个专题在本支部已学、已排还是还没有安排
import type { Day } from './day'
import type { Gathering } from './gathering'
import { meetingsOf } from './gathering-key'
import type { BranchId, OrganizationId } from './ids'
import { isOn } from './meeting'
import type { Read, Records } from './records'
import { branchScope, organizationScope } from './scopes'
import { type BranchPhase, type PlanTopic, phasesOf } from './study-plan'
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

/** Studies and meetings about any topic of the year's plan, in the order of their days. */
export function gatheringsAbout(records: Records, branchId: BranchId, year: number): Gathering[] {
  const scope = branchScope(branchId)
  return [
    ...records.list(scope, 'weekly-study', `${year}-W`).filter(isHeld),
    ...records.list(scope, 'meeting', meetingsOf(year)).filter(isOn),
  ]
    .filter(({ planTopicId }) => planTopicId !== undefined)
    .sort((a, b) => a.startsAt - b.startsAt)
}

/** By the id of the topic; only those that anything is about. */
export function topicCounts(records: Records, branchId: BranchId, year: number): Record<string, TopicCounts> {
  const counts: Record<string, TopicCounts> = {}
  for (const { state, planTopicId = '' } of gatheringsAbout(records, branchId, year)) {
    const { held, planned } = counts[planTopicId] ?? { held: 0, planned: 0 }
    counts[planTopicId] = state === 'closed' ? { held: held + 1, planned } : { held, planned: planned + 1 }
  }
  return counts
}

/** The plan that the branch goes by in a year; without a branch, as it was handed down. */
export function planOf(
  records: Records,
  organizationId: OrganizationId,
  branchId: BranchId | undefined,
  year: number,
): BranchPhase[] {
  const above = records.get(organizationScope(organizationId), 'study-plan', String(year))
  const own = branchId && records.get(branchScope(branchId), 'branch-plan', String(year))
  return phasesOf(above, own)
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
