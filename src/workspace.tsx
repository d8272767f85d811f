import { createContext, type ReactNode, useContext, useEffect, useState, useSyncExternalStore } from 'react'
import type * as v from 'valibot'
import type { Problem } from '#domain/refusal'
import type { PrivacyQuestion } from '#platform/privacy'
import type { Workspace, WorkspaceState } from '#platform/workspace'
import type { Replica, Submitted } from '#sync/replica'
import type { Connection } from '#sync/sync-loop'

export type { Called, PickedFile, SignInResult } from '#platform/workspace'

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

/** What WeChat wants agreed to now; never anything on H5. */
export function usePrivacyQuestion(): PrivacyQuestion | undefined {
  const { privacy } = useWorkspace()
  return useSyncExternalStore(privacy?.subscribe ?? nothing, () => privacy?.getQuestion())
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

export type Asked<T> =
  | { readonly state: 'asking' }
  | { readonly state: 'answered'; readonly value: T }
  | { readonly state: 'failed'; readonly message: string }

/** What the server says now, for screens that only work online. `again` asks anew; what was answered
 *  stays on the screen meanwhile. */
export function useAsked<T>(
  path: string,
  schema: v.GenericSchema<unknown, T>,
): { readonly asked: Asked<T>; readonly again: () => void } {
  const workspace = useWorkspace()
  const [asked, setAsked] = useState<Asked<T>>({ state: 'asking' })
  const [times, setTimes] = useState(0)
  // biome-ignore lint/correctness/useExhaustiveDependencies: `times` asks again; a schema never changes
  useEffect(() => {
    let isCurrent = true
    void workspace.call({ method: 'GET', path }, schema).then((called) => {
      if (!isCurrent) return
      setAsked(
        called.is === 'done'
          ? { state: 'answered', value: called.value }
          : { state: 'failed', message: called.message },
      )
    })
    return () => {
      isCurrent = false
    }
  }, [workspace, path, times])
  return { asked, again: () => setTimes(times + 1) }
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
