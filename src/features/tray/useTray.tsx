import { type SignedIn, useWorkspace } from '#workspace'
import type { TrayScreen } from './TrayView'

export function useTray({ replica, connection }: SignedIn): TrayScreen {
  const workspace = useWorkspace()
  return {
    waiting: replica.pending(),
    refused: replica.deadLetters(),
    isOffline: connection === 'offline',
    onSendNow: () => workspace.syncNow(),
    // When the storage fails it stays in the tray, to be tried again.
    onDismiss: (id) => void replica.dismiss(id).catch(() => undefined),
  }
}
