import { useEffect, useState } from 'react'
import type { CorrectionSubject } from '#domain/correction'
import { branchScope, memberScope } from '#domain/scopes'
import { isOfWaiting } from '#sync/overlay'
import { type SignedIn, useSubmit, useWorkspace } from '#workspace'
import type { MyCorrectionsScreen } from './MyCorrectionsView'

/** Undefined for somebody of no branch: there is no secretary to ask. */
export function useMyCorrections({ replica }: SignedIn): MyCorrectionsScreen | undefined {
  const workspace = useWorkspace()
  const { problem, submit } = useSubmit()
  const [subject, setSubject] = useState<CorrectionSubject>()
  const [words, setWords] = useState('')
  useEffect(() => workspace.watch(), [workspace])
  const branchId = replica.authority()?.branches[0]
  if (branchId === undefined) return undefined

  const ask = async () => {
    if (subject === undefined) return
    const result = await submit(replica.submit('ask-correction', branchScope(branchId), { subject, words }))
    if (result?.outcome !== 'recorded') return
    setSubject(undefined)
    setWords('')
  }
  return {
    subject,
    words,
    problem,
    corrections: replica
      .list(memberScope(replica.personId), 'correction', '')
      .map((each) => ({ ...each, isWaiting: isOfWaiting(each.id) }))
      .sort((a, b) => b.askedAt - a.askedAt),
    onSubject: setSubject,
    onWords: setWords,
    onAsk: () => void ask(),
  }
}
