import { useState } from 'react'
import { branchScope } from '#domain/scopes'
import { roleWords } from '#domain/words'
import type { Replica } from '#sync/replica'
import { useSignedIn, useWorkspace, useWorkspaceState } from '#workspace'
import type { MeScreen } from './MeView'

export function useMe(
  go: Pick<
    MeScreen,
    | 'onTray'
    | 'onReminders'
    | 'onAccount'
    | 'onPrivacy'
    | 'onFeedback'
    | 'onPromises'
    | 'onAbout'
    | 'onSignIn'
  >,
): MeScreen {
  const workspace = useWorkspace()
  const { isLargeType } = useWorkspaceState()
  const signedIn = useSignedIn()
  const [isLeaving, setLeaving] = useState(false)
  const replica = signedIn?.replica
  return {
    ...go,
    person: signedIn && { name: signedIn.name, parts: partsOf(signedIn.replica) },
    waiting: (replica?.pending().length ?? 0) + (replica?.deadLetters().length ?? 0),
    isLargeType,
    isLeaving,
    onLargeType: (isOn) => void workspace.setLargeType(isOn),
    onLeaving: setLeaving,
    onSignOut: () => {
      setLeaving(false)
      void workspace.signOut()
    },
  }
}

/** 「第三党支部 · 支部书记」 */
function partsOf(replica: Replica): string {
  const authority = replica.authority()
  if (authority === undefined) return '正在取您的资料…'
  const branches = authority.branches.flatMap(
    (id) => replica.get(branchScope(id), 'branch', 'branch')?.name ?? [],
  )
  const roles = authority.appointments.map((each) => roleWords[each.role])
  return [...branches, ...new Set(roles)].join(' · ')
}
