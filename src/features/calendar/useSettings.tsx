import { useState } from 'react'
import { dayOf, weekOf, weeksFrom } from '#domain/day'
import type { BranchId } from '#domain/ids'
import { branchScope, organizationScope } from '#domain/scopes'
import { formFrom, type SettingsForm, type SettingsProblems, settingsFrom } from '#domain/settings-form'
import type { Branch } from '#domain/weekly-study'
import { type SignedIn, useSubmit } from '#workspace'
import type { SettingsScreen } from './SettingsView'

/** As far as a study that these settings count for is looked for: over any holiday. */
const weeksAhead = 8

export function useSettings({ replica }: SignedIn, branchId: BranchId): SettingsScreen {
  const { problem, submit } = useSubmit()
  const branch = replica.get(branchScope(branchId), 'branch', 'branch')
  // The branch as it was when somebody began to type: what changed since is not overwritten unseen.
  const [edited, setEdited] = useState<{ from: Branch; form: SettingsForm }>()
  const [problems, setProblems] = useState<SettingsProblems>({})
  const [isSaved, setSaved] = useState(false)
  if (branch === undefined) return { state: 'loading' }

  const { from, form } = edited ?? { from: branch, form: formFrom(branch.settings) }
  const save = async () => {
    setSaved(false)
    const read = settingsFrom(form)
    setProblems('problems' in read ? read.problems : {})
    if ('problems' in read) return
    const args = { settings: read.settings, version: from.version }
    const result = await submit(replica.submit('change-branch-settings', branchScope(branchId), args))
    if (result?.outcome === 'recorded') {
      setEdited(undefined)
      setSaved(true)
    } else if (result?.outcome === 'refused' && result.refusal.code === 'changed-meanwhile') {
      setEdited(undefined) // the screen shows what holds now
    }
  }
  const now = replica.now()
  const next = weeksFrom(weekOf(dayOf(now)), weeksAhead)
    .map((week) => replica.get(branchScope(branchId), 'weekly-study', week))
    .find((study) => study?.state === 'open' && !study.isOverridden && now < study.opensAt)
  return {
    state: 'ready',
    form,
    problems,
    problem,
    isSaved,
    ruleAbove: replica.get(organizationScope(branch.organizationId), 'organization', 'organization')
      ?.weekRule,
    countsFrom: next?.state === 'open' ? next.heldOn : undefined,
    onForm: (change) => {
      setSaved(false)
      setEdited({ from, form: { ...form, ...change } })
    },
    onSave: () => void save(),
  }
}
