import type { OrganizationId } from '#domain/ids'
import { HolidaysView } from '#features/calendar/HolidaysView'
import { useHolidays } from '#features/calendar/useHolidays'
import { Loading } from '#ui/Loading'
import type { SignedIn } from '#workspace'
import { goTo, RequireSignIn, Screen } from '../../../screen'

export default function HolidaysPage() {
  return (
    <Screen title="放假安排">
      <RequireSignIn>
        {(signedIn) => {
          const id = signedIn.replica.authority()?.organizationId
          return id === undefined ? <Loading /> : <Holidays signedIn={signedIn} organizationId={id} />
        }}
      </RequireSignIn>
    </Screen>
  )
}

function Holidays({ signedIn, organizationId }: { signedIn: SignedIn; organizationId: OrganizationId }) {
  const openYear = (year: number) => goTo(`/packages/organization/notice/index?year=${year}`)()
  return <HolidaysView screen={useHolidays(signedIn, organizationId, openYear)} />
}
