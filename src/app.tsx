import { type ReactNode, useEffect } from 'react'
import './ui/ui.css'
import { startApp, workspace } from '#wiring'
import { WorkspaceProvider } from '#workspace'

export default function App({ children }: { children?: ReactNode }) {
  useEffect(() => startApp(), [])
  return <WorkspaceProvider workspace={workspace}>{children}</WorkspaceProvider>
}
