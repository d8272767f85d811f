import { useState } from 'react'
import { dayOf } from '#domain/day'
import { meetingIdOf, meetingsOf } from '#domain/gathering-key'
import type { BranchId } from '#domain/ids'
import { isOn, type MeetingKind } from '#domain/meeting'
import {
  emptyMeetingForm,
  type MeetingForm,
  type MeetingProblems,
  meetingFormFrom,
  planFrom,
} from '#domain/meeting-form'
import { groupOn, groupsOn, isExpectedOn } from '#domain/membership'
import { planOf } from '#domain/plan-progress'
import { branchScope, reviewScope } from '#domain/scopes'
import { topicsOn } from '#domain/study-plan'
import { dayFrom } from '#domain/typed'
import { type SignedIn, useSubmit, useWorkspace } from '#workspace'
import type { MeetingFormScreen } from './MeetingFormView'

/** Of a meeting that is there, or with no id of a new one. */
export function useMeetingForm(
  { replica }: SignedIn,
  branchId: BranchId,
  id: string | undefined,
  onSaved: () => void,
): MeetingFormScreen {
  const workspace = useWorkspace()
  const scope = branchScope(branchId)
  const today = dayOf(replica.now())
  const meeting = id === undefined ? undefined : replica.get(scope, 'meeting', id)
  const { settings, organizationId } = replica.get(scope, 'branch', 'branch') ?? {}
  const place = settings?.place ?? ''
  const [form, setForm] = useState<MeetingForm>(() =>
    meeting === undefined ? emptyMeetingForm(today, place) : meetingFormFrom(meeting),
  )
  const [problems, setProblems] = useState<MeetingProblems>({})
  const { problem, submit } = useSubmit()
  const isFixed = meeting === undefined || meeting.state === 'cancelled' || meeting.filedAt !== undefined
  if (id !== undefined && isFixed) return { state: 'none' }

  const expected = replica
    .list(reviewScope(branchId), 'membership', '')
    .filter((each) => isExpectedOn(each, today))
  const save = async () => {
    const made = planFrom(form, today)
    setProblems('problems' in made ? made.problems : {})
    if ('problems' in made) return
    const result = await submit(
      meeting === undefined
        ? replica.submit('plan-meeting', scope, { ...made.plan, id: newIdFor(made.plan.heldOn) })
        : replica.submit('change-meeting', scope, { ...made.plan, id: meeting.id, version: meeting.version }),
    )
    if (result?.outcome === 'recorded') onSaved()
  }
  return {
    state: 'ready',
    isNew: meeting === undefined,
    isClosed: meeting?.state === 'closed',
    form,
    problems,
    people: expected.map((each) => ({ id: each.personId, name: each.name })),
    groups: groupsOn(expected, today),
    planTopics: topicsFor(form.day),
    problem,
    onChange: (changed) => setForm((now) => ({ ...now, ...about(changed), ...attending(changed) })),
    onSave: () => void save(),
  }

  /** Of the year's plan, due on the day that is typed. */
  function topicsFor(words: string) {
    const day = dayFrom(words, Number(today.slice(0, 4)))
    if (day === undefined || organizationId === undefined) return []
    return topicsOn(planOf(replica, organizationId, branchId, Number(day.slice(0, 4))), day)
  }

  function newIdFor(heldOn: string) {
    return meetingIdOf(Number(heldOn.slice(0, 4)), workspace.newName())
  }

  /** A group is whoever is in it; another kind, whoever came to the last of that kind. */
  function attending({ kind, group }: Partial<MeetingForm>): Partial<MeetingForm> {
    if (kind !== undefined) return { attends: lastAttending(kind), group: '' }
    if (group === undefined || group === '') return {}
    return { attends: expected.filter((each) => groupOn(each, today) === group).map((each) => each.personId) }
  }

  /** Who came to the last one of this kind: nobody is chosen twice. */
  function lastAttending(kind: MeetingKind) {
    const year = Number(today.slice(0, 4))
    const last = [year - 1, year]
      .flatMap((each) => replica.list(scope, 'meeting', meetingsOf(each)))
      .filter((each) => isOn(each) && each.kind === kind)
      .sort((a, b) => a.startsAt - b.startsAt)
      .pop()
    return last?.attends ?? []
  }
}

/** Other words are about something else. */
const about = (changed: Partial<MeetingForm>): Partial<MeetingForm> =>
  changed.topic === undefined ? changed : { planTopicId: '', ...changed }
