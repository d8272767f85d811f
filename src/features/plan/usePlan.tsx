import { useState } from 'react'
import type { Week } from '#domain/day'
import type { BranchId } from '#domain/ids'
import { planOf } from '#domain/plan-progress'
import { branchScope } from '#domain/scopes'
import { topicsOn } from '#domain/study-plan'
import { type SignedIn, useSubmit } from '#workspace'
import type { PlanScreen } from './PlanView'

export function usePlan({ replica }: SignedIn, branchId: BranchId, week: Week): PlanScreen {
  const { problem, submit } = useSubmit()
  const scope = branchScope(branchId)
  const study = replica.get(scope, 'weekly-study', week)
  const open = study?.state === 'open' ? study : undefined
  const [topic, setTopic] = useState(open?.topic ?? '')
  const [planTopicId, setPlanTopicId] = useState(open?.planTopicId)
  const [material, setMaterial] = useState(open?.material ?? '')
  const [place, setPlace] = useState(open?.place ?? '')
  const [leadName, setLeadName] = useState(open?.studyLead?.name ?? '')
  const [chosenId, setChosenId] = useState<string | undefined>(open?.studyLead?.personId)
  const [leadError, setLeadError] = useState<string>()
  const [isSaved, setSaved] = useState(false)
  if (open === undefined) return { state: 'none' }

  const organizationId = replica.get(scope, 'branch', 'branch')?.organizationId
  const year = Number(open.heldOn.slice(0, 4))
  const planTopics =
    organizationId === undefined ? [] : topicsOn(planOf(replica, organizationId, branchId, year), open.heldOn)

  const people = replica.list(scope, 'person', '').filter((person) => person.name === leadName.trim())
  const lead =
    people.find((person) => person.id === chosenId) ?? (people.length === 1 ? people[0] : undefined)

  const save = async () => {
    setSaved(false)
    const isMissing = leadName.trim() !== '' && lead === undefined
    setLeadError(
      isMissing
        ? people.length > 1
          ? '有同名的同志，请在下面选一位'
          : '支部里没有这位同志，请核对姓名'
        : undefined,
    )
    if (isMissing) return
    const args = { week, topic, planTopicId, material, place, studyLeadId: lead?.id, version: open.version }
    const result = await submit(replica.submit('plan-weekly-study', scope, args))
    setSaved(result?.outcome === 'recorded')
  }
  return {
    state: 'ready',
    study: open,
    topic,
    material,
    place,
    leadName,
    leadError,
    candidates: people.length > 1 && lead === undefined ? people : [],
    problem,
    isSaved,
    planTopics,
    planTopicId,
    onPlanTopic: (id) => {
      const chosen = planTopics.find((each) => each.id === id)
      if (chosen === undefined) return
      setPlanTopicId(id)
      setTopic(chosen.title)
      setMaterial(chosen.material ?? '')
    },
    onTopic: (words) => {
      setTopic(words)
      setPlanTopicId(undefined) // other words are about something else
    },
    onMaterial: setMaterial,
    onPlace: setPlace,
    onLeadName: (name) => {
      setLeadName(name)
      setChosenId(undefined)
    },
    onCandidate: setChosenId,
    onSave: () => void save(),
  }
}
