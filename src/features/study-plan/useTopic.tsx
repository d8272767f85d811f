import { useState } from 'react'
import { dayOf } from '#domain/day'
import type { BranchId, OrganizationId } from '#domain/ids'
import { gatheringsAbout, planOf, stateOf, topicCounts } from '#domain/plan-progress'
import {
  emptyTopicForm,
  type PlanTopicForm,
  type PlanTopicProblems,
  topicFormFrom,
  topicFrom,
} from '#domain/plan-topic-form'
import { branchScope } from '#domain/scopes'
import type { BranchPlan } from '#domain/study-plan'
import { type SignedIn, useSubmit, useWorkspace } from '#workspace'
import type { TopicScreen } from './TopicView'

export interface TopicAsked {
  readonly organizationId: OrganizationId
  readonly branchId: BranchId | undefined
  readonly year: number
  /** Of a topic that is there, or the phase that a new one is added to. */
  readonly which: { readonly id: string } | { readonly phaseId: string }
}

export function useTopic(
  { replica }: SignedIn,
  { organizationId, branchId, year, which }: TopicAsked,
  onDone: () => void,
): TopicScreen {
  const workspace = useWorkspace()
  const [form, setForm] = useState<PlanTopicForm | undefined>('id' in which ? undefined : emptyTopicForm)
  const [problems, setProblems] = useState<PlanTopicProblems>({})
  const { problem, submit } = useSubmit()
  const phases = planOf(replica, organizationId, branchId, year)
  const phase = phases.find(({ id, topics }) =>
    'id' in which ? topics.some((each) => each.id === which.id) : id === which.phaseId,
  )
  const topic = 'id' in which ? phase?.topics.find((each) => each.id === which.id) : undefined
  if ('id' in which && topic === undefined) return { state: 'none' }

  const own = branchId && replica.get(branchScope(branchId), 'branch-plan', String(year))
  const others = own?.topics.filter((each) => each.topic.id !== topic?.id) ?? []
  const keep = async (topics: BranchPlan['topics']) => {
    if (branchId === undefined) return false
    const plan = { year, confirmed: own?.confirmed, topics, version: own?.version ?? 0 }
    const result = await submit(replica.submit('keep-branch-plan', branchScope(branchId), { plan }))
    return result?.outcome === 'recorded'
  }
  const phaseId = phase?.id ?? ('phaseId' in which ? which.phaseId : '')
  if (form !== undefined) {
    const save = async () => {
      const made = topicFrom(form, topic?.id ?? workspace.newName(), year)
      setProblems('problems' in made ? made.problems : {})
      if ('problems' in made || !(await keep([...others, { phaseId, topic: made.topic }]))) return
      if (topic === undefined) onDone()
      else setForm(undefined)
    }
    return {
      state: 'form',
      isNew: topic === undefined,
      phaseName: phase?.name ?? '',
      form,
      problems,
      problem,
      onChange: (changed) => setForm((now) => ({ ...(now ?? form), ...changed })),
      onSave: () => void save(),
      onBack: topic === undefined ? onDone : () => setForm(undefined),
    }
  }
  if (topic === undefined || phase === undefined) return { state: 'none' }
  const isKeeper = replica
    .authority()
    ?.appointments.some((each) => 'branchId' in each && each.branchId === branchId)
  const withdraw = async () => {
    if ((await keep(others)) && topic.origin === 'own') onDone()
  }
  return {
    state: 'ready',
    phaseName: phase.name,
    topic,
    progress:
      branchId === undefined
        ? undefined
        : stateOf(topic, topicCounts(replica, branchId, year)[topic.id], dayOf(replica.now())),
    gatherings:
      branchId === undefined
        ? []
        : gatheringsAbout(replica, branchId, year).filter((each) => each.planTopicId === topic.id),
    problem,
    onAdapt: isKeeper ? () => setForm(topicFormFrom(topic)) : undefined,
    onWithdraw: isKeeper && topic.origin !== 'above' ? () => void withdraw() : undefined,
  }
}
