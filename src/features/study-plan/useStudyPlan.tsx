import { useState } from 'react'
import { dayOf } from '#domain/day'
import type { BranchId, OrganizationId } from '#domain/ids'
import { planOf, stateOf, topicCounts } from '#domain/plan-progress'
import { branchScope, organizationScope } from '#domain/scopes'
import { type SignedIn, useSubmit } from '#workspace'
import type { StudyPlanScreen } from './StudyPlanView'

/** Of a branch, or without one as it was handed down. */
export function useStudyPlan(
  { replica }: SignedIn,
  organizationId: OrganizationId,
  branchId: BranchId | undefined,
  go: {
    readonly onTopic: (year: number, id: string) => void
    readonly onAdd: (year: number, phaseId: string) => void
  },
): StudyPlanScreen {
  const today = dayOf(replica.now())
  const [year, setYear] = useState(Number(today.slice(0, 4)))
  const { problem, submit } = useSubmit()
  const key = String(year)
  const above = replica.get(organizationScope(organizationId), 'study-plan', key)
  const own = branchId && replica.get(branchScope(branchId), 'branch-plan', key)
  const counts = branchId === undefined ? {} : topicCounts(replica, branchId, year)
  const isKeeper = replica
    .authority()
    ?.appointments.some((each) => 'branchId' in each && each.branchId === branchId)
  const confirm = async () => {
    if (branchId === undefined || above === undefined) return
    const plan = { year, topics: own?.topics ?? [], confirmed: above.version, version: own?.version ?? 0 }
    await submit(replica.submit('keep-branch-plan', branchScope(branchId), { plan }))
  }
  const isToConfirm = isKeeper && above !== undefined && own?.confirmed !== above.version
  return {
    year,
    title: above?.title ?? '',
    isOfBranch: branchId !== undefined,
    phases: planOf(replica, organizationId, branchId, year).map(({ id, name, topics }) => ({
      id,
      name,
      topics: topics.map((topic) => ({ ...topic, state: stateOf(topic, counts[topic.id], today) })),
    })),
    problem,
    onConfirm: isToConfirm ? () => void confirm() : undefined,
    onTopic: (id) => go.onTopic(year, id),
    onAdd: isKeeper ? (phaseId) => go.onAdd(year, phaseId) : undefined,
    onEarlier: () => setYear(year - 1),
    onLater: () => setYear(year + 1),
  }
}
