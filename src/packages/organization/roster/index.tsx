import { useRouter } from '@tarojs/taro'
import * as v from 'valibot'
import { type BranchId, branchIdSchema } from '#domain/ids'
import { RosterDock, RosterView } from '#features/roster/RosterView'
import { useRoster } from '#features/roster/useRoster'
import { goTo, RequireSignIn, Screen } from '../../../screen'

export default function RosterPage() {
  const branchId = v.parse(v.optional(branchIdSchema), useRouter().params.branch)
  return <RequireSignIn title="花名册导入">{() => <Roster branchId={branchId} />}</RequireSignIn>
}

function Roster({ branchId }: { branchId: BranchId | undefined }) {
  const screen = useRoster(
    branchId,
    goTo(
      branchId === undefined
        ? '/packages/organization/keepers/index'
        : `/packages/secretary/people/index?branch=${branchId}`,
    ),
  )
  return (
    <Screen
      title="花名册导入"
      dock={screen.step.is === 'previewed' ? <RosterDock screen={screen} /> : undefined}
    >
      <RosterView screen={screen} />
    </Screen>
  )
}
