import { useEffect, useState } from 'react'
import { carePromptsOf } from '#domain/care'
import type { BranchId, PersonId } from '#domain/ids'
import { branchScope } from '#domain/scopes'
import { type SignedIn, useSubmit, useWorkspace } from '#workspace'
import type { CareScreen } from './CareView'

export function useCare({ replica }: SignedIn, branchId: BranchId): CareScreen {
  const workspace = useWorkspace()
  const { problem, submit } = useSubmit()
  const [chosenId, setChosenId] = useState<PersonId>()
  const [note, setNote] = useState('')
  useEffect(() => workspace.watch(), [workspace])

  const prompts = carePromptsOf(replica, replica.personId, branchId, replica.now())
  const chosen = prompts.find(({ memberId }) => memberId === chosenId)
  const onNote = async () => {
    if (chosen === undefined) return
    const { memberId, throughWeek } = chosen
    const args = { memberId, throughWeek, note }
    const result = await submit(replica.submit('note-care', branchScope(branchId), args))
    if (result?.outcome === 'recorded') setChosenId(undefined)
  }
  return {
    prompts,
    chosen,
    note,
    problem,
    onChoose: (next) => {
      setNote('')
      setChosenId(next?.memberId)
    },
    onType: setNote,
    onNote: () => void onNote(),
  }
}
