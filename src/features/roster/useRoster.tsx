import { useState } from 'react'
import type { BranchId } from '#domain/ids'
import { rosterDoneSchema, rosterPreviewSchema } from '#protocol/roster'
import { useWorkspace } from '#workspace'
import type { RosterScreen, RosterStep } from './RosterView'

/** With a branch it is the secretary's, without one the admin's for the whole organisation. */
export function useRoster(branchId: BranchId | undefined, onInvite: () => void): RosterScreen {
  const workspace = useWorkspace()
  const [step, setStep] = useState<RosterStep>({ is: 'choosing' })
  const [problem, setProblem] = useState<string>()
  const [busyWith, setBusyWith] = useState<RosterScreen['busyWith']>()
  const [isConfirming, setConfirming] = useState(false)
  const of = branchId === undefined ? '' : `?branch=${branchId}`

  const fetchTemplate = async () => {
    setBusyWith('template')
    setProblem(await workspace.openFile('/v1/rosters/template', '花名册模板.xlsx'))
    setBusyWith(undefined)
  }
  const pick = async () => {
    const file = await workspace.files.pickSheet()
    if (file === undefined) return
    if (typeof file === 'string') return setProblem(file)
    setProblem(undefined)
    setStep({ is: 'reading', fileName: file.name })
    const called = await workspace.call({ path: `/v1/rosters${of}`, file }, rosterPreviewSchema)
    if (called.is === 'said') setProblem(called.message)
    setStep(
      called.is === 'done'
        ? { is: 'previewed', fileName: file.name, preview: called.value }
        : { is: 'choosing' },
    )
  }
  const confirm = async (id: string) => {
    setBusyWith('confirming')
    const request = { method: 'POST', path: `/v1/rosters/confirm${of}`, body: { id } } as const
    const called = await workspace.call(request, rosterDoneSchema)
    setBusyWith(undefined)
    setConfirming(false)
    if (called.is === 'done') setStep({ is: 'done', done: called.value })
    // The answer may have been lost: the same file shows what is still to be written.
    else setProblem(`${called.message}。重新选择同一个文件，可以看到还有哪些没有导入`)
  }
  const id = step.is === 'previewed' ? step.preview.id : undefined
  return {
    isForBranch: branchId !== undefined,
    isInWechat: workspace.isInWechat,
    step,
    problem,
    busyWith,
    isConfirming,
    onTemplate: () => void fetchTemplate(),
    onPick: () => void pick(),
    onAskConfirm: () => {
      setProblem(undefined)
      setConfirming(true)
    },
    onConfirm: () => {
      if (id !== undefined) void confirm(id)
    },
    onCancel: () => setConfirming(false),
    onInvite,
  }
}
