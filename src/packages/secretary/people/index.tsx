import { useDidShow, useRouter } from '@tarojs/taro'
import * as v from 'valibot'
import { type BranchId, branchIdSchema, type PersonId } from '#domain/ids'
import { PeopleView } from '#features/people/PeopleView'
import { usePeople } from '#features/people/usePeople'
import type { SignedIn } from '#workspace'
import { goTo, RequireSignIn, Screen } from '../../../screen'

export default function PeoplePage() {
  const branchId = v.parse(branchIdSchema, useRouter().params.branch)
  return (
    <Screen title="成员与邀请">
      <RequireSignIn>{(signedIn) => <People signedIn={signedIn} branchId={branchId} />}</RequireSignIn>
    </Screen>
  )
}

function People({ signedIn, branchId }: { signedIn: SignedIn; branchId: BranchId }) {
  const openRoster = goTo(`/packages/organization/roster/index?branch=${branchId}`)
  const openMembership = (id: PersonId) =>
    goTo(`/packages/secretary/membership/index?branch=${branchId}&member=${id}`)()
  const openAssignment = (id: PersonId) =>
    goTo(`/packages/organization/person/index?branch=${branchId}&member=${id}`)()
  const { screen, sheet, again } = usePeople(signedIn, branchId, openRoster, {
    openMembership,
    openAssignment,
  })
  useDidShow(again) // back from an import
  return <PeopleView screen={screen} sheet={sheet} />
}
