import { useEffect, useState } from 'react'
import { addDays, dayOf, mondayOf, type Week, weekOf, weeksFrom } from '#domain/day'
import type { BranchId } from '#domain/ids'
import { branchScope, organizationScope } from '#domain/scopes'
import { horizonWarning } from '#domain/week-rule'
import { isHeld, type WeeklyStudy } from '#domain/weekly-study'
import { type SignedIn, useSubmit, useWorkspace } from '#workspace'
import type { Destination, ScheduleScreen } from './ScheduleView'

/** Half a year; the server plans a whole one. */
const pageLength = 26

interface Opened {
  /** As it was when it was opened: a change to one that has changed since is refused. */
  readonly study: WeeklyStudy
  readonly to: Destination | undefined
  readonly reason: string
  readonly hasTried: boolean
}

export function useSchedule(
  { replica }: SignedIn,
  branchId: BranchId,
  go: { openPlan: (week: Week) => void; openSettings: () => void },
): ScheduleScreen {
  const workspace = useWorkspace()
  const { problem, submit } = useSubmit()
  const [length, setLength] = useState(pageLength)
  const [opened, setOpened] = useState<Opened>()
  useEffect(() => workspace.watch(), [workspace])

  const scope = branchScope(branchId)
  const authority = replica.authority()
  const branch = replica.get(scope, 'branch', 'branch')
  if (authority === undefined || branch === undefined) return { state: 'loading' }

  const isSecretary = authority.appointments.some(
    (each) => each.role === 'secretary' && each.branchId === branchId,
  )
  const today = dayOf(replica.now())
  const weeks = weeksFrom(weekOf(today), length)
  const lastDay = addDays(mondayOf(weekOf(today)), length * 7 - 1)
  const studyOf = (week: Week) => replica.get(scope, 'weekly-study', week)
  const horizon = replica.get(organizationScope(branch.organizationId), 'horizon', 'horizon')

  const open = (week: Week) => {
    const study = studyOf(week)
    if (isSecretary && study !== undefined) {
      setOpened({ study, to: destinationOf(study), reason: '', hasTried: false })
    } else go.openPlan(week)
  }
  const save = async ({ study, to, reason }: Opened) => {
    const { week, version } = study
    const args = { week, reason, version, ...(to === 'not-held' ? {} : { heldOn: to }) }
    const result = await submit(replica.submit('override-week', scope, args))
    if (result?.outcome === 'recorded') return setOpened(undefined)
    // What was typed stays; above it what holds now.
    setOpened({ study: studyOf(week) ?? study, to, reason, hasTried: true })
  }
  return {
    state: 'ready',
    studies: weeks.flatMap((week) => studyOf(week) ?? []),
    horizon: horizon && horizonWarning(horizon, lastDay),
    change: opened && {
      study: opened.study,
      days: daysFrom(opened.study.week, today),
      to: opened.to,
      reason: opened.reason,
      problem: opened.hasTried ? problem : undefined,
      onTo: (to) => setOpened({ ...opened, to }),
      onReason: (reason) => setOpened({ ...opened, reason }),
      onSave: isComplete(opened) ? () => void save(opened) : undefined,
      onPlan: isHeld(opened.study) ? () => go.openPlan(opened.study.week) : undefined,
      onCancel: () => setOpened(undefined),
    },
    onOpen: open,
    onMore:
      studyOf(weekOf(addDays(lastDay, 1))) === undefined ? undefined : () => setLength(length + pageLength),
    onSettings: isSecretary ? go.openSettings : undefined,
  }
}

const daysFrom = (week: Week, today: string) =>
  [0, 1, 2, 3, 4, 5, 6].map((count) => addDays(mondayOf(week), count)).filter((day) => day >= today)

/** Where a week goes as things are; nobody knows while its day is unconfirmed. */
function destinationOf(study: WeeklyStudy): Destination | undefined {
  if (isHeld(study)) return study.heldOn
  return study.state === 'not-held' ? 'not-held' : undefined
}

const isComplete = ({ study, to, reason }: Opened) =>
  to !== undefined && to !== destinationOf(study) && reason.trim() !== ''
