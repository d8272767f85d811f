import { useState } from 'react'
import { dayOf } from '#domain/day'
import type { OrganizationId } from '#domain/ids'
import {
  emptyTopicForm,
  type PlanTopicForm,
  type PlanTopicProblems,
  topicFormFrom,
  topicFrom,
} from '#domain/plan-topic-form'
import { deskScope, organizationScope } from '#domain/scopes'
import { type PlanPhase, type PlanTopic, type StudyPlan, topicsOf } from '#domain/study-plan'
import { type SignedIn, useSubmit, useWorkspace } from '#workspace'
import type { DraftScreen } from './DraftView'

interface Editing {
  readonly phaseId: string
  /** Undefined for a new one. */
  readonly topic: PlanTopic | undefined
  readonly form: PlanTopicForm
  readonly problems: PlanTopicProblems
}

/** The draft of a year's plan. Every change is kept at once, at the admin's desk. */
export function useDraft({ replica }: SignedIn, organizationId: OrganizationId): DraftScreen {
  const workspace = useWorkspace()
  const [year, setYear] = useState(Number(dayOf(replica.now()).slice(0, 4)))
  const [title, setTitle] = useState<string>()
  const [phaseName, setPhaseName] = useState('')
  const [editing, setEditing] = useState<Editing>()
  const [isHandingDown, setHandingDown] = useState(false)
  const [isDone, setDone] = useState(false)
  const { problem, submit } = useSubmit()

  const above = organizationScope(organizationId)
  const draft: StudyPlan = replica.get(deskScope(organizationId), 'study-plan', String(year)) ?? {
    ...{ year, title: '', phases: [], version: 0 },
  }
  const handedDown = replica.get(above, 'study-plan', String(year))
  const save = async (change: Partial<Pick<StudyPlan, 'title' | 'phases'>>) => {
    setDone(false)
    const result = await submit(replica.submit('save-study-plan', above, { plan: { ...draft, ...change } }))
    return result?.outcome === 'recorded'
  }
  const savePhases = (change: (phases: readonly PlanPhase[]) => readonly PlanPhase[]) =>
    save({ phases: [...change(draft.phases)] })
  const ofPhase = (id: string, topics: (before: readonly PlanTopic[]) => readonly PlanTopic[]) =>
    savePhases((phases) =>
      phases.map((phase) => (phase.id === id ? { ...phase, topics: [...topics(phase.topics)] } : phase)),
    )
  const change = (to: number) => {
    setYear(to)
    setTitle(undefined)
    setDone(false)
  }

  if (editing !== undefined) {
    const { phaseId, topic, form, problems } = editing
    const keep = async () => {
      const made = topicFrom(form, topic?.id ?? workspace.newName(), year)
      if ('problems' in made) return setEditing({ ...editing, problems: made.problems })
      const isSaved = await ofPhase(phaseId, (before) =>
        topic === undefined
          ? [...before, made.topic]
          : before.map((each) => (each.id === topic.id ? made.topic : each)),
      )
      if (isSaved) setEditing(undefined)
    }
    const remove = async () => {
      if (await ofPhase(phaseId, (before) => before.filter((each) => each.id !== topic?.id)))
        setEditing(undefined)
    }
    return {
      state: 'topic',
      phaseName: draft.phases.find(({ id }) => id === phaseId)?.name ?? '',
      isNew: topic === undefined,
      form,
      problems,
      problem,
      onChange: (changed) => setEditing((now) => now && { ...now, form: { ...now.form, ...changed } }),
      onSave: () => void keep(),
      onRemove: topic === undefined ? undefined : () => void remove(),
      onBack: () => setEditing(undefined),
    }
  }
  const handDown = async () => {
    setHandingDown(false)
    const result = await submit(replica.submit('hand-down-plan', above, { year, version: draft.version }))
    setDone(result?.outcome === 'recorded')
  }
  const addPhase = async () => {
    const name = phaseName.trim()
    if (name === '') return
    if (await savePhases((phases) => [...phases, { id: workspace.newName(), name, topics: [] }]))
      setPhaseName('')
  }
  const isHandedDown = handedDown !== undefined && handedDown.version === draft.version
  return {
    state: 'ready',
    year,
    title: title ?? draft.title,
    phases: draft.phases,
    phaseName,
    standing: isHandedDown ? 'handed-down' : handedDown === undefined ? 'draft' : 'changed',
    isDone,
    problem,
    confirming: isHandingDown
      ? { onConfirm: () => void handDown(), onCancel: () => setHandingDown(false) }
      : undefined,
    onTitle: setTitle,
    onSaveTitle: title === undefined || title.trim() === draft.title ? undefined : () => void save({ title }),
    onPhaseName: setPhaseName,
    onAddPhase: phaseName.trim() === '' ? undefined : () => void addPhase(),
    onRemovePhase: (id) => void savePhases((phases) => phases.filter((phase) => phase.id !== id)),
    onAddTopic: (phaseId) => setEditing({ phaseId, topic: undefined, form: emptyTopicForm, problems: {} }),
    onTopic: (phaseId, topic) => setEditing({ phaseId, topic, form: topicFormFrom(topic), problems: {} }),
    onHandDown: isHandedDown || topicsOf(draft).length === 0 ? undefined : () => setHandingDown(true),
    onEarlier: () => change(year - 1),
    onLater: () => change(year + 1),
  }
}
