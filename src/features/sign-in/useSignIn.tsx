import { useState } from 'react'
import { useWorkspace, useWorkspaceState } from '#workspace'
import type { SignInScreen } from './SignInView'

export function useSignIn(onDone: () => void): SignInScreen {
  const workspace = useWorkspace()
  const { demoPeople } = useWorkspaceState()
  const [code, setCode] = useState('')
  const [problem, setProblem] = useState<string>()
  const [isBusy, setBusy] = useState(false)

  const signIn = async (attempt: () => Promise<string | undefined>) => {
    setBusy(true)
    const message = await attempt().catch(() => '手机存储出错，请清理空间后再试')
    setBusy(false)
    setProblem(message)
    if (message === undefined) onDone()
  }
  return {
    code,
    problem,
    isBusy,
    demoPeople,
    onCode: setCode,
    onSignIn: () => void signIn(() => workspace.signInByInvitation(code)),
    onDemo: (person) => void signIn(() => workspace.signInToDemo(person.personId)),
  }
}
