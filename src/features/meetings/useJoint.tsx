import { useState } from 'react'
import { dayOf, weekOf } from '#domain/day'
import { meetingIdOf, meetingsOf } from '#domain/gathering-key'
import type { BranchId, OrganizationId } from '#domain/ids'
import type { JointMeeting } from '#domain/meeting'
import { emptyMeetingForm, type MeetingForm, type MeetingProblems, planFrom } from '#domain/meeting-form'
import { organizationScope, totalsScope } from '#domain/scopes'
import { type SignedIn, useSubmit, useWorkspace } from '#workspace'
import type { JointScreen } from './JointView'

export function useJoint({ replica }: SignedIn, organizationId: OrganizationId): JointScreen {
  const workspace = useWorkspace()
  const { problem, submit } = useSubmit()
  const [form, setForm] = useState<MeetingForm>()
  const [problems, setProblems] = useState<MeetingProblems>({})
  const [chosen, setChosen] = useState<readonly BranchId[]>([])
  const [branchesError, setBranchesError] = useState<string>()
  const [cancelling, setCancelling] = useState<JointMeeting>()

  const scope = organizationScope(organizationId)
  const today = dayOf(replica.now())
  const year = Number(today.slice(0, 4))
  if (form === undefined) {
    return {
      state: 'list',
      meetings: [year, year + 1]
        .flatMap((each) => replica.list(scope, 'joint-meeting', meetingsOf(each)))
        .sort((a, b) => (a.heldOn < b.heldOn ? 1 : -1)),
      cancelling,
      problem,
      onPlan: () => setForm(emptyMeetingForm(today, '')),
      onCancel: setCancelling,
      onConfirm: () => {
        setCancelling(undefined)
        if (cancelling === undefined) return
        const { id, version } = cancelling
        void submit(replica.submit('cancel-joint-meeting', scope, { id, version }))
      },
    }
  }
  const branches = replica
    .list(totalsScope(organizationId), 'branch-totals', `${weekOf(today)}/`)
    .map(({ branchId, branchName }) => ({ id: branchId, name: branchName }))
  const save = async () => {
    const made = planFrom(form, today)
    const isTooFew = chosen.length < 2
    setProblems('problems' in made ? made.problems : {})
    setBranchesError(isTooFew ? '请至少选两个支部' : undefined)
    if ('problems' in made || isTooFew) return
    const { kind, topic, heldOn, starts, ends, place, host, agenda } = made.plan
    const result = await submit(
      replica.submit('plan-joint-meeting', scope, {
        id: meetingIdOf(Number(heldOn.slice(0, 4)), workspace.newName()),
        ...{ kind, topic, heldOn, starts, ends, place, host, agenda },
        branches: branches.filter(({ id }) => chosen.includes(id)),
      }),
    )
    if (result?.outcome === 'recorded') setForm(undefined)
  }
  return {
    state: 'form',
    form,
    problems,
    branches,
    chosen,
    branchesError,
    problem,
    onChange: (changed) => setForm({ ...form, ...changed }),
    onChosen: setChosen,
    onSave: () => void save(),
    onBack: () => setForm(undefined),
  }
}
