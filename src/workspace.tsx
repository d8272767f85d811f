import { createContext, type ReactNode, useContext, useState, useSyncExternalStore } from 'react'
import type { Problem } from '#domain/refusal'
import type { Workspace, WorkspaceState } from '#platform/workspace'
import type { Replica, Submitted } from '#sync/replica'
import type { Connection } from '#sync/sync-loop'

const WorkspaceContext = createContext<Workspace | undefined>(undefined)

export function WorkspaceProvider({ workspace, children }: { workspace: Workspace; children: ReactNode }) {
  return <WorkspaceContext.Provider value={workspace}>{children}</WorkspaceContext.Provider>
}

export function useWorkspace(): Workspace {
  const workspace = useContext(WorkspaceContext)
  if (workspace === undefined) throw new Error('a feature stands outside the WorkspaceProvider')
  return workspace
}

/** Who is here and how they stand with the server; the screen follows when it changes. */
export function useWorkspaceState(): WorkspaceState {
  const workspace = useWorkspace()
  return useSyncExternalStore(workspace.subscribe, workspace.getState)
}

export interface SignedIn {
  readonly name: string
  readonly replica: Replica
  readonly connection: Connection
  /** Changes with the records: screens read them anew. */
  readonly revision: number
}

/** Records something and keeps why it could not be, for the screen to say. */
export function useSubmit(): {
  problem: Problem | undefined
  submit: (submitting: Promise<Submitted>) => Promise<Submitted | undefined>
} {
  const workspace = useWorkspace()
  const [problem, setProblem] = useState<Problem>()
  const submit = async (submitting: Promise<Submitted>) => {
    const result = await submitting.catch(() => undefined) // the storage failed: nothing was recorded
    if (result === undefined) setProblem('storage')
    else if (result.outcome === 'recorded') setProblem(undefined)
    else setProblem(result.outcome === 'refused' ? result.refusal : 'not-saved')
    if (result?.outcome === 'recorded') workspace.syncNow()
    return result
  }
  return { problem, submit }
}

const nothing = () => () => undefined

/** The signed-in person's records; the screen follows when any of them changes. */
export function useSignedIn(): SignedIn | undefined {
  const { phase } = useWorkspaceState()
  const replica = phase.is === 'signed-in' ? phase.replica : undefined
  const revision = useSyncExternalStore(
    replica ? (listener) => replica.subscribe(listener) : nothing,
    () => replica?.revision ?? 0,
  )
  return phase.is === 'signed-in'
    ? { name: phase.name, replica: phase.replica, connection: phase.connection, revision }
    : undefined
}
