import type { renderHook } from '@testing-library/preact'
import type { ReactNode } from 'react'
import type { Workspace } from '#platform/workspace'
import { WorkspaceProvider } from '#workspace'

type Options = NonNullable<Parameters<typeof renderHook>[1]>

/** For `renderHook`: a workspace that has only what the hook asks of it. */
export function inWorkspace(parts: object): Options {
  const workspace = parts as Workspace
  const wrapper = ({ children }: { children: ReactNode }) => (
    <WorkspaceProvider workspace={workspace}>{children}</WorkspaceProvider>
  )
  return { wrapper: wrapper as unknown as Options['wrapper'] } // React's types, of what Preact draws
}
