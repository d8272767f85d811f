import type { BranchId } from '#domain/ids'
import { BranchCalendarCard, useBranchCalendar } from '#features/reminders/BranchCalendarCard'
import { RemindersView } from '#features/reminders/RemindersView'
import { useReminders } from '#features/reminders/useReminders'
import type { SignedIn } from '#workspace'
import { RequireSignIn, Screen } from '../../../screen'

export default function RemindersPage() {
  return (
    <Screen title="学习前提醒">
      <RequireSignIn>{(signedIn) => <Reminders signedIn={signedIn} />}</RequireSignIn>
    </Screen>
  )
}

function Reminders({ signedIn }: { signedIn: SignedIn }) {
  const branchId = signedIn.replica.authority()?.branches[0]
  const screen = useReminders(signedIn, branchId)
  return (
    <>
      <RemindersView {...screen} />
      {screen.state === 'ready' && branchId !== undefined && <BranchCalendar branchId={branchId} />}
    </>
  )
}

function BranchCalendar({ branchId }: { branchId: BranchId }) {
  const screen = useBranchCalendar(branchId)
  return screen === undefined ? null : <BranchCalendarCard {...screen} />
}
