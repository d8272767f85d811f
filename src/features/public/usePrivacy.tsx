import { useEffect, useState } from 'react'
import * as v from 'valibot'
import { consentVersion, isToAgreeAnew } from '#domain/consent'
import { memberScope } from '#domain/scopes'
import { useSignedIn, useWorkspace, useWorkspaceState } from '#workspace'
import type { PrivacyScreen } from './PrivacyView'

export function usePrivacy(): PrivacyScreen {
  const workspace = useWorkspace()
  const replica = useSignedIn()?.replica
  const { welcome } = useWorkspaceState()
  const [hasAgreed, setAgreed] = useState(false)
  const [isBusy, setBusy] = useState(false)
  const [problem, setProblem] = useState<string>()
  const contract = useContract()

  const agree = async () => {
    setBusy(true)
    const called = await workspace.call(
      { method: 'POST', path: '/v1/me/consent', body: { version: consentVersion } },
      v.undefined(),
    )
    setBusy(false)
    setProblem(called.is === 'said' ? called.message : undefined)
    if (called.is !== 'done') return
    setAgreed(true)
    workspace.syncNow() // the record of it comes down
  }
  const isAsked =
    !hasAgreed &&
    replica !== undefined &&
    isToAgreeAnew(replica.list(memberScope(replica.personId), 'consent', ''))
  return {
    version: consentVersion,
    organization: welcome?.organization?.name,
    agreement: isAsked ? { isBusy, problem, onAgree: () => void agree() } : undefined,
    contract,
  }
}

function useContract(): PrivacyScreen['contract'] {
  const { privacy } = useWorkspace()
  const [name, setName] = useState<string>()
  useEffect(() => {
    void privacy?.setting().then((setting) => setName(setting?.contract))
  }, [privacy])
  return privacy === undefined || name === undefined
    ? undefined
    : { name, onRead: () => privacy.openContract() }
}
