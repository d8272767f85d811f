import { useState } from 'react'
import { type SignInResult, useWorkspace, useWorkspaceState } from '#workspace'
import type { SignInScreen } from './SignInView'

/** `code` comes with an invitation's link or picture. */
export function useSignIn(
  code: string | undefined,
  go: { onDone: () => void; onPrivacy: () => void },
): SignInScreen {
  const workspace = useWorkspace()
  const { demoPeople, welcome } = useWorkspaceState()
  const [typed, setTyped] = useState(code ?? '')
  const [hasAgreed, setAgreed] = useState(false)
  const [problem, setProblem] = useState<string>()
  const [busyWith, setBusyWith] = useState<SignInScreen['busyWith']>()
  const [ticket, setTicket] = useState<string>()

  const signIn = async (by: NonNullable<SignInScreen['busyWith']>, attempt: () => Promise<SignInResult>) => {
    setBusyWith(by)
    const result = await attempt().catch(
      () => ({ is: 'said', message: '手机存储出错，请清理空间后再试' }) as const,
    )
    setBusyWith(undefined)
    setProblem(result.is === 'said' ? result.message : undefined)
    if (result.is === 'unbound') setTicket(result.ticket)
    if (result.is === 'signed-in') go.onDone()
  }
  return {
    code: typed,
    hasAgreed,
    problem,
    busyWith,
    isUnbound: ticket !== undefined,
    demoPeople,
    onCode: setTyped,
    onAgree: setAgreed,
    onPrivacy: go.onPrivacy,
    onWechat:
      workspace.isInWechat && (welcome?.hasWechat ?? false)
        ? () => void signIn('wechat', () => workspace.signInByWechat())
        : undefined,
    onSignIn: () => void signIn('code', () => workspace.signInByInvitation(typed, ticket)),
    onDemo: (person) => void signIn('code', () => workspace.signInToDemo(person.personId)),
  }
}
