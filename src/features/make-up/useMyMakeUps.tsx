import { useEffect, useState } from 'react'
import type { GatheringKey } from '#domain/gathering-key'
import { isToMakeUp, type Missed, ownMissed } from '#domain/missed'
import { branchScope } from '#domain/scopes'
import { type SignedIn, useSubmit, useWorkspace } from '#workspace'
import type { MyMakeUpsScreen } from './MyMakeUpsView'

export function useMyMakeUps({ replica }: SignedIn): MyMakeUpsScreen {
  const workspace = useWorkspace()
  const { problem, submit } = useSubmit()
  const [openWeek, setOpenWeek] = useState<GatheringKey>()
  const [reflection, setReflection] = useState('')
  useEffect(() => workspace.watch(), [workspace])

  const branchId = replica.authority()?.branches[0]
  const all = branchId === undefined ? [] : ownMissed(replica, replica.personId, branchId, replica.now())
  const waiting = new Set(
    replica.pending().flatMap(({ command, args }) => {
      const { week } = args as { week?: GatheringKey } // a command of this name has one
      return command.startsWith('record-make-up@') && week !== undefined ? [week] : []
    }),
  )
  const open = all.find(({ line }) => line.week === openWeek)
  const onOpen = (missed: Missed | undefined) => {
    setOpenWeek(missed?.line.week)
    setReflection(missed?.makeUp?.reflection ?? '')
  }
  const onDone = async () => {
    if (branchId === undefined || open === undefined) return
    const args = { week: open.line.week, reflection }
    const result = await submit(replica.submit('record-make-up', branchScope(branchId), args))
    if (result?.outcome === 'recorded') onOpen(undefined)
  }
  return {
    state: 'ready',
    now: replica.now(),
    toDo: all.filter(isToMakeUp),
    done: all
      .filter((missed) => !isToMakeUp(missed))
      .map((missed) => ({ ...missed, isWaiting: waiting.has(missed.line.week) })),
    open,
    reflection,
    problem,
    onOpen,
    onReflection: setReflection,
    onDone: () => void onDone(),
  }
}
